import { describe, expect, it } from "vitest";
import { addRecoveryPoint, addVault } from "../simulator/backup/build.ts";
import { IRELAND, SHOP, universe, type Universe } from "../support/universe.ts";
import { PRODUCTION } from "./manifests.ts";
import { told, writesSince } from "./telling.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const TABLE = `arn:aws:dynamodb:${IRELAND}:${SHOP}:table/invoices`;
const point = (age: number) => `arn:aws:backup:${IRELAND}:${SHOP}:recovery-point:${String(age).padStart(8, "0")}`;

const files = (consent = ""): Readonly<Record<string, string>> => ({
  "fleet.yaml": PRODUCTION["fleet.yaml"],
  "points.yaml": `
apiVersion: holdfast/v1
kind: RecoveryPointPolicy
metadata: { name: a-month }
spec:
  targets: { groups: [production] }
  match: { vaults: [legacy] }
  retention: { atMostDays: 30 }
${consent}`,
});

/** Points of one table, each so many days old, kept for a year or for ever. */
function points(...given: readonly (readonly [age: number, keepDays?: number])[]): Universe {
  const u = universe({ files: files() });
  const shop = u.simulator.backup(SHOP, IRELAND);
  addVault(shop, { name: "legacy" });
  for (const [age, keepDays] of given)
    addRecoveryPoint(shop, {
      vault: "legacy",
      arn: point(age),
      resourceArn: TABLE,
      resourceType: "DynamoDB",
      creationDate: new Date(u.simulator.clock.now().getTime() - age * DAY_MS),
      lifecycle: keepDays === undefined ? {} : { DeleteAfterDays: keepDays },
      sizeBytes: 5_000,
    });
  return u;
}

const daysOf = ({ simulator }: Universe, age: number): number | undefined =>
  simulator.backup(SHOP, IRELAND).vaults.get("legacy")?.points.get(point(age))?.lifecycle.DeleteAfterDays;

const approving = (ids: readonly (string | undefined)[]): string => `---
apiVersion: holdfast/v1
kind: Approval
metadata: { name: shorter }
spec: { changes: [${ids.join(", ")}], reason: a month will do, expires: "2026-04-10" }
`;

describe("points kept for longer than they should be", () => {
  it("are shortened after announcement, grace and consent, to a date that was never before the grace", async () => {
    const u = points([3], [100, 365]);
    const run = told(await u.run());
    const held = run.report.held.filter(({ subject }) => subject === point(100));
    expect(held.map(({ reason, also }) => [reason, ...also])).toEqual([["needs-approval", "not-announced"]]);
    const announcedDays = run.report.resources.find(({ id }) => id === point(100))?.differences[0]?.desired;
    // 100 days old, 14 of grace, a day because the grace begins with the report, and whole days.
    expect(announcedDays).toBe(116);

    u.simulator.clock.advance(14 * DAY_MS + HOUR_MS);
    u.commit(files(approving([held[0]?.change])));
    await u.run();
    expect(daysOf(u, 100)).toBe(116);
    const call = writesSince(u, 0).find(({ operation }) => operation === "UpdateRecoveryPointLifecycle");
    expect(call?.principal).toContain("assumed-role/holdfast-retain/");
  });

  it("keep their date from report to report, so that an approval still means what it said", async () => {
    const u = points([3], [100, 365]);
    const first = told(await u.run()).report.held.find(({ subject }) => subject === point(100))?.change;
    u.simulator.clock.advance(5 * DAY_MS);
    const later = told(await u.run()).report.held.find(({ subject }) => subject === point(100))?.change;
    expect(later).toBe(first);
  });

  it("that never expire are given an end, and the newest of them is not", async () => {
    const u = points([1], [2]);
    const run = told(await u.run());
    expect(run.report.tallies).toMatchObject([{ cause: "neverExpires", points: 2, bytes: 10_000 }]);
    expect(run.report.held.find(({ subject }) => subject === point(1))).toMatchObject({
      reason: "needs-approval",
      also: ["not-announced", "last-point"],
    });
  });

  it("stay in a locked vault: nothing is tried", async () => {
    const u = points([3], [100, 365]);
    u.simulator.operator(SHOP, IRELAND)("backup", "PutBackupVaultLockConfiguration", {
      BackupVaultName: "legacy",
      MinRetentionDays: 1,
    });
    expect(told(await u.run()).report.held.find(({ subject }) => subject === point(100))?.also).toContain("locked");
  });
});
