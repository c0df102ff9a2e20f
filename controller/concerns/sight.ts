import type { Concern } from "../domain/concern.ts";
import type { Rule } from "../domain/desired.ts";
import { sameTarget, type Target } from "../domain/identity.ts";
import type { ReportBody } from "../domain/report.ts";
import { holdId } from "./holds.ts";
import { jobsTold } from "./jobs.ts";

/** As much of what a policy asks in a target as tells whether anybody judges by it. */
export type Asking = Pick<Rule, "kind" | "name" | "target" | "management">;

/** A run's body, and what tells why it does not speak of something. */
export interface Sight {
  readonly body: ReportBody;
  /** Whether notices were heard of since. */
  readonly noticesHeard: boolean;
  /** Ids of concerns that somebody accepted: a Waiver's, and nobody is told of them. */
  readonly accepted: ReadonlySet<string>;
  readonly policies: readonly Asking[];
}

/**
 * Why a concern that a run did not come upon is over; undefined where it did not look there or could not see (law 1). What a run broken off
 * did not tell of may be as it was.
 */
export function whyOver(concern: Concern, { body, noticesHeard, accepted, policies }: Sight): string | undefined {
  const { basis, target } = concern;
  const whole = !body.scope.partial && body.run.failure === undefined;
  switch (basis.by) {
    case "finding":
      if (body.run.failure || !target) return undefined;
      if (accepted.has(concern.id)) return "a Waiver accepts it";
      return isSuspended(policies, target, basis) ? undefined : overIn(body, target, { ...basis, listed: false });
    case "hold":
      if (body.run.failure || !target || isHeld(concern, body)) return undefined;
      return overIn(body, target, { ...basis, listed: true });
    case "target":
      if (body.run.failure || !target) return undefined;
      return verdictIn(body, target) === undefined ? leftTheFleet(whole) : seenAgain(body, target);
    case "job":
      return mendedBy(basis, body);
    case "fleet":
      return whole ? "a run over the whole fleet found it no more" : undefined;
    case "deed":
      return "it is done";
    case "notices":
      return noticesHeard ? "the last notices were delivered" : undefined;
    default:
      return basis satisfies never;
  }
}

/** For another reason perhaps, which hides the one that waits for a person: a run over a part of the fleet holds much for that alone. */
const isHeld = ({ id }: Concern, { held }: ReportBody): boolean => held.some(({ key }) => holdId(key) === id);

/** Nobody judges by a suspended policy: what it found before may be as it was. */
const isSuspended = (
  policies: readonly Asking[],
  target: Target,
  { kind, policy }: Pick<Kind, "kind" | "policy">,
): boolean =>
  policies.some(
    (one) =>
      one.kind === kind && one.name === policy && one.management.mode === "suspended" && sameTarget(one.target, target),
  );

interface Kind {
  readonly kind: string;
  /** Whether listings tell of it; else what is governed does. */
  readonly listed: boolean;
  readonly policy?: string;
}

/** Every part of the kind in that target was read to its end, and all that was found there is told. */
function overIn(body: ReportBody, target: Target, { kind, listed, policy }: Kind): string | undefined {
  const verdict = verdictIn(body, target);
  if (verdict === undefined) return leftTheFleet(!body.scope.partial);
  const parts = (listed ? body.listings : body.governed).filter(
    (part) => part.kind === kind && sameTarget(part.target, target),
  );
  // Nobody asks for it there any more, or nobody came to ask: only a target that could be read tells the one from the other.
  if (parts.length === 0) return verdict === "INCOMPLETE" ? undefined : "nothing asks for it any more";
  if (!parts.every(({ complete }) => complete) || isInDoubt(body, target, kind)) return undefined;
  return policy !== undefined && isCutShort(body, target, policy)
    ? undefined
    : "a run looked there and found it no more";
}

/** Something elsewhere that it is judged by was not read: a vault that copies go to, or whose resource it is. */
const isInDoubt = ({ resources }: ReportBody, target: Target, kind: string): boolean =>
  resources.some(({ outcome, key }) => outcome === "unknown" && key.kind === kind && sameTarget(key.target, target));

/** Findings past what a run keeps are counted and not told one by one. */
function isCutShort({ tallies = [], resources }: ReportBody, target: Target, policy: string): boolean {
  const counted = tallies
    .filter((one) => one.policy === policy && sameTarget(one.target, target))
    .reduce((sum, { points }) => sum + points, 0);
  const told = resources.filter(
    ({ finding, key }) => finding?.policy === policy && sameTarget(key.target, target),
  ).length;
  return counted > told;
}

const verdictIn = ({ targets }: ReportBody, target: Target) =>
  targets.find((one) => sameTarget(one.target, target))?.result;

const leftTheFleet = (whole: boolean): string | undefined => (whole ? "it is no longer part of the fleet" : undefined);

const seenAgain = (body: ReportBody, target: Target): string | undefined =>
  verdictIn(body, target) === "INCOMPLETE" ? undefined : "it could be read again";

function mendedBy(
  { work, endedOn }: Extract<Concern["basis"], { readonly by: "job" }>,
  body: ReportBody,
): string | undefined {
  const by = jobsTold(body)
    .flatMap(({ mended = [] }) => mended)
    .find((one) => one.work === work && one.on > endedOn);
  return by && `job ${by.jobId} completed on ${by.on}`;
}
