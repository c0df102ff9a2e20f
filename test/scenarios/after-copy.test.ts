import { describe, expect, it } from "vitest";
import { addRecoveryPoint, addVault } from "../simulator/backup/build.ts";
import { FRANKFURT, IRELAND, SHOP, universe, VAULTS, type Universe } from "../support/universe.ts";
import { CENTRAL_VAULT, PRODUCTION } from "./manifests.ts";
import { told, writesSince } from "./telling.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const FILES = `arn:aws:elasticfilesystem:${IRELAND}:${SHOP}:file-system/fs-01`;
const ROLE = `arn:aws:iam::${SHOP}:role/service-role/AWSBackupDefaultServiceRole`;
const pointArn = (age: number) =>
  `arn:aws:backup:${IRELAND}:${SHOP}:recovery-point:000000${age}-0000-4000-8000-000000000000`;

const POLICY = `
apiVersion: holdfast/v1
kind: RecoveryPointPolicy
metadata: { name: elsewhere }
spec:
  targets: { groups: [production] }
  match: { vaults: [legacy] }
  copies:
    - to: { account: "${VAULTS}", region: ${FRANKFURT}, vault: central }
      since: "2025-01-01T00:00:00Z"
      remedy: copyAgain
      afterCopy: { keepLocalDays: 30 }
`;
const files = (more = ""): Readonly<Record<string, string>> => ({
  "fleet.yaml": PRODUCTION["fleet.yaml"],
  "central.yaml": CENTRAL_VAULT,
  "points.yaml": POLICY + more,
});
const approving = (change: string): string => `---
apiVersion: holdfast/v1
kind: Approval
metadata: { name: elsewhere }
spec: { changes: [${change}], reason: copies are kept centrally, expires: "2026-04-10" }
`;

/** Points of fifty and of twelve days, copied into another account. */
async function copiedPoints(): Promise<Universe> {
  const u = universe({ files: files() });
  const shop = u.simulator.backup(SHOP, IRELAND);
  addVault(shop, { name: "legacy" });
  for (const age of [50, 12])
    addRecoveryPoint(shop, {
      vault: "legacy",
      arn: pointArn(age),
      resourceArn: FILES,
      resourceType: "EFS",
      creationDate: new Date(u.simulator.clock.now().getTime() - age * DAY_MS),
      iamRoleArn: ROLE,
      lifecycle: { DeleteAfterDays: 365 },
      sizeBytes: 1_000,
    });
  // The vault first, and then one copy of a resource at a time.
  for (let run = 0; run < 3; run++) {
    await u.run();
    u.simulator.clock.advance(2 * HOUR_MS);
  }
  return u;
}

const destroyed = (u: Universe): readonly unknown[] =>
  writesSince(u, 0)
    .filter(({ operation }) => operation === "DeleteRecoveryPoint")
    .map(({ input }) => input["RecoveryPointArn"]);
const leavingIn = (run: ReturnType<typeof told>) =>
  run.report.held.filter(({ subject, effect }) => subject === pointArn(50) && effect === "destroys");

/** Announced, the grace gone by, and approved. */
async function due(): Promise<Universe> {
  const u = await copiedPoints();
  const [held] = leavingIn(told(await u.run()));
  expect(held?.reason).toBe("needs-approval");
  u.simulator.clock.advance(14 * DAY_MS + HOUR_MS);
  u.commit(files(approving(held!.change!)));
  return u;
}

describe("points whose copies stand elsewhere", () => {
  it("are announced, and go once approved and after the grace: the newest stays", async () => {
    const u = await due();
    const run = told(await u.run());
    expect(destroyed(u)).toEqual([pointArn(50)]);
    expect(run.report.changes.find(({ effect }) => effect === "destroys")).toMatchObject({ result: "accepted" });
    u.simulator.clock.advance(DAY_MS);
    await u.run();
    expect([...u.simulator.backup(SHOP, IRELAND).vaults.get("legacy")!.points].map(({ arn }) => arn)).toEqual([
      pointArn(12),
    ]);
  });

  it("stay in a run that an event began, which never destroys", async () => {
    const u = await due();
    await u.run({ trigger: "event", scope: { accounts: [SHOP] } });
    await u.run({ trigger: "event" });
    expect(destroyed(u)).toEqual([]);
  });

  it("stay where the copy's vault cannot be read, their announcement paused; and begin anew where the copy went", async () => {
    const u = await due();
    u.simulator.faults.add({
      operation: "ListRecoveryPointsByBackupVault",
      account: VAULTS,
      effect: { kind: "throttle" },
    });
    await u.run();
    expect(destroyed(u)).toEqual([]);
    u.simulator.faults.clear();
    const { points } = u.simulator.backup(VAULTS, FRANKFURT).vaults.get("central")!;
    for (const { arn } of points) points.delete(arn);
    const run = told(await u.run());
    expect([leavingIn(run), run.report.summary["announced"]]).toEqual([[], 0]);
    expect(destroyed(u)).toEqual([]);
  });
});
