import { describe, expect, it } from "vitest";
import { addRecoveryPoint, addVault } from "../simulator/backup/build.ts";
import { FRANKFURT, IRELAND, SHOP, universe, VAULTS, type Universe } from "../support/universe.ts";
import { CENTRAL_VAULT, PRODUCTION } from "./manifests.ts";
import { told, writesSince } from "./telling.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const FILES = (n: number) => `arn:aws:elasticfilesystem:${IRELAND}:${SHOP}:file-system/fs-0${n}`;
const CENTRAL = `arn:aws:backup:${FRANKFURT}:${VAULTS}:backup-vault:central`;
const ROLE = `arn:aws:iam::${SHOP}:role/service-role/AWSBackupDefaultServiceRole`;

const policy = (copies: string) => `
apiVersion: holdfast/v1
kind: RecoveryPointPolicy
metadata: { name: copied }
spec:
  targets: { groups: [production] }
  match: { vaults: [legacy] }
  copies: [{ to: { account: "${VAULTS}", region: ${FRANKFURT}, vault: central }, ${copies} }]
`;
const SINCE_NEW_YEAR = 'since: "2026-01-01T00:00:00Z"';
const SINCE = `${SINCE_NEW_YEAR}, remedy: copyAgain`;

const files = (copies: string): Readonly<Record<string, string>> => ({
  "fleet.yaml": PRODUCTION["fleet.yaml"],
  "central.yaml": CENTRAL_VAULT,
  "points.yaml": policy(copies),
});

/** File systems with one point each, two days old, in a vault whose copies go elsewhere. The central vault stands. */
async function fileSystems(count: number, copies: string): Promise<Universe> {
  const u = universe({ files: { "fleet.yaml": PRODUCTION["fleet.yaml"], "central.yaml": CENTRAL_VAULT } });
  await u.run();
  const shop = u.simulator.backup(SHOP, IRELAND);
  addVault(shop, { name: "legacy" });
  for (let n = 1; n <= count; n++)
    addRecoveryPoint(shop, {
      vault: "legacy",
      arn: `arn:aws:backup:${IRELAND}:${SHOP}:recovery-point:0000000${n}-0000-4000-8000-000000000000`,
      resourceArn: FILES(n),
      resourceType: "EFS",
      creationDate: new Date(u.simulator.clock.now().getTime() - 2 * DAY_MS),
      iamRoleArn: ROLE,
      lifecycle: { DeleteAfterDays: 90 },
      sizeBytes: 1_000,
    });
  u.commit(files(copies));
  return u;
}

const TOLD_ONLY = {
  reason: "observe-only",
  because: expect.stringContaining(`${CENTRAL} has no copy of it`),
  release: expect.stringContaining("remedy: copyAgain"),
};

const started = (u: Universe, from = 0) =>
  writesSince(u, from).filter(({ operation, outcome }) => operation === "StartCopyJob" && outcome === "ok");
const copied = ({ simulator }: Universe) => [...simulator.backup(VAULTS, FRANKFURT).vaults.get("central")!.points];

