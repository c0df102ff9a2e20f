import { listBackupVaults, listRecoveryPoints } from "../../aws/backup-operations.ts";
import type { Call } from "../../aws/operation.ts";
import type { Rule } from "../../domain/desired.ts";
import { type AwsFailure, failureOf } from "../../domain/errors.ts";
import type { Target } from "../../domain/identity.ts";
import type { Page, Partition, TimeWindow } from "../kind.ts";
import { pages, type VaultMember, vaultsOf } from "../listing.ts";
import { type Facts, reaches } from "./matching.ts";
import { type RecoveryPointRow, toRow } from "./row.ts";
import type { RecoveryPointRuleSpec } from "./spec.ts";

/** The vaults that some rule reaches, with the facts that their points are judged by. */
export async function matchedVaults(
  call: Call<typeof listBackupVaults>,
  _target: Target,
  rules: readonly Rule<RecoveryPointRuleSpec>[],
): Promise<readonly Partition[]> {
  const vaults = await Array.fromAsync(vaultsOf(call));
  return vaults.filter(({ name }) => rules.some((rule) => reaches(rule.spec, name))).map(toPartition);
}

const toPartition = (vault: VaultMember): Partition => ({
  name: vault.name,
  id: vault.arn,
  // Every window is open towards the past, so an absent date costs nothing.
  createdOn: vault.CreationDate ?? new Date(0),
  size: vault.NumberOfRecoveryPoints ?? 0,
  facts: {
    // Regions without air-gapped vaults leave the type out (semantics §1.1).
    vaultType: vault.VaultType ?? "BACKUP_VAULT",
    locked: vault.Locked === true,
  } satisfies Facts,
});

/** AWS's most; it gives what it likes, and a short page is never the end (semantics §10.3). */
const PAGE = 1_000;

/** The rows of one window, page by page, to the end or to the word that the rest could not be read. */
export async function* streamPoints(
  call: Call<typeof listRecoveryPoints>,
  _target: Target,
  { name }: Partition,
  { from, to }: TimeWindow,
): AsyncGenerator<Page<RecoveryPointRow>> {
  const read = (NextToken: string | undefined) =>
    call(listRecoveryPoints, {
      BackupVaultName: name,
      ByCreatedAfter: from,
      ByCreatedBefore: to,
      MaxResults: PAGE,
      NextToken,
    });
  try {
    for await (const page of pages(listRecoveryPoints.name, read)) {
      const points = page.RecoveryPoints ?? [];
      const rows = points.map(toRow).filter((row) => row !== undefined);
      yield { rows };
      if (rows.length < points.length) yield { unread: nameless };
    }
  } catch (error) {
    yield { unread: failureOf(error) };
  }
}

const nameless: AwsFailure = {
  kind: "unavailable",
  operation: listRecoveryPoints.name,
  message: "a recovery point was listed without an ARN or a creation date, so it could not be judged",
};
