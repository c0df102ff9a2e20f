import { describe, expect, it } from "vitest";
import { addVault } from "../../simulator/backup/build.ts";
import { type Bench, bench, DAY_MS, HUB, outcomeOf, over, place, VOLUME } from "./bench.ts";
import { ruleOf } from "./facts.ts";

/** Rule 20: a copy is started once, and not where a job for it is at work, has just ended, or has just failed. */

const HOUR_MS = DAY_MS / 24;
const CENTRAL = `arn:aws:backup:${over.region}:${HUB}:backup-vault:central`;
const OTHER_VOLUME = `arn:aws:ec2:${place.region}:${HUB}:volume/vol-2`;
const policy = ruleOf({
  copies: [
    {
      to: { account: HUB, region: over.region, vault: "central" },
      since: "2026-01-01T00:00:00Z",
      remedy: "copyAgain",
    },
  ],
});

/** A vault elsewhere with a key of its own, and some points of two days and more here. */
function scene(key: "CUSTOMER" | "AWS" = "CUSTOMER"): Bench & { central: ReturnType<typeof addVault> } {
  const on = bench();
  const own = key === "CUSTOMER" ? on.simulator.addKey(HUB, over.region, { alias: "alias/central" }) : undefined;
  const central = addVault(on.simulator.backup(HUB, over.region), {
    name: "central",
    ...(own ? { encryptionKeyArn: own.arn } : {}),
  });
  for (const arn of [VOLUME, OTHER_VOLUME]) on.simulator.addResource(HUB, place.region, { arn, type: "EBS" });
  return { ...on, central };
}
const LONG = { lifecycle: { DeleteAfterDays: 400 } };
const findings = async (on: Bench) => (await on.judge([policy])).flatMap((one) => one.findings);
const told = async (on: Bench) =>
  (await findings(on)).map(({ subject, bars }) => [subject, ...bars.map(({ reason }) => reason)]);
const starts = ({ calls }: Bench) => calls("StartCopyJob").length;

/** A job that somebody, or AWS Backup itself, began; with what became of it. */
function job(on: Bench, recoveryPointArn: string, destination = CENTRAL): void {
  on.operator("backup", "StartCopyJob", {
    RecoveryPointArn: recoveryPointArn,
    SourceBackupVaultName: "nightly",
    DestinationBackupVaultArn: destination,
    IamRoleArn: on.role,
  });
}

describe("a missing copy", () => {
  it("is started with its source's role and retention, arrives, and is then found", async () => {
    const on = scene();
    const point = on.point(2, LONG);
    const finding = await on.findingOf([policy], "copy", point.arn);
    expect(finding.bars).toEqual([]);
    expect(await on.mend(finding)).toBe("updated");
    on.simulator.clock.advance(DAY_MS);
    expect([...on.central.points].map(({ creationDate, lifecycle }) => [creationDate, lifecycle])).toEqual([
      [point.creationDate, LONG.lifecycle],
    ]);
    expect(await findings(on)).toEqual([]);
  });

  it.each<[string, (on: Bench, arn: string) => void, string]>([
    ["a job for it has begun since", (on, arn) => job(on, arn), "is under way"],
    [
      "a job for it has ended since",
      (on, arn) => {
        job(on, arn);
        while (on.state.copyJobs.size > 0 && [...on.state.copyJobs].some(({ view }) => view.State !== "COMPLETED"))
          on.simulator.clock.advance(60_000);
      },
      "has just ended",
    ],
  ])("is not started where %s", async (_what, disturb, held) => {
    const on = scene();
    const point = on.point(2, LONG);
    const finding = await on.findingOf([policy], "copy", point.arn);
    disturb(on, point.arn);
    const before = starts(on);
    expect(await on.mend(finding)).toEqual({ held: expect.stringContaining(held) });
    expect(starts(on)).toBe(before);
  });

  it("that got no answer is started once: the token says it was us", async () => {
    const on = scene();
    const finding = await on.findingOf([policy], "copy", on.point(2, LONG).arn);
    on.simulator.faults.add({ operation: "StartCopyJob", times: 1, effect: { kind: "lose" } });
    expect(await outcomeOf(on.mend(finding))).toEqual({ failed: "unanswered" });
    // The job is there before any listing shows it: AWS's listings are behind.
    on.simulator.faults.add({ operation: "ListCopyJobs", times: 0, effect: { kind: "deny" } });
    await outcomeOf(on.mend(finding));
    expect([...on.state.copyJobs]).toHaveLength(1);
  });

  it.each(["ListCopyJobs", "StartCopyJob"])(
    "is not started where %s is denied, and that is told",
    async (operation) => {
      const on = scene();
      const finding = await on.findingOf([policy], "copy", on.point(2, LONG).arn);
      on.simulator.faults.add({ operation, effect: { kind: "deny" } });
      expect(await outcomeOf(on.mend(finding))).toEqual({ failed: "denied" });
      expect([...on.state.copyJobs]).toEqual([]);
    },
  );
});

