import { describe, expect, it } from "vitest";
import { addPlan } from "../../simulator/backup/build.ts";
import { type Bench, bench, GONE_PLAN, madeBy, place, VOLUME } from "./bench.ts";
import { ruleOf } from "./facts.ts";

/** Rules 3 and 6: what an orphan is an orphan of is proven gone once more before its deletion. */

const deletions = ({ calls }: Bench) => calls("DeleteRecoveryPoint").length;

describe("an orphan's deletion", () => {
  const when = ["planDeleted", "resourceDeleted"] as const;
  const ORPHANS = ruleOf({ orphans: { when: [...when], action: "delete", minMissing: "24h" } });
  const twoPoints = (on: Bench, planArn = GONE_PLAN) => {
    const by = { createdBy: madeBy(planArn) };
    return [on.point(5, by), on.point(60, by)] as const;
  };

  it("goes where its plan is still gone", async () => {
    const on = bench();
    on.simulator.addResource(place.account, place.region, { arn: VOLUME, type: "EBS" });
    const [, old] = twoPoints(on);
    expect(await on.mend(await on.findingOf([ORPHANS], "delete", old.arn))).toBe("accepted");
  });

  it("does not where its plan is there after all", async () => {
    const on = bench();
    const plan = addPlan(on.state, {
      document: { BackupPlanName: "daily", Rules: [{ RuleName: "daily", TargetBackupVaultName: "nightly" }] },
    });
    const [, old] = twoPoints(on, plan.arn);
    // A listing that lacks it, as AWS may give one right after a plan was made.
    on.simulator.addResource(place.account, place.region, { arn: VOLUME, type: "EBS" });
    const [finding] = await judgedWithoutPlans(on, old.arn, ORPHANS);
    expect(await on.mend(finding!)).toEqual({ held: `its plan ${plan.arn} is there` });
    expect(deletions(on)).toBe(0);
  });

  it("does not where its resource is back, or nobody can tell", async () => {
    const on = bench();
    const [, old] = twoPoints(on, GONE_PLAN);
    const missing = {
      resource: VOLUME,
      firstOn: "2026-01-01T00:00:00.000Z",
      lastOn: "2026-02-28T00:00:00.000Z",
    } as never;
    const byResource = ruleOf({ orphans: { when: ["resourceDeleted"], action: "delete", minMissing: "24h" } });
    const finding = await on.findingOf([byResource], "delete", old.arn, { missing: new Map([[VOLUME, missing]]) });
    expect(finding.bars).toEqual([]);
    const undo = on.simulator.faults.add({ operation: "DescribeVolumes", effect: { kind: "throttle" } });
    const held = { held: `nobody can prove any more that ${VOLUME} is gone` };
    expect(await on.mend(finding)).toEqual(held);
    undo();
    on.simulator.addResource(place.account, place.region, { arn: VOLUME, type: "EBS" });
    expect(await on.mend(finding)).toEqual(held);
    expect(deletions(on)).toBe(0);
    on.simulator.removeResource(place.account, place.region, VOLUME);
    expect(await on.mend(finding)).toBe("accepted");
  });
});

/** As if the listing of plans had come back without any. */
async function judgedWithoutPlans(on: Bench, subject: string, rule: ReturnType<typeof ruleOf>) {
  const plans = [...on.state.plans];
  on.state.plans.clear();
  const found = await on.judge([rule]);
  for (const [id, plan] of plans) on.state.plans.set(id, plan);
  return found.flatMap(({ findings }) =>
    findings.filter((one) => one.subject === subject && one.mend?.step === "delete"),
  );
}
