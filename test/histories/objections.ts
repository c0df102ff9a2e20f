import type { Call } from "../simulator/calls.ts";
import type { Announced } from "./announced.ts";
import { causeProblems } from "./causes.ts";
import type { Consented } from "./consent.ts";
import { incompleteListings, unreadKeys } from "./listings.ts";
import type { Run } from "./oracle.ts";
import { isFrozen, isWaived, type Matched } from "./policies.ts";
import type { Sight } from "./witness.ts";

/** A destruction that AWS accepted, with all that it is judged by. */
export interface Judging {
  readonly sight: Sight;
  readonly run: Run;
  readonly call: Call;
  /** Of its run, up to it. */
  readonly calls: readonly Call[];
  readonly announced: Announced;
  readonly consent: Consented;
  readonly policies: readonly Matched[];
  /** The one that it was announced by. */
  readonly policy: Matched | undefined;
}

const wrong = (is: boolean, why: string): readonly string[] => (is ? [why] : []);

/** What the manifests, the run and the listings have against it: whatever people did meanwhile, this was known. */
export function lawObjections({
  sight,
  run,
  call,
  calls,
  announced,
  consent,
  policies,
  policy,
}: Judging): readonly string[] {
  const { point, at, suspended, untouchable } = sight;
  const { row } = announced;
  return [
    ...wrong(run.how !== "whole", `a run ${run.how} destroys nothing`),
    ...wrong(/holdfast-(apply|observe)/.test(call.principal), "its role is not one that destroys"),
    ...(consent.problem === undefined ? [] : [consent.problem]),
    ...wrong(policy?.mode !== "enforce", `policy ${row?.policy} does not reach it, or is not enforced`),
    ...wrong(
      policies.some(({ mode }) => mode === "suspended"),
      "a policy of it is suspended",
    ),
    ...wrong(isFrozen(run.committed, run.at) && isFrozen(run.committed, at), "changes are frozen"),
    ...wrong(isWaived(run.committed, point.arn, run.at), "it is waived"),
    ...wrong(suspended && run.suspended.has(point.arn), "a person asked for no writes in its vault"),
    ...wrong(untouchable !== undefined, untouchable ?? ""),
    ...incompleteListings(calls, sight, row?.cause).map((what) => `${what} was not read whole`),
  ];
}

/** What the world itself has against it, at the very moment. */
export function worldObjections(judging: Judging, goneSince: Date | undefined): readonly string[] {
  const { sight, announced, consent, policies } = judging;
  const few = consent.last ? undefined : tooFewSurvive(judging);
  return [
    ...wrong(sight.held, "it is under a legal hold"),
    ...wrong(sight.locked, "its vault is locked"),
    ...wrong(sight.kept, "it is marked to be kept"),
    ...wrong(few !== undefined, few ?? ""),
    ...causeProblems(sight, announced, policies, goneSince),
  ];
}

/** Never the last (rule 1). What became of a survivor's key or scan while the run was on, it may have read before or after. */
export function tooFewSurvive({ sight, run, calls, policy }: Judging): string | undefined {
  const keepLast = policy?.orphans?.keepLast ?? 1;
  const unread = unreadKeys(calls);
  const left = sight.newer.filter(
    ({ arn, encryptionKeyArn }) => !(run.unfit.has(arn) && sight.unfit.has(arn)) && !unread.has(encryptionKeyArn ?? ""),
  );
  return left.length < keepLast
    ? `${left.length} newer restorable points are left, and ${keepLast} must be`
    : undefined;
}

/** Where the second look at a point begins, which directly precedes its end: the first of its reads since the last other write. */
export function lookedAgain(calls: readonly Call[], { point }: Sight): number {
  const before = calls.findLast(({ mutating }) => mutating)?.index ?? -1;
  const isRead = ({ operation, input }: Call): boolean =>
    operation === "DescribeRecoveryPoint" && input["RecoveryPointArn"] === point.arn;
  return calls.find((call) => call.index > before && isRead(call))?.index ?? -1;
}
