import { describe, expect, it } from "vitest";
import type { RecoveryPoint } from "../../simulator/backup/state.ts";
import { type Bench, bench, FILES, outcomeOf, place, VOLUME } from "./bench.ts";
import { ruleOf } from "./facts.ts";

/** Rules 6, 9 and 12: everything is looked at once more directly before a point is deleted or shortened. */

const CLEAN = ruleOf({ orphans: { when: ["expired"], action: "delete" } });
const SHORTER = ruleOf({ retention: { atMostDays: 30 } });
const HOLD = {
  Title: "audit",
  Description: "audit",
  RecoveryPointSelection: { ResourceIdentifiers: [VOLUME, FILES] },
};

interface Scene extends Bench {
  readonly doomed: RecoveryPoint;
  readonly survivor: RecoveryPoint;
}

/** A volume's or a file system's point that is to go, and a newer one that stays. */
function scene(of: "volume" | "files" = "volume", options: Parameters<typeof bench>[0] = {}): Scene {
  const on = bench(options);
  const resource =
    of === "volume" ? { resourceArn: VOLUME, resourceType: "EBS" } : { resourceArn: FILES, resourceType: "EFS" };
  on.simulator.addResource(place.account, place.region, { arn: resource.resourceArn, type: resource.resourceType });
  const lifecycle = { DeleteAfterDays: 400 };
  const survivor = on.point(5, { ...resource, lifecycle });
  const doomed = on.point(60, { ...resource, status: "EXPIRED", lifecycle: { DeleteAfterDays: 30 } });
  return { ...on, doomed, survivor };
}

const tagging = (service: "backup" | "ec2") => {
  const key = { Key: "holdfast:keep", Value: "please" };
  return ({ operator, doomed }: Scene) =>
    service === "backup"
      ? operator("backup", "TagResource", { ResourceArn: doomed.arn, Tags: { [key.Key]: key.Value } })
      : operator("ec2", "CreateTags", { Resources: [doomed.arn.split("/")[1]], Tags: [key] });
};
const remove = ({ operator, vault }: Scene, { arn }: RecoveryPoint) =>
  operator("backup", "DeleteRecoveryPoint", { BackupVaultName: vault.name, RecoveryPointArn: arn });
const lock = ({ operator, vault }: Scene) =>
  operator("backup", "PutBackupVaultLockConfiguration", { BackupVaultName: vault.name, MinRetentionDays: 1 });
const deletions = ({ calls }: Bench) => calls("DeleteRecoveryPoint").length;

