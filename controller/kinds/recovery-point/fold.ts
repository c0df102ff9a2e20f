import type { Counts, Settled } from "../../domain/inventory.ts";
import type { Target } from "../../domain/identity.ts";
import { isReserved } from "../listing.ts";
import type { FoldContext } from "../kind.ts";
import { type Broken, byGravity, toFinding } from "./finding.ts";
import { Facts, reaches } from "./matching.ts";
import { judgeRetention, type PointRule } from "./retention.ts";
import type { RecoveryPointRow } from "./row.ts";
import type { RecoveryPointRuleSpec } from "./spec.ts";

/** One vault being judged. Memory grows with its resources and with the findings there is room for, never with its points. */
export interface PointFold {
  readonly target: Target;
  readonly vault: string;
  readonly locked: boolean;
  /** Why no point of this vault is judged, if none is (rule 10). */
  readonly untouchable: "reserved" | "air-gapped" | undefined;
  readonly rules: readonly PointRule[];
  readonly room: number;
  /** The newest restorable point of each resource. */
  readonly newest: Map<string, Pick<RecoveryPointRow, "arn" | "createdOn">>;
  readonly counts: Map<string, { points: number; bytes: number }>;
  /** Broken points, at most twice as many as there is room for; the gravest of them are kept when it overflows. */
  broken: Broken[];
  brokenSeen: number;
}

export function beginFold({ target, partition, rules, room }: FoldContext<RecoveryPointRuleSpec>): PointFold {
  const { vaultType, locked } = Facts.parse(partition.facts);
  return {
    target,
    vault: partition.name,
    locked,
    untouchable: isReserved(partition.name) ? "reserved" : vaultType === "BACKUP_VAULT" ? undefined : "air-gapped",
    rules: rules.filter(({ spec }) => reaches(spec, partition.name)),
    room,
    newest: new Map(),
    counts: new Map(),
    broken: [],
    brokenSeen: 0,
  };
}

/** Takes one row in, whatever the order they come in: the fold is the same. */
export function foldRow(fold: PointFold, row: RecoveryPointRow): PointFold {
  remember(fold, row);
  const exempt = fold.untouchable ?? exemption(row);
  if (exempt !== undefined) return count(fold, exempt, row);
  const retention = judgeRetention(row, fold.rules);
  count(fold, retention.verdict, row);
  if ("rule" in retention) {
    fold.brokenSeen += 1;
    fold.broken.push({ row, ...retention });
    if (fold.broken.length > 2 * fold.room) keepGravest(fold);
  }
  return fold;
}

export function settleFold(fold: PointFold, status: Settled["status"]): Settled {
  keepGravest(fold);
  const setting = {
    ...fold,
    isLast: (row: RecoveryPointRow) => fold.newest.get(row.resourceArn)?.arn === row.arn,
    status,
  };
  const counts: Counts = Object.fromEntries([...fold.counts].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return {
    status,
    findings: fold.broken.map((broken) => toFinding(broken, setting)),
    deferred: fold.brokenSeen - fold.broken.length,
    counts,
  };
}

function keepGravest(fold: PointFold): void {
  fold.broken = fold.broken.toSorted(byGravity).slice(0, fold.room);
}

/** Points that are counted and left alone, whatever the rules say (rule 10), and those that are not points yet or any more. */
function exemption({ status, form, deleteAfterEvent }: RecoveryPointRow): string | undefined {
  if (status === "CREATING" || status === "DELETING") return "in-transition";
  // Past its date, and AWS Backup could not delete it: its retention is spent (rule 2).
  if (status === "EXPIRED") return "expired";
  if (deleteAfterEvent) return "deleted-after-event";
  if (form === "snapshot") return undefined;
  return form === "continuous" ? "continuous" : "nested";
}

/** Still restorable (rule 1): expired points of EBS and EC2 are, so all are taken to be. */
const RESTORABLE = new Set(["COMPLETED", "AVAILABLE", "PARTIAL", "STOPPED", "EXPIRED"]);

function remember({ newest }: PointFold, { arn, resourceArn, createdOn, status, flagged }: RecoveryPointRow): void {
  if (flagged || !RESTORABLE.has(status)) return;
  const known = newest.get(resourceArn);
  if (known && (known.createdOn > createdOn || (known.createdOn === createdOn && known.arn > arn))) return;
  newest.set(resourceArn, { arn, createdOn });
}

function count(fold: PointFold, name: string, { bytes }: RecoveryPointRow): PointFold {
  const known = fold.counts.get(name) ?? { points: 0, bytes: 0 };
  fold.counts.set(name, { points: known.points + 1, bytes: known.bytes + bytes });
  return fold;
}
