import { instant, showTarget } from "../domain/identity.ts";
import { policiesTold, waiversTold } from "./asked.ts";
import {
  minuteText,
  type Explanation,
  type FailureTold,
  type PolicyTold,
  type TakerTold,
  type VaultTold,
} from "../domain/explanation.ts";
import { isEnded } from "../domain/jobs.ts";
import type { Facts, Heard, Unread } from "./facts.ts";
import { nearest } from "./near.ts";
import { needsOf } from "./needs.ts";
import { unreadPoints, vaultsTold } from "./points.ts";
import { judgeDeclared, judgeLive, takerTold, unreadListings } from "./selections.ts";

/** Failures told of a resource: the newest. */
const FAILURES = 5;
/** Restore tests told of it: the newest. */
const TESTS = 5;

/**
 * Why a resource is or is not protected. It is where some plan takes it in and there is a point to restore it from: either by itself is
 * a promise or a memory. What could not be read is never taken for absent (law 1).
 */
export function explain(facts: Facts): Explanation {
  const { subject, now, tags } = facts;
  const live = judgeLive(facts);
  const by = (taken: "yes" | "no" | "unknown") => live.filter(({ verdict }) => verdict.taken === taken);
  const takers = by("yes").map((one) => takerTold(one, now));
  const vaults = vaultsTold(facts);
  const gone = "answer" in facts.own && !facts.own.answer;
  const near = takers.length > 0 || gone ? [] : nearest(by("no"), facts);
  const taken = answerOf(takers, by("unknown").length > 0 || unreadListings(facts).length > 0);
  const kept = answerOf(vaults, unreadPoints(facts).length > 0);
  const policies = policiesTold(facts, takers, vaults);
  const declared = judgeDeclared(facts).filter(({ verdict }) => verdict.taken === "yes");
  return {
    arn: subject.arn,
    type: subject.types.join(", "),
    target: showTarget(subject.target),
    tags: "answer" in tags ? tags.answer : null,
    verdict: verdictOf(gone ? "no" : taken, kept, policies),
    because: [...reasonsOf(facts, { taken, kept, takers, vaults, live: live.length }), ...wantingIn(policies)],
    takers,
    doubtful: by("unknown").map(({ told }) => told),
    near: near.map(({ told }) => told),
    declared: declared.map(({ told }) => told),
    vaults,
    outside: "answer" in facts.outside && facts.outside.answer !== undefined ? [facts.outside.answer] : [],
    jobs: jobsTold(facts),
    tests: testsTold(facts),
    policies,
    waivers: waiversTold(facts),
    needed: taken === "no" && declared.length === 0 && !gone ? needsOf(near, live, facts) : [],
    unread: unreadOf(facts),
  };
}

type Answer = "yes" | "no" | "unknown";

const answerOf = (found: readonly unknown[], doubt: boolean): Answer =>
  found.length > 0 ? "yes" : doubt ? "unknown" : "no";

function verdictOf(taken: Answer, kept: Answer, policies: readonly PolicyTold[]): Explanation["verdict"] {
  if (taken === "no" || kept === "no") return "unprotected";
  if (taken === "unknown" || kept === "unknown") return "unknown";
  return wantingIn(policies).length > 0 ? "wanting" : "protected";
}

/** Policies that ask for more than there is. What each finds wanting is told with it. */
const wantingIn = (policies: readonly PolicyTold[]): readonly string[] =>
  policies.flatMap(({ kind, name, standing }) => (standing?.is === "breached" ? [`${kind} ${name} is not met`] : []));

interface Found {
  readonly taken: Answer;
  readonly kept: Answer;
  readonly takers: readonly TakerTold[];
  readonly vaults: readonly VaultTold[];
  readonly live: number;
}

function reasonsOf({ own, subject }: Facts, { taken, kept, takers, vaults, live }: Found): readonly string[] {
  const [taker] = takers;
  const [newest] = vaults;
  const gone = "answer" in own && !own.answer;
  const idle = "answer" in own ? own.answer?.idle : undefined;
  return [
    ...(gone ? ["its own service does not know it: it is deleted, or its ARN is misspelled"] : []),
    taken === "yes" && taker
      ? takers.length === 1
        ? `plan ${taker.plan} takes it in by selection ${taker.selection}: ${taker.because}`
        : `${takers.length} selections take it in: ${takers.map(({ plan, selection }) => `${plan}/${selection}`).join(", ")}`
      : taken === "no"
        ? live === 0
          ? `no plan of ${showTarget(subject.target)} has a selection`
          : live === 1
            ? `the one selection of ${showTarget(subject.target)} does not take it in`
            : `none of the ${live} selections of ${showTarget(subject.target)} takes it in`
        : "whether a plan takes it in cannot be told",
    kept === "yes" && newest
      ? `its newest recovery point is of ${minuteText(newest.newest)}, in vault ${newest.name} of ${newest.place}`
      : kept === "no"
        ? "there is no recovery point to restore it from"
        : "whether there are recovery points of it cannot be told",
    ...(idle === undefined ? [] : [`it is ${idle}`]),
  ];
}

function jobsTold({ jobs }: Facts): Explanation["jobs"] {
  const all = jobs.flatMap((one) => ("answer" in one ? one.answer : []));
  const failures = all
    // One that waits or runs has not gone wrong yet.
    .filter(({ state, clean }) => isEnded(state) && !clean)
    .toSorted((a, b) => b.createdOn.getTime() - a.createdOn.getTime())
    .map(({ kind, id, state, message, createdOn, plan }): FailureTold => ({
      kind,
      id,
      state,
      message,
      on: instant(createdOn),
      ...(plan === undefined ? {} : { plan }),
    }));
  return { count: all.length, failures: failures.slice(0, FAILURES) };
}

/** Restores of it as tests, the newest first. */
const testsTold = ({ tests }: Facts): Explanation["tests"] =>
  ("answer" in tests ? tests.answer : [])
    .toSorted((a, b) => b.createdOn.getTime() - a.createdOn.getTime())
    .slice(0, TESTS)
    .map(({ createdOn, endedOn, ...test }) => ({
      ...test,
      on: instant(endedOn ?? createdOn),
      ...(endedOn ? { seconds: Math.round((endedOn.getTime() - createdOn.getTime()) / 1000) } : {}),
    }));

/** Told once for all that failed alike, as where an account cannot be entered. */
function unreadOf(facts: Facts): readonly string[] {
  const { own, tags, optIns, jobs, outside, tests } = facts;
  const told = (what: string, heard: Heard<unknown>): readonly Unread[] =>
    "unread" in heard ? [{ what, why: heard.unread }] : [];
  const all = [
    ...told("whether it is there", own),
    ...told("its tags", tags),
    ...told("the Region's opt-ins", optIns),
    ...unreadListings(facts),
    ...unreadPoints(facts),
    ...jobs.flatMap((one) => told("jobs", one)),
    ...told("restore tests", tests),
    ...told("what is kept of it outside AWS Backup", outside),
  ];
  return [...Map.groupBy(all, ({ why }) => why)].map(
    ([why, alike]) => `${[...new Set(alike.map(({ what }) => what))].join(", ")}: ${why}`,
  );
}
