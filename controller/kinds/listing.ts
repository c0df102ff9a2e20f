import type { BackupVaultListMember } from "@aws-sdk/client-backup";
import { listBackupVaults, listTags } from "../aws/backup-operations.ts";
import type { Call } from "../aws/operation.ts";
import { AwsError } from "../domain/errors.ts";

/** Pages of any AWS listing, to its true end: only a missing token ends it, and a token seen twice is a listing that never would. */
export async function* pages<Page extends { NextToken?: string | undefined }>(
  operation: string,
  read: (token: string | undefined) => Promise<Page>,
): AsyncGenerator<Page> {
  const seen = new Set<string>();
  let token: string | undefined;
  do {
    const page = await read(token);
    yield page;
    token = page.NextToken || undefined;
    if (token !== undefined && seen.has(token))
      throw new AwsError({
        kind: "unavailable",
        operation,
        message: "the listing repeats its NextToken, so it has no end",
      });
    if (token !== undefined) seen.add(token);
  } while (token !== undefined);
}

/** The same for the services that call their tokens markers. */
export const markedPages = <Page extends { Marker?: string | undefined }>(
  operation: string,
  read: (marker: string | undefined) => Promise<Page>,
): AsyncGenerator<Page & { readonly NextToken: string | undefined }> =>
  pages(operation, async (marker) => {
    const page = await read(marker);
    return { ...page, NextToken: page.Marker };
  });

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
