import type { RecoveryPointByBackupVault } from "@aws-sdk/client-backup";
import { listRecoveryPoints } from "../../../aws/backup-operations.ts";
import type { Call } from "../../../aws/operation.ts";
import { type AwsFailure, failureOf } from "../../../domain/errors.ts";
import { showTarget } from "../../../domain/identity.ts";
import { CONTINUOUS_TYPES } from "../../continuous.ts";
import { pages } from "../../../aws/pages.ts";
import { type VaultMember } from "../../listing.ts";
import { placeOf } from "../../place.ts";
import { type Marks, type Remedied, remediedRow } from "./remedied.ts";
import { usable, type UsablePoint } from "./usable.ts";

/** What a vault holds of one resource: epoch milliseconds. */
export interface Held {
  /** The newest usable point. */
  readonly arn: string;
  readonly createdOn: number;
  readonly continuous: boolean;
  /** The oldest usable point that was read: how long there has been something to copy. */
  readonly firstOn: number;
}

/** What keeps a vault's points from being deleted: nothing, a lock that its administrators can take off, one that nobody can, or air. */
export type Keeping = "nothing" | "governance" | "compliance" | "airGapped";

export interface VaultPoints {
  readonly name: string;
  readonly arn: string;
  readonly keeping: Keeping;
  /** By the target that resources live in (`111122223333/eu-west-1`, empty for buckets, whose ARNs name none), by resource. */
  readonly held: ReadonlyMap<string, ReadonlyMap<string, Held>>;
  /** Backups that were made up for, in the order of their ARNs. */
  readonly remedied: readonly Remedied[];
  /** Of a large vault: how far back it was read, but for what may be continuous. Absent: to its beginning. Epoch milliseconds. */
  readonly since?: number;
  /** Why there may be more than that. */
  readonly failure?: AwsFailure;
}

/** How far back a vault is read. Epoch milliseconds. `types`: what policies are about; undefined: everything. */
export interface Back {
  readonly since: number;
  readonly now: number;
  readonly types: ReadonlySet<string> | undefined;
  /** What bears the tag of a backup that was made up for. */
  readonly marks: Marks;
}

type Reading = Call<typeof listRecoveryPoints>;

/** Every usable point of a vault that is young enough to matter, and of what may be continuous the older ones too; folded as they come. */
export async function readVault(call: Reading, vault: VaultMember, back: Back): Promise<VaultPoints> {
  const held = new Map<string, Map<string, Held>>();
  const remedied = new Map<string, Remedied>();
  const take = (point: RecoveryPointByBackupVault): void => {
    const one = usable(point);
    if (one) keep(held, one);
    const row = remediedRow(point, back.marks);
    const failedJob = row && back.marks.get(row.arn);
    if (row && failedJob !== undefined)
      remedied.set(row.arn, { vault: vault.name, vaultArn: vault.arn, row, failedJob });
  };
  const read = (failure?: AwsFailure): VaultPoints => ({
    name: vault.name,
    arn: vault.arn,
    keeping: keepingOf(vault, back.now),
    held,
    remedied: [...remedied.values()].toSorted((a, b) => (a.row.arn < b.row.arn ? -1 : 1)),
    ...(isSmall(vault) ? {} : { since: back.since }),
    ...(failure ? { failure } : {}),
  });
  try {
    await Promise.all(windowsOf(vault, back).map((window) => fold(call, vault.name, window, take)));
    return read();
  } catch (error) {
    return read(failureOf(error));
  }
}

/** The same of points that are listed already, whatever their age. Epoch milliseconds. */
export function holdingOf(vault: VaultMember, listed: readonly RecoveryPointByBackupVault[], now: number): VaultPoints {
  const held = new Map<string, Map<string, Held>>();
  for (const point of listed.flatMap((one) => usable(one) ?? [])) keep(held, point);
  return { name: vault.name, arn: vault.arn, keeping: keepingOf(vault, now), held, remedied: [] };
}

