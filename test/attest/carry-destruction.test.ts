import { describe, expect, it } from "vitest";
import { carryDestruction, withOutcomes } from "../../controller/attest/memory/carry-destruction.ts";
import { NOTHING_CARRIED } from "../../controller/attest/memory/carry.ts";
import { RunRecord } from "../../controller/attest/report/record.ts";
import { unreportedOutcomes } from "../../controller/attest/report/unreported.ts";
import type { Change } from "../../controller/domain/change.ts";
import { Digest, instant } from "../../controller/domain/identity.ts";
import type { Plan } from "../../controller/domain/plan.ts";
import type { Attempt, Outcome } from "../../controller/domain/outcome.ts";
import { amendment, finding, on } from "../decide/amendments.ts";
import { NOW } from "../support/facts.ts";

/** Rules 7–9 and 23: what was done, or may have been, is spent, its consent used up, and its deletion followed. */

const consent = { approval: "agreed", digest: "a".repeat(64), expiresOn: on(10) };
const deletion: Change = { ...amendment(finding()), consent };
const copy: Change = amendment(finding("snap-2", { copies: 7, bytes: 7 }));
const attempt = (change: Change, failure?: Attempt["failure"]): Attempt => ({
  changeId: change.id,
  target: change.key.target,
  role: "destroy",
  operation: "backup:DeleteRecoveryPoint",
  at: instant(NOW),
  ...(failure ? { failure } : {}),
});
const failed = (kind: "denied" | "unanswered" | "throttled") => ({ kind, operation: "o", message: kind });
const outcome = (
  change: Change,
  attempts: readonly Attempt[],
  result: "accepted" | "applied" = "accepted",
): Outcome => ({
  change,
  at: instant(NOW),
  attempts,
  result,
});
const NO_PLAN: Plan = {
  waves: [],
  held: [],
  drift: [],
  deferred: 0,
  announcements: [],
  unproven: [],
  groups: [],
  followUps: [],
  deletions: [],
  canaries: [],
  tallies: [],
  digest: Digest.parse("0".repeat(64)),
};
const after = (outcomes: readonly Outcome[], unreported: readonly Outcome[] = []) => {
  const {
    deletions = [],
    spent = [],
    consumed = [],
  } = withOutcomes(NOTHING_CARRIED, {
    // A run that did something has decided to.
    plan: outcomes.length > 0 ? NO_PLAN : undefined,
    outcomes,
    unreported,
  });
  return {
    deletions: deletions.length,
    spent: spent.map(({ what }) => what),
    consumed: consumed.map(({ change }) => change),
  };
};
const NOTHING = { deletions: 0, spent: [], consumed: [] };

describe("what a dead run may have done", () => {
  const done = { deletions: 1, spent: ["destruction"], consumed: [deletion.id] };

  it.each<[string, readonly Outcome[], object, string]>([
    ["was refused outright", [outcome(deletion, [attempt(deletion, failed("denied"))])], NOTHING, "it did not happen"],
    ["never got as far as a call", [outcome(deletion, [])], NOTHING, "held at the last moment"],
    [
      "was throttled, and then not tried again",
      [outcome(deletion, [attempt(deletion, failed("throttled"))])],
      NOTHING,
      "AWS did nothing",
    ],
    ["was accepted", [outcome(deletion, [attempt(deletion)])], done, "it will go"],
    ["got no answer", [outcome(deletion, [attempt(deletion, failed("unanswered"))])], done, "it may go"],
    [
      "was throttled first, and accepted then",
      [outcome(deletion, [attempt(deletion, failed("throttled")), attempt(deletion)])],
      done,
      "once",
    ],
    [
      "was only meant, in a wave that nobody concluded",
      unreportedOutcomes([{ run: "dead", waves: [{ wave: 0, intents: [deletion], outcomes: null }] }], NOW),
      done,
      "as if sent and not answered",
    ],
    [
      "was concluded as refused",
      unreportedOutcomes(
        [
          {
            run: "dead",
            waves: [
              { wave: 0, intents: [deletion], outcomes: [outcome(deletion, [attempt(deletion, failed("denied"))])] },
            ],
          },
        ],
        NOW,
      ),
      NOTHING,
      "its journal says so",
    ],
  ])("%s", (_what, outcomes, expected, because) => {
    expect({ because, own: after(outcomes), others: after([], outcomes) }).toEqual({
      because,
      own: expected,
      others: expected,
    });
  });

  it("counts a copy against copies, and a mark against nothing", () => {
    expect(after([outcome(copy, [attempt(copy)], "applied")])).toEqual({ deletions: 0, spent: ["copy"], consumed: [] });
    const { destruction: _none, ...mark } = finding().mend!;
    const marking: Change = amendment({ ...finding(), mend: { ...mark, step: "tag" } });
    expect(after([outcome(marking, [attempt(marking)], "applied")])).toEqual(NOTHING);
  });
});

describe("what the next run is told", () => {
  const before = {
    ...NOTHING_CARRIED,
    spent: [0.5, 1].map((days) => ({
      on: on(-days),
      target: deletion.key.target,
      partition: "nightly",
      what: "destruction" as const,
      bytes: 1,
      since: 3,
    })),
    consumed: [0, 5].map((days) => ({
      ...consent,
      digest: Digest.parse(consent.digest),
      change: `c-${days}`,
      on: on(-1),
      expiresOn: on(days),
      since: 3,
    })),
  };
  const record = (more: Partial<RunRecord> = {}) =>
    Object.assign(
      new RunRecord({ id: "r", trigger: "schedule", deadline: 0, reporter: { id: "t", version: "0" } }, NOW),
      more,
    );

  it("is what the last 24 hours spent, and consent that has not run out by itself", () => {
    const carried = carryDestruction(record(), before, NOW);
    expect(carried.spent?.map((one) => one.on)).toEqual([on(-0.5)]);
    expect(carried.consumed?.map(({ change }) => change)).toEqual(["c-5"]);
  });

  it("is nothing of dead runs while this one has not judged what they did: the one that does tells of them", () => {
    const unreported = [outcome(deletion, [attempt(deletion)])];
    expect(carryDestruction(record({ unreported }), NOTHING_CARRIED, NOW)).toMatchObject({ spent: [], deletions: [] });
  });

  it("is a refusal's count under a deletion asked for again", () => {
    const refused = {
      ...NOTHING_CARRIED,
      deletions: [
        {
          change: deletion.id,
          key: deletion.key,
          subject: finding().subject,
          partition: "nightly",
          type: "EBS",
          acceptedOn: null,
          refusals: 2,
          state: "s",
        },
      ],
    };
    const { deletions } = withOutcomes(refused, {
      plan: undefined,
      outcomes: [],
      unreported: [outcome(deletion, [attempt(deletion)])],
    });
    expect(deletions).toMatchObject([{ refusals: 2, acceptedOn: instant(NOW) }]);
  });
});
