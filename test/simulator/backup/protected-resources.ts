/** Protected resources: what has been backed up at least once, not what a plan selects (semantics §6.9). */
import type {
  DescribeProtectedResourceInput,
  DescribeProtectedResourceOutput,
  ListProtectedResourcesByBackupVaultInput,
  ListProtectedResourcesByBackupVaultOutput,
  ListProtectedResourcesInput,
  ListProtectedResourcesOutput,
  ProtectedResource as ProtectedResourceView,
} from "@aws-sdk/client-backup";
import type { BackupContext, Checked } from "./contract.ts";
import { notFound } from "./errors.ts";
import { pageOf } from "./paging.ts";
import type { BackupState, ProtectedResource, RecoveryPoint, Vault } from "./state.ts";
import { reachVault } from "./vault-permission.ts";

export function listProtectedResources(
  input: ListProtectedResourcesInput,
  context: BackupContext,
): ListProtectedResourcesOutput {
  const rows = context.state.protectedResources;
  const page = pageOf(context, "ListProtectedResources", input, rows, (resource) => resource.lastBackup !== undefined);
  return { Results: page.rows.map(view), NextToken: page.NextToken };
}

export function listProtectedResourcesByBackupVault(
  input: Checked<ListProtectedResourcesByBackupVaultInput>,
  context: BackupContext,
): ListProtectedResourcesByBackupVaultOutput {
  const listing = "ListProtectedResourcesByBackupVault";
  const vault = reachVault(context, input.BackupVaultName, listing, { owner: input.BackupVaultAccountId });
  const owner = context.state.world.state(vault.account, vault.region)?.protectedResources ?? [];
  const page = pageOf(context, listing, input, owner, (resource) => newestIn(vault, resource) !== undefined);
  return { Results: page.rows.map((resource) => viewIn(vault, resource)), NextToken: page.NextToken };
}

export function describeProtectedResource(
  input: Checked<DescribeProtectedResourceInput>,
  context: BackupContext,
): DescribeProtectedResourceOutput {
  return view(found(context.state, input.ResourceArn));
}

function found(state: BackupState, arn: string): ProtectedResource {
  const resource = state.protectedResources.get(arn);
  if (resource?.lastBackup === undefined) throw notFound(`Cannot find protected resource ${arn}`);
  return resource;
}

function view({ arn, type, name, lastBackup }: ProtectedResource): ProtectedResourceView {
  return {
    ResourceArn: arn,
    ResourceType: type,
    ResourceName: name,
    LastBackupTime: lastBackup?.at,
    LastBackupVaultArn: lastBackup?.vaultArn,
    LastRecoveryPointArn: lastBackup?.pointArn,
  };
}

function viewIn(vault: Vault, resource: ProtectedResource): ProtectedResourceView {
  const newest = newestIn(vault, resource);
  return {
    ...view(resource),
    LastBackupTime: newest?.creationDate,
    LastBackupVaultArn: vault.arn,
    LastRecoveryPointArn: newest?.arn,
  };
}

function newestIn(vault: Vault, resource: ProtectedResource): RecoveryPoint | undefined {
  let newest: RecoveryPoint | undefined;
  for (const point of resource.points) {
    if (point.vault === vault && (newest === undefined || point.creationDate > newest.creationDate)) newest = point;
  }
  return newest;
}
