import { describe, expect, it } from "vitest";
import type { Existence } from "../../../controller/kinds/recovery-point/owners/survey.ts";
import type { Origin } from "../../../controller/kinds/recovery-point/judge/origin.ts";
import { originsIn } from "../../../controller/kinds/recovery-point/judge/origin.ts";
import { judgeOrphan } from "../../../controller/kinds/recovery-point/judge/orphan.ts";
import { ORPHAN_CAUSES } from "../../../controller/kinds/recovery-point/spec.ts";
import { central, liveOf, target, viewOf } from "../answers.ts";
import { DAY, PLAN, planned, planState, reasonsOf, row, ruleOf, settled, VOLUME } from "./facts.ts";

/** Rule 2: what nothing owns any more, and what only looks so. */

const anyCause = ruleOf({ orphans: { when: [...ORPHAN_CAUSES] } });
const ORIGINS = {
  none: { plan: "none" },
  unknown: { plan: "unknown" },
  deleted: { plan: "deleted" },
  live: { plan: "live", versionId: "v1", rules: new Map() },
} as const satisfies Record<string, Origin>;
const EXISTENCE = {
  live: { is: "live" },
  unknown: { is: "unknown" },
  absent: { is: "absent", owner: target, service: "volume" },
} as const satisfies Record<string, Existence>;

describe("of a point that has no delete date", () => {
  it.each<[keyof typeof ORIGINS, keyof typeof EXISTENCE, string, string]>([
    ["none", "live", "owned", "made by hand: never an orphan by default"],
    ["none", "unknown", "owned", "made by hand"],
    ["none", "absent", "owned", "made by hand, even where its resource is gone"],
    ["unknown", "live", "unknown", "unknown is never absent"],
    ["unknown", "unknown", "unknown", "nothing is known"],
    ["unknown", "absent", "resourceDeleted", "the resource alone is cause enough"],
    ["deleted", "live", "planDeleted", "its plan is proven deleted"],
    ["deleted", "unknown", "planDeleted", "the plan alone is cause enough"],
    ["deleted", "absent", "planDeleted", "the plan comes first, so that a second look changes no cause"],
    ["live", "live", "owned", "both are there"],
    ["live", "unknown", "unknown", "unknown is never absent"],
    ["live", "absent", "resourceDeleted", "its resource is not in its service's listing"],
  ])("whose plan is %s and whose resource is %s: %s", (plan, resource, expected, because) => {
    const judged = judgeOrphan(
      row({ deleteAfterDays: undefined }),
      [anyCause],
      ORIGINS[plan],
      () => EXISTENCE[resource],
    );
    expect({ because, is: judged.is === "orphan" ? judged.cause : judged.is }).toEqual({ because, is: expected });
  });
});

describe("of a point with a delete date", () => {
  it.each<[keyof typeof ORIGINS, keyof typeof EXISTENCE, string, string]>([
    ["none", "live", "owned", "made by hand"],
    ["none", "unknown", "owned", "made by hand"],
    ["none", "absent", "owned", "made by hand"],
    ["unknown", "live", "unknown", "unknown is never absent"],
    ["unknown", "unknown", "unknown", "unknown is never absent"],
    ["unknown", "absent", "ageing-out", "it will go by itself: report only"],
    ["deleted", "live", "ageing-out", "it will go by itself"],
    ["deleted", "unknown", "ageing-out", "it will go by itself"],
    ["deleted", "absent", "ageing-out", "it will go by itself"],
    ["live", "live", "owned", "both are there"],
    ["live", "unknown", "unknown", "unknown is never absent"],
    ["live", "absent", "ageing-out", "it will go by itself"],
  ])("whose plan is %s and whose resource is %s: %s", (plan, resource, expected, because) => {
    const judged = judgeOrphan(row({ deleteAfterDays: 7 }), [anyCause], ORIGINS[plan], () => EXISTENCE[resource]);
    expect({ because, is: judged.is === "orphan" ? judged.cause : judged.is }).toEqual({ because, is: expected });
  });
});

describe("a point that is EXPIRED", () => {
  const states = Object.values(ORIGINS).flatMap((plan) =>
    Object.values(EXISTENCE).map((there) => [plan, there] as const),
  );

  it("is that and nothing else, whatever became of its plan and its resource, with a date or without", () => {
    for (const [plan, there] of states)
      for (const deleteAfterDays of [7, undefined])
        expect(judgeOrphan(row({ status: "EXPIRED", deleteAfterDays }), [anyCause], plan, () => there)).toMatchObject({
          is: "orphan",
          cause: "expired",
        });
  });

  it("is nobody's orphan where no rule speaks of expired points", () => {
    const quiet = ruleOf({ orphans: { when: ["planDeleted", "resourceDeleted"] } });
    expect(judgeOrphan(row({ status: "EXPIRED" }), [quiet], ORIGINS.deleted, () => EXISTENCE.absent)).toEqual({
      is: "owned",
    });
  });
});

