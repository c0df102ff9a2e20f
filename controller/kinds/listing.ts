import type { BackupVaultListMember } from "@aws-sdk/client-backup";
import { listBackupVaults, listTags } from "../aws/backup-operations.ts";
import type { Call } from "../aws/operation.ts";
import { pages } from "../aws/pages.ts";

/** Every vault of a target that AWS lists, system vaults included. Absence of a vault may be concluded from this alone (semantics §1.2). */
export async function* vaultsOf(call: Call<typeof listBackupVaults>): AsyncGenerator<VaultMember> {
  for await (const page of pages(listBackupVaults.name, (NextToken) => call(listBackupVaults, { NextToken })))
    for (const vault of page.BackupVaultList ?? []) {
      const { BackupVaultName: name, BackupVaultArn: arn } = vault;
      if (name !== undefined && arn !== undefined) yield { ...vault, name, arn };
    }
}
export type VaultMember = BackupVaultListMember & { readonly name: string; readonly arn: string };

/** AWS's own vaults and plans, and an organization's, are never ours to touch (semantics §1.3, §2.6). */
export const isReserved = (nameOrId: string): boolean => /^(aws|orgs)\//.test(nameOrId);

/** All tags of a resource, whole. */
export async function tagsOf(call: Call<typeof listTags>, arn: string): Promise<Readonly<Record<string, string>>> {
  const tags: Record<string, string> = {};
  for await (const page of pages(listTags.name, (NextToken) => call(listTags, { ResourceArn: arn, NextToken })))
    Object.assign(tags, page.Tags);
  return tags;
}