describe("a deletion", () => {
  it("is asked for once, and accepted: whether it goes is for a later listing to say", async () => {
    const on = scene();
    expect(await on.mend(await on.findingOf([CLEAN], "delete", on.doomed.arn))).toBe("accepted");
    expect([deletions(on), on.doomed.status]).toEqual([1, "DELETING"]);
    on.simulator.clock.advance(3_600_000);
    expect([...on.vault.points].map(({ arn }) => arn)).toEqual([on.survivor.arn]);
  });

  it.each<[string, (on: Scene) => unknown, string, string]>([
    [
      "it is gone",
      (on) => (remove(on, on.doomed), on.simulator.clock.advance(3_600_000)),
      "it is gone",
      "nothing to do",
    ],
    [
      "somebody else deletes it",
      (on) => remove(on, on.doomed),
      "it is DELETING, and was EXPIRED when it was judged",
      "once is enough",
    ],
    [
      "it is another than it was judged by",
      ({ doomed }) => (doomed.status = "COMPLETED"),
      "it is COMPLETED, and was EXPIRED when it was judged",
      "its cause is gone",
    ],
    ["its vault was locked", lock, "its vault is locked", "AWS would refuse, and Holdfast never unlocks"],
    ["EC2's own tag says keep", tagging("ec2"), "it bears the tag holdfast:keep", "a person objects"],
    [
      "it came under a legal hold",
      ({ operator, state, doomed }) => {
        operator("backup", "CreateLegalHold", HOLD);
        for (const { points } of state.legalHolds.values()) points.add(doomed);
      },
      "it is under a legal hold",
      "AWS would refuse",
    ],
    [
      "what was to be left is gone",
      (on) => (remove(on, on.survivor), on.simulator.clock.advance(3_600_000)),
      "is not there any more",
      "never the last",
    ],
    ["what was to be left is going", (on) => remove(on, on.survivor), "is not there any more", "never the last"],
  ])("is not asked for where %s", async (_what, disturb, held, because) => {
    const on = scene();
    const finding = await on.findingOf([CLEAN], "delete", on.doomed.arn);
    disturb(on);
    const before = deletions(on);
    const result = await on.mend(finding);
    expect({ because, result }).toEqual({ because, result: { held: expect.stringContaining(held) } });
    expect(deletions(on)).toBe(before);
  });

  it.each([true, false])(
    "hears a keep mark on a snapshot whichever way its ARN is spelled: with the account %s",
    async (accountInImageArns) => {
      const on = scene("volume", { accountInImageArns });
      const finding = await on.findingOf([CLEAN], "delete", on.doomed.arn);
      tagging("ec2")(on);
      expect(await on.mend(finding)).toEqual({ held: "it bears the tag holdfast:keep" });
      const [again] = (await on.judge([CLEAN])).flatMap(({ findings }) =>
        findings.filter(({ mend }) => mend?.step === "delete"),
      );
      expect(
        again?.bars.map(({ reason }) => reason),
        "and every run after sees it",
      ).toEqual(["kept"]);
    },
  );

  it("hears one on AWS Backup's own point from AWS Backup", async () => {
    const on = scene("files");
    const finding = await on.findingOf([CLEAN], "delete", on.doomed.arn);
    tagging("backup")(on);
    expect(await on.mend(finding)).toEqual({ held: "it bears the tag holdfast:keep" });
  });

  it.each<[string, "volume" | "files", unknown]>([
    ["DescribeRecoveryPoint", "volume", { failed: "denied" }],
    ["DescribeBackupVault", "volume", { failed: "denied" }],
    ["ListLegalHolds", "volume", { failed: "denied" }],
    ["ListTags", "files", { failed: "denied" }],
    ["GetResources", "volume", { held: expect.stringContaining("keep marks could not be listed") }],
  ])("is not asked for where %s cannot be asked (%s)", async (operation, of, expected) => {
    const on = scene(of);
    const finding = await on.findingOf([CLEAN], "delete", on.doomed.arn);
    on.simulator.faults.add({ operation, effect: { kind: "deny" } });
    expect(await outcomeOf(on.mend(finding))).toEqual(expected);
    expect(deletions(on)).toBe(0);
  });

  it("is not asked for where the points of a hold are listed by half", async () => {
    const on = scene();
    for (const age of [10, 20, 30]) on.point(age, { lifecycle: { DeleteAfterDays: 400 } });
    const finding = await on.findingOf([CLEAN], "delete", on.doomed.arn);
    on.operator("backup", "CreateLegalHold", HOLD);
    on.simulator.faults.add({ operation: "ListRecoveryPointsByLegalHold", page: 2, effect: { kind: "throttle" } });
    expect(await outcomeOf(on.mend(finding))).toEqual({ failed: "throttled" });
    expect(deletions(on)).toBe(0);
  });

  it("that got no answer is not asked for again by itself", async () => {
    const on = scene();
    const finding = await on.findingOf([CLEAN], "delete", on.doomed.arn);
    on.simulator.faults.add({ operation: "DeleteRecoveryPoint", effect: { kind: "lose" } });
    expect(await outcomeOf(on.mend(finding))).toEqual({ failed: "unanswered" });
    expect([deletions(on), on.doomed.status]).toEqual([1, "DELETING"]);
  });

  it("that AWS refuses outright is told as that", async () => {
    const on = scene();
    const finding = await on.findingOf([CLEAN], "delete", on.doomed.arn);
    on.simulator.faults.add({ operation: "DeleteRecoveryPoint", effect: { kind: "deny" } });
    expect(await outcomeOf(on.mend(finding))).toEqual({ failed: "denied" });
    expect(on.doomed.status).toBe("EXPIRED");
  });

  it("of a last point goes where a person named it, and then alone", async () => {
    const on = scene();
    remove(on, on.survivor);
    on.simulator.clock.advance(3_600_000);
    const finding = await on.findingOf([CLEAN], "delete", on.doomed.arn);
    expect(finding.mend?.destruction?.last).toBe(true);
    expect(await on.mend(finding)).toBe("accepted");
  });

  it("is never carried out of a finding that was not announced: the step does not know how", async () => {
    const on = scene();
    const { mend, ...finding } = await on.findingOf([CLEAN], "delete", on.doomed.arn);
    const { destruction: _announced, ...unannounced } = mend!;
    expect(await outcomeOf(on.mend({ ...finding, mend: unannounced }))).toEqual({ failed: "internal" });
    expect(deletions(on)).toBe(0);
  });
});

