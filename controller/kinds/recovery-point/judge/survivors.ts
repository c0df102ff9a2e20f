import type { RecoveryPointRow } from "../../point-row.ts";

/** As much of a point as it takes to stand in for another. Times are epoch milliseconds. */
export interface Survivor {
  readonly arn: string;
  readonly createdOn: number;
  readonly status: string;
  readonly deleteOn?: number | undefined;
  readonly keyArn?: string | undefined;
}

/** The newest restorable points of one resource in one vault. */
export interface Newest {
  /** Flagged by a scan or not: the newest of all is never deleted by rule (rule 1). */
  readonly any: Survivor & Pick<RecoveryPointRow, "planArn" | "ruleName" | "resourceType" | "sourceVaultArn" | "bytes">;
  /** Of those that no scan flagged the newest few, newest first: whether their keys still work is for `examine` to say. */
  readonly unflagged: readonly Survivor[];
}

/** Still restorable (rule 1): expired points of EBS and EC2 are, so all are taken to be. */
const RESTORABLE = new Set(["COMPLETED", "AVAILABLE", "PARTIAL", "STOPPED", "EXPIRED"]);
export const isRestorable = (status: string): boolean => RESTORABLE.has(status);

/** Beyond what is kept by rule, so many are remembered in case some of the newest turn out not to count. */
const SPARE = 3;

export const isNewer = (a: Pick<Survivor, "arn" | "createdOn">, b: Pick<Survivor, "arn" | "createdOn">): boolean =>
  a.createdOn > b.createdOn || (a.createdOn === b.createdOn && a.arn > b.arn);

/** Takes a point in among its resource's newest, `keep` of which may be asked for. Any order of points comes to the same. */
export function remember(newest: Map<string, Newest>, row: RecoveryPointRow, keep: number): void {
  if (!isRestorable(row.status)) return;
  const known = newest.get(row.resourceArn);
  const oldest = known?.unflagged[keep + SPARE - 1];
  const isAmong = !row.flagged && (oldest === undefined || isNewer(row, oldest));
  const isNewest = known === undefined || isNewer(row, known.any);
  if (!isAmong && !isNewest) return;
  const { arn, createdOn, status, deleteOn, keyArn } = row;
  const { planArn, ruleName, resourceType, sourceVaultArn, bytes } = row;
  const survivor = { arn, createdOn, status, deleteOn, keyArn };
  newest.set(row.resourceArn, {
    any: isNewest ? { ...survivor, planArn, ruleName, resourceType, sourceVaultArn, bytes } : known.any,
    unflagged: isAmong ? inserted(known?.unflagged ?? [], survivor, keep + SPARE) : (known?.unflagged ?? []),
  });
}

function inserted(all: readonly Survivor[], one: Survivor, most: number): readonly Survivor[] {
  const at = all.findIndex((other) => isNewer(one, other));
  const next = at < 0 ? [...all, one] : [...all.slice(0, at), one, ...all.slice(at)];
  return next.slice(0, most);
}

/** Points of its resource that are newer than this one, newest first, as far as remembered. */
export const newerThan = (row: Pick<Survivor, "arn" | "createdOn">, newest: Newest | undefined): readonly Survivor[] =>
  newest?.unflagged.filter((one) => isNewer(one, row)) ?? [];