describe("a rule that does not speak of a cause", () => {
  it.each<[("planDeleted" | "resourceDeleted")[], keyof typeof ORIGINS, keyof typeof EXISTENCE, string]>([
    [["resourceDeleted"], "deleted", "live", "owned"],
    [["resourceDeleted"], "deleted", "unknown", "unknown"],
    [["planDeleted"], "live", "absent", "owned"],
    [["planDeleted"], "unknown", "absent", "unknown"],
  ])("only of %j, has nothing to say of a plan %s and a resource %s: %s", (when, plan, resource, expected) => {
    const judged = judgeOrphan(
      row({ deleteAfterDays: undefined }),
      [ruleOf({ orphans: { when } })],
      ORIGINS[plan],
      () => EXISTENCE[resource],
    );
    expect(judged.is).toBe(expected);
  });

  it("does not have the resource looked for at all", () => {
    const only = ruleOf({ orphans: { when: ["planDeleted"] } });
    const looked: boolean[] = [];
    judgeOrphan(row({ deleteAfterDays: undefined }), [only], ORIGINS.deleted, () => {
      looked.push(true);
      return EXISTENCE.absent;
    });
    expect(looked).toEqual([]);
  });
});

it("goes by the enforced one of several rules, and by the first by name where none is", () => {
  const observe = { mode: "observe" } as const;
  const [a, b, c] = ["a", "b", "c"].map((name) =>
    ruleOf({ orphans: { when: ["expired"] } }, { name, management: name === "b" ? { mode: "enforce" } : observe }),
  );
  const judged = (...rules: (typeof a)[]) =>
    judgeOrphan(
      row({ status: "EXPIRED" }),
      rules.filter((one) => one !== undefined),
      ORIGINS.none,
      () => EXISTENCE.live,
    );
  expect([judged(a, b, c), judged(a, c)]).toMatchObject([{ rule: { name: "b" } }, { rule: { name: "a" } }]);
});

describe("what became of a plan", () => {
  const of = (view: Parameters<typeof originsIn>[0], planArn: string | undefined = PLAN) =>
    originsIn(view)({ planArn }).plan;
  const elsewhere = PLAN.replace(target.account, central.account).replace(target.region, central.region);

  it.each<[string, string, ReturnType<typeof of>, string]>([
    ["made by hand", "none", originsIn(viewOf({}))({}).plan, "AWS says nothing of a plan"],
    ["there", "live", of(planned(35)), "its listing has it"],
    ["not in a whole listing", "deleted", of(viewOf({})), "proven"],
    ["in a listing cut short", "unknown", of(viewOf({ incomplete: ["plan"] })), "the rest may have it"],
    ["outside the fleet", "unknown", of({ ...viewOf({}), listing: () => undefined }, elsewhere), "nobody looks there"],
    [
      "listed and not readable",
      "unknown",
      of({
        ...viewOf({}),
        listing: (kind, at) => ({
          target: at,
          kind,
          items: [],
          unread: [{ unread: PLAN, failure: { kind: "denied", operation: "o", message: "m" } }],
          at: "2026-03-01T05:00:00.000Z" as never,
          status: "complete",
        }),
      }),
      "it is there, whatever it says",
    ],
    [
      "told in words nobody knows",
      "unknown",
      of(viewOf({ live: [{ ...liveOf("plan", "p", {}), id: PLAN }] })),
      "no rules",
    ],
    ["named by no ARN", "unknown", of(viewOf({}), "p-1"), "nobody can tell where it was"],
  ])("%s: %s", (_what, expected, found, because) => {
    expect({ because, found }).toEqual({ because, found: expected });
  });

  it("is looked up in the plan's own account and Region, wherever the point lies", () => {
    const asked: string[] = [];
    const view = viewOf({});
    originsIn({
      ...view,
      listing: (kind, at) => {
        asked.push(`${kind} ${at.account}/${at.region}`);
        return view.listing(kind, at);
      },
    })({ planArn: elsewhere });
    expect(asked).toEqual([`plan ${central.account}/${central.region}`]);
  });
});