describe("looking at copy jobs", () => {
  it("takes one that is at work for the copy: nothing is missing", async () => {
    const on = scene();
    const [busy, idle] = [on.point(2, LONG), on.point(3, { ...LONG, resourceArn: OTHER_VOLUME })];
    job(on, busy.arn);
    expect(await told(on)).toEqual([[idle.arn]]);
  });

  it("lets one copy of a resource go at a time, and counts other people's", async () => {
    const on = scene();
    const [newer, older, other] = [
      on.point(2, LONG),
      on.point(3, LONG),
      on.point(4, { ...LONG, resourceArn: OTHER_VOLUME }),
    ];
    expect(await told(on), "the newest of each first").toEqual([[newer.arn], [older.arn, "over-budget"], [other.arn]]);
    job(on, other.arn, `arn:aws:backup:${over.region}:${HUB}:backup-vault:somewhere`);
    expect((await told(on)).at(-1)).toEqual([other.arn, "over-budget"]);
  });

  it.each<[string, number, string[]]>([
    ["an hour ago is left alone", 1, ["cannot-mend"]],
    ["23 hours ago is left alone", 23, ["cannot-mend"]],
    ["25 hours ago is tried again", 25, []],
  ])("that failed %s", async (_what, hours, reasons) => {
    const on = scene();
    const point = on.point(2, LONG);
    job(on, point.arn);
    const CompletionDate = new Date(on.simulator.clock.now().getTime() - hours * HOUR_MS);
    for (const { view } of on.state.copyJobs)
      Object.assign(view, { State: "FAILED", StatusMessage: "no key", CompletionDate });
    const [finding] = await findings(on);
    expect([finding?.subject, ...(finding?.bars ?? []).map(({ reason }) => reason)]).toEqual([point.arn, ...reasons]);
    expect(finding?.bars.every(({ because }) => because.endsWith("failed: no key"))).toBe(true);
  });

  it("holds them all where jobs could not be listed", async () => {
    const on = scene();
    const points = [on.point(2, LONG), on.point(3, { ...LONG, resourceArn: OTHER_VOLUME })];
    on.simulator.faults.add({ operation: "ListCopyJobs", effect: { kind: "throttle" } });
    expect(await told(on)).toEqual(points.map(({ arn }) => [arn, "unknown-state"]));
  });
});

describe("keys", () => {
  it.each<[string, () => Bench, string[]]>([
    ["of the customer's own, enabled", () => scene(), []],
    ["of AWS, which serve nothing that AWS Backup does not manage fully", () => scene("AWS"), ["cannot-mend"]],
    [
      "that nobody may describe",
      () => {
        const on = scene();
        on.simulator.faults.add({ service: "kms", operation: "DescribeKey", effect: { kind: "deny" } });
        return on;
      },
      ["unknown-state"],
    ],
  ])("%s: %j", async (_what, make, reasons) => {
    const on = make();
    const point = on.point(2, LONG);
    expect(await told(on)).toEqual([[point.arn, ...reasons]]);
  });
});
