import { announcedAs } from "../../../domain/announcement.ts";
import type { Bar } from "../../../domain/change.ts";
import type { RecoveryPointRow } from "../../point-row.ts";
import type { ProvenCopy } from "../mend/destruction-input.ts";
import { ORPHAN_CAUSES } from "../spec.ts";
import { type Asked, destinationOf, wants } from "./asked.ts";
import type { Copied } from "./breach.ts";
import { type PointFold, keep } from "./fold.ts";
import { plannedDays } from "./origin.ts";
import { protectedDays } from "./retention.ts";

const DAY_MS = 86_400_000;

/** A copy is about to go itself: what it stands in for had better stay. Milliseconds. */
const SOON_MS = DAY_MS;

/**
 * Takes note that a point has its one copy in a vault that asks for it. Where it has one in every vault that asks, and has been beside
 * it for long enough, it is left to them (rule 20): a point that is still to be copied elsewhere is needed where it is.
 */
export function leaveToCopy(fold: PointFold, one: Asked, row: RecoveryPointRow, copy: RecoveryPointRow): void {
  const asking = askingFor(fold, row);
  if (!asking.some((other) => isDue(fold, other, row))) return;
  const found = new Map([...(fold.joined.get(row.arn) ?? []), [one.which, copy]]);
  const standIns = asking.flatMap((other) => {
    const its = found.get(other.which);
    return its ? [{ asked: other, copy: its }] : [];
  });
  if (standIns.length < asking.length) return void fold.joined.set(row.arn, found);
  fold.joined.delete(row.arn);
  const leaving = standIns.filter(({ asked }) => isDue(fold, asked, row)).toSorted(enforcedFirst)[0];
  if (leaving) keepCopied(fold, row, leaving, standIns);
}

/** The one copy of a point in a vault that asks for it. */
interface StandIn {
  readonly asked: Asked;
  readonly copy: RecoveryPointRow;
}

/** That nobody could look for the copy is no reason to begin the announcement anew: it pauses (rule 6). */
export function noteUnproven(fold: PointFold, row: RecoveryPointRow): void {
  const announced = announcedAs({ cause: "copied", subject: row.arn });
  if (fold.memory.announced.has(announced) && !fold.undecided.includes(announced)) fold.undecided.push(announced);
}

/** Those that ask for a copy of a point at all, though some may not have been looked into yet. */
const askingFor = (fold: PointFold, row: RecoveryPointRow): readonly Asked[] =>
  fold.asked.filter(
    (one) =>
      row.createdOn >= one.from.getTime() &&
      (!one.backfill || row.createdOn < one.until.getTime()) &&
      wants(fold, one, row),
  );

const isDue = ({ now }: PointFold, { copy: { afterCopy } }: Asked, { createdOn }: RecoveryPointRow): boolean =>
  afterCopy !== undefined && now.getTime() >= createdOn + afterCopy.keepLocalDays * DAY_MS;

const enforcedFirst = (a: StandIn, b: StandIn): number => rank(a) - rank(b);
const rank = ({ asked: { rule } }: StandIn): number => (rule.management.mode === "enforce" ? 0 : 1);

/** `leaving`: of those that ask for a copy, the one that lets the point go. The copies of all of them are its proof. */
function keepCopied(fold: PointFold, row: RecoveryPointRow, leaving: StandIn, all: readonly StandIn[]): void {
  const matching = fold.rulesFor(row.resourceType);
  if (matching.some(({ management }) => management.mode === "suspended")) return;
  keep(fold, {
    row,
    rule: leaving.asked.rule,
    does: "delete",
    cause: "copied",
    keptDays: protectedDays(matching, plannedDays(row, fold.originOf(row), fold.vaultArn)),
    asked: leaving.asked.copy,
    copies: provenBy(leaving, all),
    bars: [...new Set(all.flatMap((one) => [...doubts(fold, row, one)]))].map((because) => ({ because, ...NO_PROOF })),
  });
}

/** That of the policy that lets the point go comes first. Several policies may ask for one copy in one vault. */
function provenBy(leaving: StandIn, all: readonly StandIn[]): Copied["copies"] {
  const placeOf = ({ asked, copy }: StandIn): string => `${destinationOf(asked)} ${copy.arn}`;
  const others = new Map(all.map((one) => [placeOf(one), one]));
  others.delete(placeOf(leaving));
  const inOrder = [...others].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => provenCopy(one));
  return [provenCopy(leaving), ...inOrder];
}

const provenCopy = ({ asked, copy }: StandIn): ProvenCopy => ({
  target: asked.target,
  vault: asked.copy.to.vault,
  arn: copy.arn,
  createdOn: copy.createdOn,
  deleteOn: copy.deleteOn ?? null,
  keyArn: copy.keyArn ?? null,
});

const NO_PROOF: Pick<Bar, "reason" | "release"> = {
  reason: "not-proven",
  release: "a copy that is whole, says which vault it is a copy from, and is kept for as long as is asked",
};

/** Why the one copy that was found in a vault cannot stand in. That it can be restored is the whole of what a point is kept for. */
function* doubts(fold: PointFold, row: RecoveryPointRow, { asked: one, copy }: StandIn): Generator<string> {
  const its = `its copy ${copy.arn}`;
  if (destinationOf(one) === fold.vaultArn) yield `${its} is in the very vault that it is in`;
  // Two originals of one moment in two vaults could each be taken for the other's copy, and both would go.
  if (copy.sourceVaultArn !== fold.vaultArn) yield `${its} does not say that it comes from ${fold.vaultArn}`;
  if (copy.status !== "COMPLETED" || copy.form !== "snapshot") yield `${its} is ${copy.status}`;
  if (copy.deleteAfterEvent) yield `${its} is bound to go after an event`;
  if (copy.flagged) yield `a malware scan flagged ${its}, or failed`;
  const causes = [...ORPHAN_CAUSES, "copied", "tooLong", "neverExpires"];
  if (causes.some((cause) => fold.memory.announced.has(announcedAs({ cause, subject: copy.arn }))))
    yield `${its} is announced to go itself`;
  if (!isKeptLongEnough(fold, one, row, copy))
    yield `${its} goes on ${dayOf(copy.deleteOn)}, before ${one.copy.retention ? "the policy lets it" : "the point itself would"}`;
}

/** As long as the policy asks of copies, or else as the point itself would have been kept; and not about to go. */
function isKeptLongEnough({ now }: PointFold, { copy: asked }: Asked, row: RecoveryPointRow, copy: RecoveryPointRow) {
  if (copy.deleteOn === undefined && copy.deleteAfterDays === undefined) return true;
  if (copy.deleteOn === undefined || copy.deleteOn - now.getTime() <= SOON_MS) return false;
  return asked.retention === undefined
    ? row.deleteOn !== undefined && copy.deleteOn >= row.deleteOn
    : (copy.deleteAfterDays ?? 0) >= asked.retention.atLeastDays;
}

const dayOf = (ms: number | undefined): string =>
  ms === undefined ? "a day that AWS does not say" : new Date(ms).toISOString().slice(0, 10);
