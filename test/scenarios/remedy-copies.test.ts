import { beforeEach, describe, expect, it } from "vitest";
import { addRecoveryPoint } from "../simulator/backup/build.ts";
import { addMishap } from "../simulator/backup/mishaps.ts";
import { FRANKFURT, IRELAND, SHOP, universe, type Universe, VAULTS } from "../support/universe.ts";
import { edited, PRODUCTION } from "./manifests.ts";
import { told, type Told, writesSince } from "./telling.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const TABLE = `arn:aws:dynamodb:${IRELAND}:${SHOP}:table/orders`;
const CENTRAL = `arn:aws:backup:${FRANKFURT}:${VAULTS}:backup-vault:central`;
const COVERAGE = `
apiVersion: holdfast/v1
kind: CoveragePolicy
metadata: { name: every-day }
spec:
  targets: { groups: [production] }
  match: { tags: { all: { env: production } } }
  rpo: 30h
  remedy: backUpNow
`;
const ARROW = "- destinationBackupVaultArn: arn:aws:backup";
const FILES = {
  ...edited(
    "plan.yaml",
    ARROW,
    `- lifecycle: { deleteAfterDays: 90 }\n          destinationBackupVaultArn: arn:aws:backup`,
  ),
  "coverage.yaml": COVERAGE,
};

let u: Universe;

/** Two nights failed, and the backup was made up for an hour ago; nobody has copied it. */
beforeEach(async () => {
  u = universe({ files: FILES });
  const tags = { env: "production", backup: "nightly" };
  u.simulator.addResource(SHOP, IRELAND, { arn: TABLE, type: "DynamoDB", tags, sizeBytes: 1_000 });
  await u.run();
  u.simulator.clock.advance(DAY_MS);
  const mend = addMishap(u.simulator.backup(SHOP, IRELAND), { job: "backup", end: "FAILED", message: "no space" });
  u.simulator.clock.advance(2 * DAY_MS);
  mend();
  await u.run();
  u.simulator.clock.advance(HOUR_MS);
});

const copies = () => writesSince(u, 0).filter(({ operation }) => operation === "StartCopyJob");
const central = () => u.simulator.backup(VAULTS, FRANKFURT).vaults.get("central")!;
const remedied = () =>
  [...u.simulator.backup(SHOP, IRELAND).vaults.get("nightly")!.points].find((one) => "holdfast:remedy" in one.tags)!;
const lacking = ({ report }: Told) =>
  report.resources.flatMap(({ finding, because }) => (finding?.cause === "remedy-uncopied" ? [because] : []));

describe("the copy of a backup that was made up for", () => {
  it("is not started where its vault or the remedies' tags were not read to the end", async () => {
    const unread = [
      { operation: "ListRecoveryPointsByBackupVault", account: VAULTS, effect: { kind: "deny" } },
      { operation: "GetResources", account: SHOP, effect: { kind: "throttle" } },
    ] as const;
    for (const fault of unread) {
      const restore = u.simulator.faults.add(fault);
      const run = told(await u.run());
      expect([fault.operation, run.result, lacking(run), copies()]).toEqual([fault.operation, "INCOMPLETE", [], []]);
      restore();
    }
    u.simulator.faults.add({ operation: "ListCopyJobs", account: SHOP, effect: { kind: "deny" } });
    const run = told(await u.run());
    expect([run.report.held.map(({ reason }) => reason), copies()]).toEqual([["unknown-state"], []]);
  });

  it("is started by an event's run that sees where it would lie, once, with the rule's lifecycle and role, though the answer is lost", async () => {
    const point = remedied();
    const narrow = told(await u.run({ trigger: "event", scope: { accounts: [SHOP], regions: [IRELAND] } }));
    expect([lacking(narrow), copies()]).toEqual([[], []]);
    u.simulator.faults.add({ operation: "StartCopyJob", effect: { kind: "lose" }, times: 1 });
    await u.run({ trigger: "event", scope: { accounts: [SHOP, VAULTS] } });
    expect(copies().map(({ input }) => input)).toMatchObject([
      {
        RecoveryPointArn: point.arn,
        SourceBackupVaultName: "nightly",
        DestinationBackupVaultArn: CENTRAL,
        IamRoleArn: `arn:aws:iam::${SHOP}:role/service-role/AWSBackupDefaultServiceRole`,
        Lifecycle: { DeleteAfterDays: 90 },
      },
    ]);
    const next = told(await u.run());
    expect([lacking(next), copies().length], "the job that runs is as good as the copy").toEqual([[], 1]);
    u.simulator.clock.advance(HOUR_MS);
    expect(told(await u.run()).result).toBe("CONVERGED");
    expect(copies()).toHaveLength(1);
    expect([...central().points].filter(({ resourceArn }) => resourceArn === TABLE)).toHaveLength(2);
  });

  it("is not started beside two points that may both be it, nor without a budget, and not again on the day that it failed", async () => {
    const { creationDate } = remedied();
    const arns = ["1", "2"].map(
      (n) => `arn:aws:backup:${FRANKFURT}:${VAULTS}:recovery-point:${n}0000000-0000-4000-8000-000000000000`,
    );
    const twins = { vault: "central", resourceArn: TABLE, resourceType: "DynamoDB", creationDate };
    for (const arn of arns) addRecoveryPoint(u.simulator.backup(VAULTS, FRANKFURT), { ...twins, arn });
    expect([lacking(told(await u.run())), copies()]).toEqual([[], []]);
    for (const point of central().points) if (arns.includes(point.arn)) central().points.delete(point.arn);
    const none = `${PRODUCTION["fleet.yaml"]}  guardrails: { copies: { perTargetDay: 0 } }\n`;
    u.commit({ ...FILES, "fleet.yaml": none });
    const held = told(await u.run());
    expect([held.report.held.map(({ reason }) => reason), copies()]).toEqual([["over-budget"], []]);
    u.commit(FILES);
    addMishap(u.simulator.backup(SHOP, IRELAND), { job: "copy", end: "FAILED", message: "Access denied" });
    await u.run();
    u.simulator.clock.advance(HOUR_MS);
    const again = told(await u.run());
    expect(lacking(again)[0]).toMatch(
      /has no copy in .*rule daily of plan nightly copies each of its own: .*Access denied/,
    );
    expect([again.report.held.map(({ reason }) => reason), copies().length]).toEqual([["cannot-mend"], 1]);
  });
});
