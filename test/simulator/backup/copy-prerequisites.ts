/** What a copy needs before it may start, with AWS's texts where one is known (semantics §4.8). */
import type { Lifecycle } from "@aws-sdk/client-backup";
import { parseVaultArn } from "./arns.ts";
import { isCluster, isFullyManaged } from "./point-arns.ts";
import { isPresent } from "./points.ts";
import { resourceType } from "./resource-types.ts";
import type { BackupState, CopyJob, RecoveryPoint, Vault } from "./state.ts";
import { addMinutes } from "./time.ts";
import { retentionFits } from "./vault-lock.ts";
import { allowsCopyFrom } from "./vault-permission.ts";

export interface Destination {
  readonly state: BackupState;
  readonly vault: Vault;
}

/** Copies keep flowing for so many minutes after cross-account backup is switched off. */
const switchOffLag = 15;
const accessDenied = "Access Denied trying to call AWS Backup service";
const keyNotAccessible = "Given key ID not accessible";

/** Nothing where the account, the Region or the vault does not exist. */
export function destinationOf({ world }: BackupState, arn: string): Destination | undefined {
  const place = parseVaultArn(arn);
  if (place === undefined || !world.accountExists(place.account)) return undefined;
  const state = world.state(place.account, place.region);
  const vault = state?.vaults.get(place.name);
  return state === undefined || vault === undefined ? undefined : { state, vault };
}

/** The text with which the copy fails. */
export function obstacleToCopy(state: BackupState, job: CopyJob, lifecycle: Lifecycle, at: Date): string | undefined {
  const { source } = job.order;
  const role = job.view.IamRoleArn ?? "";
  const arn = job.view.DestinationBackupVaultArn ?? "";
  if (!state.world.roleExists(role)) return `IAM Role ${role} cannot be assumed by AWS Backup`;
  if (!state.world.roleAllows(role, "backup:CopyFromBackupVault")) return accessDenied;
  if (!isPresent(source) || source.status === "DELETING") return `Source recovery point ${source.arn} does not exist`;
  if (source.storageClass === "COLD") return "Copy job failed. Recovery points in cold storage cannot be copied.";
  const account = parseVaultArn(arn)?.account;
  const foreign = account !== undefined && account !== state.account ? foreignObstacle(state, account, at) : undefined;
  if (foreign !== undefined) return foreign;
  const destination = destinationOf(state, arn);
  if (destination === undefined) return absent(state, arn);
  return vaultObstacle(state, source, destination, role, lifecycle);
}

/** Both accounts in one organization, cross-account backup on, and a role over there to do it. */
function foreignObstacle({ world, account: own }: BackupState, account: string, at: Date): string | undefined {
  const organization = world.organizationOf(own);
  if (organization === undefined || world.organizationOf(account) !== organization) {
    return "Copy job failed. Both source and destination account must be a member of the same organization";
  }
  const { values, crossAccountDisabledAt } = world.globalSettings;
  const lagging = crossAccountDisabledAt !== undefined && at < addMinutes(crossAccountDisabledAt, switchOffLag);
  if (values.get("isCrossAccountBackupEnabled") !== "true" && !lagging) {
    return "Copy job failed. Cross-account backup is not enabled for the organization.";
  }
  return world.serviceLinkedRoleExists(account) ? undefined : accessDenied;
}

function absent({ account }: BackupState, arn: string): string {
  if (parseVaultArn(arn)?.account !== account) return accessDenied;
  return `Copy job failed because backup vault ${arn} does not exist.`;
}

function vaultObstacle(
  state: BackupState,
  source: RecoveryPoint,
  { state: theirs, vault }: Destination,
  role: string,
  lifecycle: Lifecycle,
): string | undefined {
  if (vault.state !== "AVAILABLE") return `Copy job failed. Backup vault ${vault.arn} is not available.`;
  const foreign = theirs.account !== state.account;
  const principal = { account: state.account, arn: role };
  if (foreign && !allowsCopyFrom(vault, principal, state.world.organizationOf(state.account))) return accessDenied;
  if (source.resourceType === "RDS" && isCluster(source.resourceArn)) {
    return (
      `Copy job from ${state.region} to ${theirs.region} cannot be initiated for RDS resources. ` +
      "Feature is not supported for provided resource type."
    );
  }
  if (vault.type === "LOGICALLY_AIR_GAPPED_BACKUP_VAULT" && resourceType(source.resourceType)?.airGapped !== true) {
    return "Copy job failed. Logically air-gapped backup vaults do not support this resource type.";
  }
  if (!retentionFits(vault, lifecycle.DeleteAfterDays)) {
    return "Copy job failed. The retention specified in the job is not within the range specified for the target Backup Vault.";
  }
  return keyObstacle(state, source, { state: theirs, vault });
}

/** An AWS managed key serves nobody outside its account, and outside its Region only what AWS Backup manages fully. */
function keyObstacle(
  state: BackupState,
  source: RecoveryPoint,
  { state: theirs, vault }: Destination,
): string | undefined {
  const foreign = theirs.account !== state.account;
  const airGapped = vault.type === "LOGICALLY_AIR_GAPPED_BACKUP_VAULT";
  if (foreign && vault.name === "Default") return keyNotAccessible;
  if (isFullyManaged(state, source.resourceType)) return undefined;
  if (!foreign && theirs.region === state.region && !airGapped) return undefined;
  const over = vault.encryptionKeyArn && state.world.key(theirs.account, theirs.region, vault.encryptionKeyArn);
  if (!airGapped && (!over || over.manager !== "CUSTOMER" || !over.enabled)) return keyNotAccessible;
  if (source.encryptionKeyArn === undefined || (!foreign && !airGapped)) return undefined;
  const own = state.world.key(state.account, state.region, source.encryptionKeyArn);
  const shared = !foreign || own?.sharedWith?.has(theirs.account) === true;
  return own?.manager === "CUSTOMER" && shared ? undefined : keyNotAccessible;
}
