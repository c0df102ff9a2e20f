import { describe, expect, it } from "vitest";
import { addRecoveryPoint, addVault } from "../simulator/backup/build.ts";
import { IRELAND, SHOP, universe, type Universe } from "../support/universe.ts";
import { files } from "./legacy-vault.ts";
import { told, writesSince } from "./telling.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const own = (service: string, resource: string) => `arn:aws:${service}:${IRELAND}:${SHOP}:${resource}`;

/** Points whose owners tell of them, those of AWS Backup's own, and those that Tagging tells of. */
const RESOURCES = {
  RDS: own("rds", "db:orders"),
  Aurora: own("rds", "cluster:ledger"),
  EFS: own("elasticfilesystem", "file-system/fs-1"),
  EBS: own("ec2", "volume/vol-1"),
} as const;

/** As much as there is may go in a day, and what is kept for too long is shortened beside what is expired. */
const POLICIES = `
apiVersion: holdfast/v1
kind: RecoveryPointPolicy
metadata: { name: clean-up }
spec:
  targets: { groups: [production] }
  match: { vaults: [legacy] }
  orphans: { when: [expired], action: delete, grace: 14d }
  retention: { atMostDays: 60 }
`;
const given = (...documents: readonly string[]): Readonly<Record<string, string>> => {
  const all = files(POLICIES, ...documents);
  return {
    ...all,
    "fleet.yaml": `${all["fleet.yaml"]}  guardrails: { destruction: { percentOfVault: 100 } }\n`,
  };
};

/** The same of resources that have been gone for a day. */
const forsaken = (more = ""): Readonly<Record<string, string>> => {
  const all = given(more);
  return {
    ...all,
    "points.yaml": all["points.yaml"]!.replace(/orphans:.*/, ORPHANED).replace(/ {2}retention:.*\n/, ""),
  };
};
const ORPHANED = "orphans: { when: [resourceDeleted], action: delete, grace: 14d, minMissing: 1d }";

/** What is taken by hand is nobody's orphan (rule 2). */
const PLAN = {
  BackupPlanId: "gone",
  BackupPlanArn: own("backup", "backup-plan:gone"),
  BackupPlanVersion: "1",
  BackupRuleId: "11111111-1111-4111-8111-111111111111",
  BackupRuleName: "daily",
};

const consent = (changes: readonly string[]): string => `---
apiVersion: holdfast/v1
kind: Approval
metadata: { name: clean }
spec: { standing: [{ policy: clean-up, cause: expired }], changes: [${changes.join(", ")}], reason: spent, expires: "2026-04-01" }
`;

/** A vault with an expired point of each under a good one, one snapshot kept for ever, and another vault that lawyers hold. */
function left(): Universe {
  const u = universe({ files: given() });
  const state = u.simulator.backup(SHOP, IRELAND);
  const daysAgo = (days: number) => new Date(u.simulator.clock.now().getTime() - days * DAY_MS);
  for (const name of ["legacy", "evidence"]) addVault(state, { name });
  for (const [resourceType, resourceArn] of Object.entries(RESOURCES)) {
    const of = { vault: "legacy", resourceArn, resourceType, sizeBytes: 1_000 };
    u.simulator.addResource(SHOP, IRELAND, { arn: resourceArn, type: resourceType });
    addRecoveryPoint(state, { ...of, creationDate: daysAgo(10), lifecycle: { DeleteAfterDays: 60 } });
    addRecoveryPoint(state, {
      ...of,
      creationDate: daysAgo(60),
      lifecycle: { DeleteAfterDays: 30 },
      status: "EXPIRED",
    });
    addRecoveryPoint(state, { ...of, vault: "evidence", creationDate: daysAgo(20) });
  }
  const of = { vault: "legacy", resourceArn: RESOURCES.EBS, resourceType: "EBS", sizeBytes: 1_000 };
  addRecoveryPoint(state, { ...of, creationDate: daysAgo(40) });
  u.simulator.operator(SHOP, IRELAND)("backup", "CreateLegalHold", {
    Title: "matter-1",
    Description: "Counsel asked for it",
    RecoveryPointSelection: {
      VaultNames: ["evidence"],
      DateRange: { FromDate: daysAgo(100), ToDate: u.simulator.clock.now() },
    },
  });
  return u;
}

const askedAs = ({ simulator }: Universe, role: string): ReadonlySet<string> =>
  new Set(
    simulator.calls
      .all()
      .filter(({ principal }) => principal.includes(`assumed-role/${role}/`))
      .flatMap(({ permissions }) => permissions),
  );

describe("what cannot be taken back", () => {
  it("is preceded by another look, by the role that does it: at the point, its vault, every legal hold and people's marks", async () => {
    const u = left();
    const held = told(await u.run()).report.held.flatMap(
      ({ change, effect }) => (effect === "destroys" && change) || [],
    );
    u.simulator.clock.advance(14 * DAY_MS + HOUR_MS);
    for (let night = 0; night < 4; night += 1) {
      u.commit(given(consent(held)));
      await u.run();
      u.simulator.clock.advance(6 * HOUR_MS);
    }
    const gone = writesSince(u, 0).filter(({ operation }) => operation === "DeleteRecoveryPoint");
    expect(new Set(gone.map(({ input }) => String(input["RecoveryPointArn"]).split(":")[2]))).toEqual(
      new Set(["backup", "ec2", "rds"]),
    );
    const looks = ["backup:DescribeRecoveryPoint", "backup:DescribeBackupVault", "backup:ListLegalHolds"];
    const holds = "backup:ListRecoveryPointsByLegalHold";
    expect([...askedAs(u, "holdfast-destroy")]).toEqual(
      expect.arrayContaining([...looks, holds, "backup:ListTags", "tag:GetResources"]),
    );
    expect([...askedAs(u, "holdfast-retain")]).toEqual(expect.arrayContaining([...looks, holds, "tag:GetResources"]));
    expect([...askedAs(u, "holdfast-observe")]).toContain(holds);
    const kept = [...u.simulator.backup(SHOP, IRELAND).vaults.get("evidence")!.points];
    expect(kept).toHaveLength(Object.keys(RESOURCES).length);
  });

  it("is preceded by another proof that its resource is gone, for which a database's snapshots tell which one it was", async () => {
    const u = universe({ files: forsaken() });
    const state = u.simulator.backup(SHOP, IRELAND);
    addVault(state, { name: "legacy" });
    for (const resourceType of ["RDS", "Aurora"] as const)
      for (const age of [40, 60])
        addRecoveryPoint(state, {
          vault: "legacy",
          resourceArn: RESOURCES[resourceType],
          resourceType,
          sourceResourceId: `${resourceType.toLowerCase()}-1`,
          creationDate: new Date(u.simulator.clock.now().getTime() - age * DAY_MS),
          sizeBytes: 1_000,
          createdBy: PLAN,
        });
    const changes = new Set<string>();
    for (let week = 0; week < 6 && writesSince(u, 0).length < 2; week += 1) {
      u.commit(forsaken(changes.size === 0 ? "" : consent([...changes])));
      const { held } = told(await u.run()).report;
      for (const { change, effect } of held) if (effect === "destroys" && change) changes.add(change);
      u.simulator.clock.advance(7 * DAY_MS + HOUR_MS);
    }
    expect([...askedAs(u, "holdfast-destroy")]).toEqual(
      expect.arrayContaining(["rds:DescribeDBClusterSnapshots", "rds:DescribeDBSnapshots"]),
    );
  });
});