export function keepingOf({ VaultType, Locked, LockDate }: VaultMember, now: number): Keeping {
  if (VaultType === "LOGICALLY_AIR_GAPPED_BACKUP_VAULT") return "airGapped";
  if (Locked !== true) return "nothing";
  return LockDate !== undefined && LockDate.getTime() <= now ? "compliance" : "governance";
}

/** AWS's most; it gives what it likes, and a short page is never the end (semantics §10.3). */
const PAGE = 1_000;
/** Rows that one serial chain of NextTokens is left to carry, if they all lie in the window. */
const ROWS_A_WINDOW = 10_000;
const MOST_WINDOWS = 16;
/** Bounds may or may not be included: a second more is read at either end, and what is read twice counts once. Milliseconds. */
const OVERLAP_MS = 1_000;
/** A clock that is ahead of ours must not hide the newest point. */
const AHEAD_MS = 86_400_000;

interface Window {
  readonly ByCreatedAfter?: Date;
  readonly ByCreatedBefore: Date;
  readonly ByResourceType?: string;
}

/**
 * A small vault in one go; of a large one the time that matters in equal windows, side by side because NextToken is serial, and what
 * may be continuous before that: such a point bears the date on which it began, however long ago. AWS's count is a guess, and only the
 * number of calls goes by it.
 */
function windowsOf(vault: VaultMember, { since, now, types }: Back): readonly Window[] {
  const latest = new Date(now + AHEAD_MS);
  if (isSmall(vault)) return [{ ByCreatedBefore: latest }];
  const count = Math.min(MOST_WINDOWS, Math.ceil(sizeOf(vault) / ROWS_A_WINDOW));
  const cut = (at: number): number => since + ((now - since) * at) / count;
  const recent = Array.from({ length: count }, (_, at) => ({
    ByCreatedAfter: new Date(cut(at) - OVERLAP_MS),
    ByCreatedBefore: at === count - 1 ? latest : new Date(cut(at + 1) + OVERLAP_MS),
  }));
  const older = CONTINUOUS_TYPES.filter((type) => types?.has(type) ?? true).map((ByResourceType) => ({
    ByResourceType,
    ByCreatedBefore: new Date(since),
  }));
  return [...recent, ...older];
}

const sizeOf = ({ NumberOfRecoveryPoints: size = PAGE }: VaultMember): number => size;
const isSmall = (vault: VaultMember): boolean => sizeOf(vault) < PAGE;

async function fold(
  call: Reading,
  BackupVaultName: string,
  window: Window,
  take: (point: RecoveryPointByBackupVault) => void,
): Promise<void> {
  const read = (NextToken: string | undefined) =>
    call(listRecoveryPoints, { BackupVaultName, ...window, MaxResults: PAGE, NextToken });
  for await (const page of pages(listRecoveryPoints.name, read))
    for (const point of page.RecoveryPoints ?? []) take(point);
}

/** Takes a point in. In whatever order they come, and however often, what is kept is the same. */
function keep(held: Map<string, Map<string, Held>>, { resourceArn, arn, createdOn, continuous }: UsablePoint): void {
  const place = placeOf(resourceArn);
  const owner = place ? showTarget(place) : "";
  const there = held.get(owner) ?? new Map<string, Held>();
  held.set(owner, there);
  const known = there.get(resourceArn);
  const firstOn = Math.min(createdOn, known?.firstOn ?? createdOn);
  const better = known === undefined || isBetter({ arn, createdOn, continuous }, known);
  there.set(resourceArn, better ? { arn, createdOn, continuous, firstOn } : { ...known, firstOn });
}

/** What restores to now is better than what is newest. A total order. */
export const isBetter = (a: Omit<Held, "firstOn">, b: Omit<Held, "firstOn">): boolean =>
  a.continuous !== b.continuous
    ? a.continuous
    : a.createdOn !== b.createdOn
      ? a.createdOn > b.createdOn
      : a.arn > b.arn;
