import type { FieldDrift, Finding, HoldReason } from "../../domain/change.ts";
import type { Settled } from "../../domain/inventory.ts";
import type { Target } from "../../domain/identity.ts";
import { coldDays, mendOf } from "./mend.ts";
import type { Retention } from "./retention.ts";
import type { RecoveryPointRow } from "./row.ts";

/** A point whose retention breaks a rule. */
export type Broken = Extract<Retention, { rule: unknown }> & { readonly row: RecoveryPointRow };

/** What a finding says beyond its point: known only once the vault has been read. */
export interface Setting {
  readonly target: Target;
  readonly vault: string;
  readonly locked: boolean;
  readonly status: Settled["status"];
  /** Whether it is the newest restorable point of its resource, of those seen. */
  readonly isLast: (row: RecoveryPointRow) => boolean;
}

/** What will be lost soonest comes first; what is merely kept too long comes after. A total order. */
export const byGravity = (a: Broken, b: Broken): number =>
  RANK[a.verdict] - RANK[b.verdict] ||
  dueOn(a.row) - dueOn(b.row) ||
  (a.row.arn < b.row.arn ? -1 : a.row.arn > b.row.arn ? 1 : 0);

const RANK = { "too-short": 0, "too-long": 1 } as const satisfies Record<Broken["verdict"], number>;
const NEVER = Number.MAX_SAFE_INTEGER;
const dueOn = ({ deleteOn, deleteAfterDays, createdOn }: RecoveryPointRow): number =>
  deleteOn ?? (deleteAfterDays === undefined ? NEVER : createdOn + deleteAfterDays * 86_400_000);

export function toFinding(broken: Broken, setting: Setting): Finding {
  const { row, rule, wantedDays } = broken;
  const barred = [...barsOf(broken, setting)];
  return {
    key: { target: setting.target, kind: "recovery-point", name: row.arn },
    subject: row.arn,
    partition: setting.vault,
    rule: { name: rule.name, source: rule.source },
    because: [sentence(broken), ...barred.map(({ because }) => because)].join("; "),
    bars: barred.map(({ reason }) => reason),
    bytes: row.bytes,
    management: rule.management.mode === "enforce" ? "enforce" : "observe",
    mend: { step: "lifecycle", fields: [fieldOf(broken)], input: mendOf(row, setting.vault, wantedDays) },
  };
}

const sentence = ({ verdict, row: { deleteAfterDays }, rule, wantedDays }: Broken): string =>
  `${deleteAfterDays === undefined ? "kept for ever" : `kept ${deleteAfterDays} days`}, and ${rule.name} asks for ${verdict === "too-short" ? "at least" : "at most"} ${wantedDays}`;

const fieldOf = ({ verdict, row, wantedDays }: Broken): FieldDrift => ({
  path: "lifecycle.deleteAfterDays",
  live: row.deleteAfterDays,
  desired: wantedDays,
  // Less time for what is already stored is a deletion to come (rule 5).
  effect: verdict === "too-short" ? "strengthens" : "destroys",
  on: "in-place",
  hazards: [],
});

interface Barred {
  readonly reason: HoldReason;
  readonly because: string;
}

function* barsOf({ verdict, row, wantedDays }: Broken, { locked, status, isLast }: Setting): Generator<Barred> {
  if (verdict === "too-long") {
    // Which point is the last of its resource follows from the whole vault only.
    if (status === "incomplete") yield { reason: "unknown-state", because: "its vault could not be read whole" };
    else if (isLast(row)) yield { reason: "last-point", because: "it is the newest restorable point of its resource" };
    yield { reason: "cannot-mend", because: "a shortening must be announced first, and announcing comes later" };
  }
  // Refused even when lengthening, in both modes and in grace time (semantics §4.3).
  if (locked) yield { reason: "locked", because: "its vault is locked" };
  const cold = coldDays(row);
  if (cold !== undefined && wantedDays < cold + LEAST_COLD)
    yield {
      reason: "cannot-mend",
      because: `it moves to cold storage after ${cold} days and must stay there for ${LEAST_COLD}`,
    };
}

/** Days in cold storage that AWS insists on (semantics §2.4). */
const LEAST_COLD = 90;
