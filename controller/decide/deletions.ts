import type { Canary, Deletion, DeletionFollowUp } from "../domain/announcement.ts";
import type { Bar, Change } from "../domain/change.ts";
import { instant, sameTarget, showTarget } from "../domain/identity.ts";
import type { GovernedResult } from "../domain/inventory.ts";

/** A listing may still show a point as it was before. Milliseconds from the deletion's acceptance. */
const PATIENCE_MS = 15 * 60_000;
/** Refusals after which a point is let be, until its state changes (rule 9). */
const MOST_REFUSALS = 3;

/** What became of deletions that AWS accepted, as listings show it (rule 9). */
export const followUp = (
  deletions: readonly Deletion[],
  governed: readonly GovernedResult[],
  now: Date,
): readonly DeletionFollowUp[] =>
  deletions.flatMap((deletion) =>
    deletion.acceptedOn === null ? [] : [{ deletion, result: resultOf(deletion, deletion.acceptedOn, governed, now) }],
  );

function resultOf(
  deletion: Deletion,
  acceptedOn: string,
  governed: readonly GovernedResult[],
  now: Date,
): DeletionFollowUp["result"] {
  const part = partOf(deletion, governed);
  const seen = part?.watched.find((one) => one.subject === deletion.subject);
  if (!seen) return part?.status === "complete" ? "confirmed" : "unknown";
  if (seen.status === "DELETING") return "pending";
  return now.getTime() - Date.parse(acceptedOn) < PATIENCE_MS ? "pending" : "refused";
}

/** What is still to be remembered: deletions under way, and refusals of points that are there. */
export function remainingDeletions(
  deletions: readonly Deletion[],
  followUps: readonly DeletionFollowUp[],
  governed: readonly GovernedResult[],
): readonly Deletion[] {
  const results = new Map(followUps.map(({ deletion, result }) => [deletion.subject, result]));
  return deletions.flatMap((deletion) => {
    const result = results.get(deletion.subject);
    if (result === "confirmed") return [];
    if (result === "refused")
      return [{ ...deletion, acceptedOn: null, refusals: deletion.refusals + 1, state: stateOf(deletion, governed) }];
    return result === undefined && isGone(deletion, governed) ? [] : [deletion];
  });
}

const partOf = ({ key, partition }: Deletion, governed: readonly GovernedResult[]): GovernedResult | undefined =>
  governed.find((one) => one.kind === key.kind && one.partition === partition && sameTarget(one.target, key.target));

const isGone = (deletion: Deletion, governed: readonly GovernedResult[]): boolean => {
  const part = partOf(deletion, governed);
  return part?.status === "complete" && !part.watched.some(({ subject }) => subject === deletion.subject);
};

/** The state it was refused in: only another one makes another try worth it. */
const stateOf = (deletion: Deletion, governed: readonly GovernedResult[]): string =>
  partOf(deletion, governed)?.findings.find(({ subject, mend }) => subject === deletion.subject && mend?.destruction)
    ?.mend?.destruction?.state ?? deletion.state;

/** What an earlier try at the same point says against another. */
export function deletionBar(
  { finding }: Extract<Change, { action: "amend" }>,
  deletions: readonly Deletion[],
): Bar | undefined {
  const before = deletions.find(({ subject }) => subject === finding.subject);
  if (!before || finding.mend?.step !== "delete") return undefined;
  if (before.acceptedOn !== null)
    return {
      reason: "in-grace",
      because: `AWS accepted its deletion on ${before.acceptedOn.slice(0, 16)}Z and has not come to it`,
      release: "a later listing",
    };
  return before.refusals >= MOST_REFUSALS && before.state === finding.mend.destruction?.state
    ? {
        reason: "cannot-mend",
        because: `AWS Backup accepted its deletion ${before.refusals} times, and each time left it EXPIRED`,
        release: "what its status message says; it is tried again once its state changes",
      }
    : undefined;
}

/** Types whose deletions are known to work, after what became of the last ones: a refusal takes a type off again (rule 9). */
export function canariesAfter(
  canaries: readonly Canary[],
  followUps: readonly DeletionFollowUp[],
  now: Date,
): readonly Canary[] {
  const name = ({ target, type }: Pick<Canary, "target" | "type">): string => `${showTarget(target)}/${type}`;
  const told = (result: DeletionFollowUp["result"]): readonly Canary[] =>
    followUps
      .filter((one) => one.result === result)
      .map(({ deletion }) => ({ target: deletion.key.target, type: deletion.type, confirmedOn: instant(now) }));
  const refused = new Set(told("refused").map(name));
  const all = [...canaries, ...told("confirmed")].filter((one) => !refused.has(name(one)));
  return [...new Map(all.map((one) => [name(one), one])).values()];
}