describe("copies", () => {
  it("that are missing are told of, started once the policy asks for that, arrive, and are then left in peace", async () => {
    const u = await fileSystems(2, SINCE_NEW_YEAR);
    const { result, report } = told(await u.run());
    const concerns = { open: 1, high: 1 };
    expect([result, report.held, report.concerns]).toMatchObject(["DRIFTED", [TOLD_ONLY, TOLD_ONLY], concerns]);
    expect(started(u)).toEqual([]);
    u.commit(files(SINCE));
    const run = told(await u.run());
    expect(run.result).toBe("CORRECTED");
    expect(started(u).map(({ input }) => input["DestinationBackupVaultArn"])).toEqual([CENTRAL, CENTRAL]);
    expect(told(await u.run()).result).toBe("CONVERGED");
    u.simulator.clock.advance(HOUR_MS);
    expect(copied(u).map(({ resourceArn }) => resourceArn)).toEqual([FILES(1), FILES(2)]);
    expect(told(await u.run()).result).toBe("CONVERGED");
    expect(started(u)).toHaveLength(2);
  });

  it("are asked of points that were taken since the policy was first in a signed report", async () => {
    const u = await fileSystems(1, "remedy: copyAgain");
    await u.run();
    u.simulator.clock.advance(3 * DAY_MS);
    expect(told(await u.run()).result).toBe("CONVERGED");
    expect(started(u)).toEqual([]);
  });

  it("of older points wait for consent, with the bytes they move", async () => {
    const u = await fileSystems(2, "backfill: all, remedy: copyAgain");
    const run = told(await u.run());
    expect(run.report.held.map(({ reason, action }) => [reason, action])).toEqual([
      ["hazard", "amend"],
      ["hazard", "amend"],
    ]);
    expect(run.report.groups).toMatchObject([{ cause: "copyMissing", points: 2, bytes: 2_000 }]);
    expect(started(u)).toEqual([]);
  });

  it("that would be refused are not started: the destination's policy is looked at first", async () => {
    const u = await fileSystems(1, SINCE);
    u.simulator.backup(VAULTS, FRANKFURT).vaults.get("central")!.accessPolicy = undefined;
    u.commit({ "fleet.yaml": PRODUCTION["fleet.yaml"], "points.yaml": policy(SINCE) });
    const run = told(await u.run());
    const held = run.report.held.find(({ subject }) => subject !== undefined);
    expect(held).toMatchObject({ reason: "cannot-mend" });
    expect(held?.because).toContain("does not let account 444455556666 copy into it");
    expect(started(u)).toEqual([]);
  });

  it("that failed are tried again a day later, and not before", async () => {
    const u = await fileSystems(1, SINCE);
    const unshared = u.simulator.backup(VAULTS, FRANKFURT).world.globalSettings.values;
    unshared.set("isCrossAccountBackupEnabled", "false");
    await u.run();
    u.simulator.clock.advance(2 * HOUR_MS);
    const run = told(await u.run());
    expect(run.report.held[0]?.because).toContain("Cross-account backup is not enabled");
    expect(started(u)).toHaveLength(1);
    u.simulator.clock.advance(DAY_MS);
    unshared.set("isCrossAccountBackupEnabled", "true");
    await u.run();
    expect(started(u)).toHaveLength(2);
  });

  it("that are kept for less long than asked are kept longer, where they lie", async () => {
    const u = await fileSystems(1, `${SINCE}, retention: { atLeastDays: 30 }`);
    await u.run();
    u.simulator.clock.advance(HOUR_MS);
    const [copy] = copied(u);
    expect(copy?.lifecycle.DeleteAfterDays).toBe(90);
    u.commit(files(`${SINCE}, retention: { atLeastDays: 365 }`));
    expect(told(await u.run()).result).toBe("CORRECTED");
    expect(copy?.lifecycle.DeleteAfterDays).toBe(365);
    expect(told(await u.run()).result).toBe("CONVERGED");
  });

  it("whose destination could not be read are neither missing nor there", async () => {
    const u = await fileSystems(1, SINCE);
    u.simulator.faults.add({
      operation: "ListRecoveryPointsByBackupVault",
      account: VAULTS,
      effect: { kind: "deny" },
    });
    const run = told(await u.run());
    expect(run.result).toBe("INCOMPLETE");
    expect(started(u)).toEqual([]);
  });

  it("whose start got no answer are started once: the token says it was us", async () => {
    const u = await fileSystems(1, SINCE);
    u.simulator.faults.add({ operation: "StartCopyJob", effect: { kind: "lose" }, times: 1 });
    await u.run();
    u.simulator.clock.advance(60_000);
    await u.run();
    u.simulator.clock.advance(HOUR_MS);
    await u.run();
    expect(copied(u)).toHaveLength(1);
  });
});
