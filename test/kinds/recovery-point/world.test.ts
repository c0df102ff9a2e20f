import { describe, expect, it } from "vitest";
import type { Finding } from "../../../controller/domain/change.ts";
import type { Rule } from "../../../controller/domain/desired.ts";
import { recoveryPoint } from "../../../controller/kinds/recovery-point/recovery-point.ts";
import { fleetView } from "../../../controller/domain/fleet-view.ts";
import { kinds } from "../../../controller/kinds/index.ts";
import { listKind } from "../../../controller/observe/declared.ts";
import { foldGoverned } from "../../../controller/observe/governed.ts";
import { addPlan, addSelection, addVault } from "../../simulator/backup/build.ts";
import { createSimulator } from "../../simulator/simulator.ts";
import { ambientFleet, heldLease, target } from "../../support/fleet.ts";
import { source } from "../answers.ts";
import { NO_MEMORY, reasonsOf } from "./facts.ts";

const HUB = "444455556666";
const place = target(HUB, "eu-west-1");
const role = `arn:aws:iam::${HUB}:role/backup`;
const keepFor = (atLeastDays: number): Rule => ({
  kind: "recovery-point",
  name: "production-retention",
  target: place,
  spec: { match: { vaults: ["nightly"] }, retention: { atLeastDays } },
  management: { mode: "enforce" },
  source,
});

/** A volume and a bucket, backed up every night for a week: the bucket continuously. */
function week() {
  const simulator = createSimulator({
    hubAccount: HUB,
    accounts: [{ id: HUB, name: "hub" }],
    regions: ["eu-west-1"],
    pageSize: 2,
  });
  const trust = {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow" as const, Principal: { Service: "backup.amazonaws.com" }, Action: "sts:AssumeRole" }],
  };
  simulator.iam.putRole(HUB, { name: "backup", path: "/", trust, policies: "administrator" });
  simulator.addResource(HUB, "eu-west-1", { arn: `arn:aws:ec2:eu-west-1:${HUB}:volume/vol-1`, type: "EBS" });
  simulator.addResource(HUB, "eu-west-1", { arn: "arn:aws:s3:::documents", type: "S3" });
  const state = simulator.backup(HUB, "eu-west-1");
  const vault = addVault(state, { name: "nightly" });
  const lifecycle = { TargetBackupVaultName: "nightly", Lifecycle: { DeleteAfterDays: 14 } };
  for (const [name, Resources, continuous] of [
    ["volumes", [`arn:aws:ec2:*:*:volume/*`], false],
    ["buckets", ["arn:aws:s3:::documents"], true],
  ] as const) {
    const rule = { RuleName: "daily", ...lifecycle, EnableContinuousBackup: continuous };
    const plan = addPlan(state, { document: { BackupPlanName: name, Rules: [rule] } });
    addSelection(state, plan, { content: { SelectionName: "all", IamRoleArn: role, Resources: [...Resources] } });
  }
  simulator.clock.advance(7 * 86_400_000);
  const fleet = ambientFleet(simulator);
  const judge = async (rules: readonly Rule[], room = 100) => {
    const rows: unknown[] = [];
    const sink = async (more: readonly unknown[]) => void rows.push(...more);
    const call = fleet.reader(place);
    const listings = await Promise.all(
      kinds
        .filter(({ name }) => name === "plan")
        .map((kind) => listKind(kind, call, place, { fleet: "acme", adopted: new Set() }, simulator.clock.now())),
    );
    const results = await foldGoverned(recoveryPoint, {
      call,
      elsewhere: () => undefined,
      target: place,
      targets: [place],
      rules,
      now: simulator.clock.now(),
      room,
      sink,
      view: fleetView({ resources: [] }, listings),
      survey: () => undefined,
      memory: NO_MEMORY,
    });
    return { results, rows };
  };
  const writer = fleet.writer(place, "retain", heldLease, () => {});
  const mend = async (finding: Finding) =>
    recoveryPoint.apply["lifecycle"]!.run(writer, place, finding, {
      run: "run-1",
      token: "t",
      now: simulator.clock.now(),
      elsewhere: (at) => fleet.reader(at),
    });
  return { simulator, vault, judge, mend };
}

describe("a vault that its plans have filled", () => {
  it("is judged point by point, and mended once", async () => {
    const { judge, mend } = week();
    const { results, rows } = await judge([keepFor(35)]);
    expect(results).toMatchObject([{ partition: "nightly", status: "complete", deferred: 0 }]);
    const { findings, counts } = results[0]!;
    expect(findings).toHaveLength(7);
    expect(counts).toMatchObject({ tooShort: { points: 7 }, continuous: { points: 1 } });
    expect(rows).toHaveLength(8);
    for (const finding of findings) expect(await mend(finding)).toBe("updated");
    const after = await judge([keepFor(35)]);
    expect(after.results[0]).toMatchObject({ findings: [], counts: { "within-bounds": { points: 7 } } });
  });

  it("mends the soonest lost first where there is no room for all", async () => {
    const { judge } = week();
    const all = await judge([keepFor(35)]);
    const some = await judge([keepFor(35)], 3);
    expect(some.results[0]).toMatchObject({ deferred: 4 });
    expect(some.results[0]!.findings).toEqual(all.results[0]!.findings.slice(0, 3));
  });

  it("leaves a point alone that was judged before somebody else changed it", async () => {
    const { judge, mend } = week();
    const [first, second] = [await judge([keepFor(35)]), await judge([keepFor(60)])].map(
      ({ results }) => results[0]!.findings[0]!,
    );
    expect(await mend(first!)).toBe("updated");
    expect(await mend(second!)).toEqual({ held: "its lifecycle is another than it was judged by" });
  });

  it("is found locked once it is, and AWS would refuse", async () => {
    const { judge, mend, vault } = week();
    vault.lock = { minRetentionDays: 7, maxRetentionDays: 400, lockDate: undefined };
    const [finding] = (await judge([keepFor(35)])).results[0]!.findings;
    expect(reasonsOf(finding)).toEqual(["locked"]);
    await expect(mend(finding!)).rejects.toMatchObject({ failure: { kind: "invalid" } });
  });

  it("concludes nothing from a listing that was cut short", async () => {
    const { judge, simulator } = week();
    simulator.faults.add({ operation: "ListRecoveryPointsByBackupVault", page: 2, effect: { kind: "deny" } });
    const { results } = await judge([keepFor(35)]);
    expect(results).toMatchObject([{ status: "incomplete", failure: { kind: "denied" } }]);
  });
});