describe("a shortening", () => {
  function long(): Scene {
    const on = bench();
    on.simulator.addResource(place.account, place.region, { arn: VOLUME, type: "EBS" });
    const survivor = on.point(5, { lifecycle: { DeleteAfterDays: 30 } });
    const doomed = on.point(60, { lifecycle: { DeleteAfterDays: 365 } });
    return { ...on, doomed, survivor };
  }
  const finding = (on: Scene) => on.findingOf([SHORTER], "shorten", on.doomed.arn);
  const updates = ({ calls }: Bench) => calls("UpdateRecoveryPointLifecycle").length;

  it("sets the days that its fields say, and the cold date that it had", async () => {
    const on = long();
    expect(await on.mend(await finding(on))).toBe("updated");
    expect(on.doomed.lifecycle.DeleteAfterDays).toBe(30);
  });

  it.each<[string, (on: Scene) => unknown, string]>([
    ["it is gone", (on) => (remove(on, on.doomed), on.simulator.clock.advance(3_600_000)), "it is gone"],
    ["its vault was locked", lock, "its vault is locked"],
    ["it is to be kept", tagging("ec2"), "it bears the tag holdfast:keep"],
    ["it is held", ({ operator }) => operator("backup", "CreateLegalHold", HOLD), "it is under a legal hold"],
    ["what was to be left is going", (on) => remove(on, on.survivor), "is not there any more"],
    [
      "somebody changed its days",
      ({ doomed }) => (doomed.lifecycle = { DeleteAfterDays: 300 }),
      "its lifecycle is another than it was judged by",
    ],
  ])("writes nothing where %s", async (_what, disturb, held) => {
    const on = long();
    const found = await finding(on);
    disturb(on);
    expect(await on.mend(found)).toEqual({ held: expect.stringContaining(held) });
    expect(updates(on)).toBe(0);
  });

  it("that got no answer shows as done to whoever looks next", async () => {
    const on = long();
    on.simulator.faults.add({ operation: "UpdateRecoveryPointLifecycle", effect: { kind: "lose" } });
    expect(await outcomeOf(on.mend(await finding(on)))).toEqual({ failed: "unanswered" });
    expect((await on.judge([SHORTER])).flatMap(({ findings }) => findings)).toEqual([]);
  });

  it("is never carried out of a finding that was not announced", async () => {
    const on = long();
    const { mend, ...rest } = await finding(on);
    const { destruction: _announced, ...unannounced } = mend!;
    expect(await outcomeOf(on.mend({ ...rest, mend: unannounced }))).toEqual({ failed: "internal" });
    expect(updates(on)).toBe(0);
  });
});