describe("an orphan's findings", () => {
  const forEver = row({ deleteAfterDays: undefined, planArn: PLAN });
  const when = ["planDeleted" as const];
  const steps = (rule: ReturnType<typeof ruleOf>, one = forEver) =>
    settled([one], [rule], { now: new Date(400 * DAY) }).findings.map(({ cause, mend }) => [cause, mend?.step]);

  it("are a mark alone, unless the policy says delete", () => {
    expect(steps(ruleOf({ orphans: { when } }))).toEqual([["planDeleted", "tag"]]);
    expect(steps(ruleOf({ orphans: { when, action: "delete" } }))).toEqual([
      ["planDeleted", "delete"],
      ["planDeleted", "tag"],
    ]);
  });

  it("are the deletion alone where AWS takes no tags: nothing of it can be tried", () => {
    const native = { ...forEver, arn: `arn:aws:dynamodb:eu-west-1:${target.account}:table/t/backup/01` };
    expect(steps(ruleOf({ orphans: { when, action: "delete" } }), native)).toEqual([["planDeleted", "delete"]]);
    const [finding] = settled([native], [ruleOf({ orphans: { when } })]).findings;
    expect([reasonsOf(finding), finding?.mend]).toEqual([["cannot-mend"], undefined]);
  });

  it("are held while another policy keeps the point for longer", () => {
    const keeping = ruleOf({ retention: { atLeastDays: 500 } }, { name: "keeping" });
    const deleting = ruleOf({ orphans: { when, action: "delete" } });
    const [finding] = settled([forEver], [deleting, keeping], { now: new Date(400 * DAY) }).findings;
    expect(finding?.bars).toMatchObject([
      { reason: "cannot-mend", because: "a policy keeps it for 500 days at least", release: "wait until 1971-05-16" },
    ]);
    const later = settled([forEver], [deleting, keeping], { now: new Date(500 * DAY) }).findings[0];
    expect(reasonsOf(later)).toEqual([]);
  });

  it("are none of a composite, a part of one, or a continuous point", () => {
    for (const form of ["parent", "child", "continuous"] as const)
      expect(settled([{ ...forEver, form }], [ruleOf({ orphans: { when } })]).findings).toEqual([]);
  });

  it("count each resource that is missing once, with all that is left of it", () => {
    const survey = () => new Map([["volume", { complete: new Map() }]]);
    const rule = ruleOf({ orphans: { when: ["resourceDeleted"] } });
    const live = planned(35);
    const points = [1, 2].map((at) => ({ ...forEver, arn: `arn:aws:ec2:eu-west-1::snapshot/snap-${at}` }));
    const { absent, counts } = settled(points, [rule], { survey, view: live });
    expect(absent).toEqual([{ resource: VOLUME, type: "EBS", owner: target, policy: "policy", points: 2, bytes: 20 }]);
    expect(counts).toMatchObject({ resourceDeleted: { points: 2, bytes: 20 } });
  });

  it("are undecided of an announced point of which nobody can tell any more, and of no other", () => {
    const rule = ruleOf({ orphans: { when } });
    const view = viewOf({ incomplete: ["plan"] });
    const announced = new Set([`planDeleted ${forEver.arn}`]);
    expect(settled([forEver], [rule], { view, memory: { announced } }).undecided).toEqual([...announced]);
    expect(settled([forEver], [rule], { view }).undecided).toEqual([]);
    expect(settled([forEver], [rule], { memory: { announced } }).undecided, "decided: deleted").toEqual([]);
  });
});

describe("a point that a live plan's rule would put elsewhere", () => {
  const asPlanned = ruleOf({ placement: "asPlanned" });
  const made = row({ planArn: PLAN, ruleName: "daily", planVersion: "v1" });
  const causes = (one: typeof made, view = planned(35), name = "legacy") =>
    settled([one], [asPlanned], { view, name }).findings.map(({ cause }) => cause);

  it.each<[string, string[], string[], string]>([
    ["in another vault", causes(made), ["wrongVault"], "the rule names nightly"],
    ["in the rule's vault", causes(made, planned(35), "nightly"), [], "it is where it belongs"],
    ["made by an earlier version", causes({ ...made, planVersion: "v0" }), [], "it was right then"],
    ["a copy", causes({ ...made, sourceVaultArn: "arn:other" }), [], "copies go where copy actions say"],
    ["of a plan nobody could read", causes(made, viewOf({ incomplete: ["plan"] })), [], "unknown"],
    ["of a rule that is gone", causes({ ...made, ruleName: "weekly" }), [], "nothing to compare with"],
    [
      "of a rule with an air-gapped target",
      causes(made, planned(35, { targetLogicallyAirGappedBackupVaultArn: "arn:air" })),
      [],
      "the point may lie in either",
    ],
  ])("%s", (_what, found, expected, because) => {
    expect({ because, found }).toEqual({ because, found: expected });
  });

  it("is the plan's rule by name: another plan's state does not matter", () => {
    expect(planState(35).rules[0]).toMatchObject({ ruleName: "daily" });
  });
});
