import { describeKey, listBackupVaults, listRecoveryPoints } from "../../aws/backup-operations.ts";
import type { getTaggedResources } from "../../aws/owner-operations.ts";
import type { Call } from "../../aws/operation.ts";
import type { Rule } from "../../domain/desired.ts";
import { type AwsFailure, AwsError, failureOf } from "../../domain/errors.ts";
import type { Target } from "../../domain/identity.ts";
import type { Page, Partition, TimeWindow } from "../kind.ts";
import { pages } from "../../aws/pages.ts";
import { type VaultMember, vaultsOf } from "../listing.ts";
import { listTagged } from "../tagged.ts";
import { ORPHAN_TAG } from "./examine/marks.ts";
import type { Facts, Tagging } from "./facts.ts";
import type { Keys } from "./judge/encryption.ts";
import { reaches } from "./judge/matching.ts";
import { type RecoveryPointRow, toRow } from "../point-row.ts";
import { inheritedKeys, ownerKeys, type RecoveryPointRuleSpec } from "./spec.ts";

type Rules = readonly Rule<RecoveryPointRuleSpec>[];

/** The vaults that some rule reaches, with the facts that their points are judged by. */
export async function matchedVaults(
  call: Call<typeof listBackupVaults | typeof describeKey | typeof getTaggedResources>,
  _target: Target,
  rules: Rules,
): Promise<readonly Partition[]> {
  const vaults = await Array.fromAsync(vaultsOf(call));
  const matched = vaults.filter(({ name }) => rules.some((rule) => reaches(rule.spec, name)));
  const shared = {
    keys: await keysOf(call, rules),
    tagged: await taggedBy(call, rules),
    marked: await markedBy(call, rules),
  };
  return matched.map((vault) => toPartition(vault, shared));
}

const toPartition = (vault: VaultMember, shared: Pick<Facts, "keys" | "tagged" | "marked">): Partition => ({
  name: vault.name,
  id: vault.arn,
  // Every window is open towards the past, so an absent date costs nothing.
  createdOn: vault.CreationDate ?? new Date(0),
  size: vault.NumberOfRecoveryPoints ?? 0,
  facts: {
    // Regions without air-gapped vaults leave the type out (semantics §1.1).
    vaultType: vault.VaultType ?? "BACKUP_VAULT",
    locked: vault.Locked === true,
    ...shared,
  } satisfies Facts,
});

/** Aliases as their keys' ARNs. One that cannot be resolved here makes what rests on it unknown, and nothing else. */
async function keysOf(call: Call<typeof describeKey>, rules: Rules): Promise<Keys> {
  const aliases = new Set(
    rules.flatMap(({ spec }) => spec.encryption?.keys ?? []).filter((key) => key.startsWith("alias/")),
  );
  const keys: Record<string, string | null> = {};
  for (const alias of aliases)
    try {
      keys[alias] = (await call(describeKey, { KeyId: alias })).KeyMetadata?.Arn ?? null;
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      keys[alias] = null;
    }
  return keys;
}

/** Everything that bears a tag key which policies ask for: one listing a key. Memory grows with what is tagged. */
async function taggedBy(call: Call<typeof getTaggedResources>, rules: Rules): Promise<Tagging> {
  const keys = rules.flatMap(({ spec }) => [
    ...Object.keys(spec.tags ?? {}),
    ...inheritedKeys(spec),
    ...ownerKeys(spec),
  ]);
  const found = new Map<string, ReadonlyMap<string, string>>();
  for (const key of new Set(keys)) {
    const tagged = await listTagged(call, key);
    if ("failure" in tagged) return tagged;
    found.set(key, new Map([...tagged].map(([arn, tags]) => [arn, tags[key] ?? ""])));
  }
  return found;
}

async function markedBy(call: Call<typeof getTaggedResources>, rules: Rules): Promise<Facts["marked"]> {
  if (!rules.some(({ spec }) => spec.orphans !== undefined)) return new Map();
  const marked = await listTagged(call, ORPHAN_TAG);
  return "failure" in marked ? new Map() : marked;
}

/** AWS's most; it gives what it likes, and a short page is never the end (semantics §10.3). */
const PAGE = 1_000;

/** The rows of one window, page by page, to the end or to the word that the rest could not be read. */
export async function* streamPoints(
  call: Call<typeof listRecoveryPoints>,
  _target: Target,
  { name }: Pick<Partition, "name">,
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
      yield { rows, more: Boolean(page.NextToken) };
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
