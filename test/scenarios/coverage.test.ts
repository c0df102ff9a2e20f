import { describe, expect, it } from "vitest";
import { addMishap } from "../simulator/backup/mishaps.ts";
import { FRANKFURT, IRELAND, SHOP, universe, type Universe, VAULTS } from "../support/universe.ts";
import { PRODUCTION } from "./manifests.ts";
import { told, type Told, writesSince } from "./telling.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const TABLE = `arn:aws:dynamodb:${IRELAND}:${SHOP}:table/orders`;
const OTHER = `arn:aws:dynamodb:${IRELAND}:${SHOP}:table/customers`;
const VOLUME = `arn:aws:ec2:${IRELAND}:${SHOP}:volume/vol-1`;

const policy = (more = "") => `
apiVersion: holdfast/v1
kind: CoveragePolicy
metadata: { name: every-day }
spec:
  targets: { groups: [production] }
  match: { tags: { all: { env: production } } }
  rpo: 30h
  ${more}
`;
const files = (more = "", others: Readonly<Record<string, string>> = {}) => ({
  ...PRODUCTION,
  "coverage.yaml": policy(more),
  ...others,
});

/** Production's vault and plan stand, and there are tables that the plan takes in. */
async function tables(more = "", arns: readonly string[] = [TABLE]): Promise<Universe> {
  const u = universe({ files: files(more) });
  for (const arn of arns)
    u.simulator.addResource(SHOP, IRELAND, {
      arn,
      type: "DynamoDB",
      tags: { env: "production", backup: "nightly" },
      sizeBytes: 1_000,
    });
  await u.run();
  return u;
}

/** From the morning after one night to the morning after another. */
const nights = ({ simulator }: Universe, count: number): void => simulator.clock.advance(count * DAY_MS);
const found = ({ report }: Told) =>
  report.resources.flatMap(({ key, finding, because }) =>
    key.kind === "protected-resource" && finding
      ? [{ name: key.name, cause: finding.cause, because: because ?? "" }]
      : [],
  );
const started = (u: Universe, from = 0) =>
  writesSince(u, from).filter(({ operation }) => operation === "StartBackupJob");
const figures = ({ report }: Told) => report.coverage.policies?.find(({ policy: name }) => name === "every-day");

describe("what must be protected", () => {
  it("is told by the next run where no selection takes it in, with the tag that was meant", async () => {
    const u = await tables();
    nights(u, 1);
    u.simulator.addResource(SHOP, IRELAND, {
      arn: OTHER,
      type: "DynamoDB",
      tags: { env: "production", Backup: "Nightly" },
    });
    const run = told(await u.run());
    expect(found(run).map(({ name, cause }) => [name, cause])).toEqual([[OTHER, "unprotected"]]);
    expect(found(run)[0]?.because).toContain(
      "its tag Backup=Nightly is not backup=nightly, which selection nightly/tagged",
    );
    expect(run.report.held.map(({ reason, release }) => [reason, release])).toEqual([
      ["cannot-mend", "the tag backup=nightly on it"],
    ]);
    expect(figures(run)).toMatchObject({ required: 2, met: 1, breaching: 1, unknown: 0 });
  });

  it("is told with what keeps backups of it outside AWS Backup, which makes up for nothing", async () => {
    const u = await tables();
    nights(u, 1);
    const tags = { env: "production" };
    u.simulator.addResource(SHOP, IRELAND, { arn: OTHER, type: "DynamoDB", tags, ownBackupDays: 7 });
    u.simulator.addResource(SHOP, IRELAND, { arn: VOLUME, type: "EBS", tags });
    u.simulator.manageSnapshot(SHOP, IRELAND, VOLUME);
    const run = told(await u.run());
    expect(
      found(run).map(({ name, cause, because }) => [name, cause, because.split("; outside AWS Backup ")[1]]),
    ).toEqual([
      [
        OTHER,
        "unprotected",
        "DynamoDB's point-in-time recovery reaches back up to 7 days; of a deleted table it leaves the last state, for 35 days",
      ],
      [VOLUME, "unprotected", "Data Lifecycle Manager keeps snapshots of it, the newest of 2026-03-02"],
    ]);
    expect(figures(run)).toMatchObject({ required: 3, met: 1, breaching: 2 });
    const lift = u.simulator.faults.add({ operation: "DescribeContinuousBackups", effect: { kind: "deny" } });
    const denied = told(await u.run());
    lift();
    expect(found(denied)[0]?.because).toMatch(
      /; whether its point-in-time recovery is on is not known: dynamodb:DescribeContinuousBackups: /,
    );
    expect(figures(denied)).toEqual(figures(run));
  });

  it("has its first window before anything is said of it, where a plan takes it in, and is met from then on", async () => {
    const u = await tables();
    const fresh = told(await u.run());
    expect(fresh.result).toBe("CONVERGED");
    expect(figures(fresh)).toMatchObject({ required: 1, notYetDue: 1 });
    nights(u, 1);
    expect(figures(told(await u.run()))).toMatchObject({ required: 1, met: 1, notYetDue: 0 });
  });

  it("fails for three nights, is told with what the job says, and is over when a backup has come", async () => {
    const u = await tables();
    nights(u, 1);
    const mend = addMishap(u.simulator.backup(SHOP, IRELAND), {
      job: "backup",
      end: "FAILED",
      message: "no space left",
    });
    nights(u, 3);
    const run = told(await u.run());
    expect(found(run)).toMatchObject([{ name: TABLE, cause: "rpo-breach" }]);
    expect(found(run)[0]?.because).toMatch(/3 days old .*rule daily of plan nightly .*ended FAILED: no space left/);
    expect(run.report.jobs.rpoBreaches).toMatchObject([{ arn: TABLE, policy: "every-day", rpoSeconds: 30 * 3600 }]);
    expect(started(u), "nobody asked for more than being told").toEqual([]);
    mend();
    nights(u, 1);
    const next = told(await u.run());
    expect([next.result, found(next)]).toEqual(["CONVERGED", []]);
  });
});

describe("a backup that is made up for", () => {
  const failing = async (arns = [TABLE], more = "") => {
    const u = await tables(`remedy: backUpNow\n  ${more}`, arns);
    nights(u, 1);
    const mend = addMishap(u.simulator.backup(SHOP, IRELAND), {
      job: "backup",
      end: "FAILED",
      message: "no space left",
    });
    nights(u, 2);
    return { u, mend };
  };

  it("is the rule's own, tells which failure it is for, and is started once", async () => {
    const { u, mend } = await failing();
    mend();
    const run = told(await u.run());
    const jobs = [...u.simulator.backup(SHOP, IRELAND).backupJobs];
    const failed = jobs.findLast(({ view }) => view.State === "FAILED")!;
    expect(started(u).map(({ input }) => input)).toMatchObject([
      {
        ResourceArn: TABLE,
        BackupVaultName: "nightly",
        Lifecycle: { DeleteAfterDays: 35 },
        RecoveryPointTags: { "holdfast:remedy": failed.id },
        StartWindowMinutes: 480,
      },
    ]);
    expect(run.report.changes).toMatchObject([{ action: "amend", effect: "strengthens", result: "applied" }]);
    const again = told(await u.run());
    expect(again.report.held[0]?.because).toContain("is under way");
    u.simulator.clock.advance(HOUR_MS);
    await u.run();
    expect(started(u)).toHaveLength(1);
  });

  it("that fails too is left alone until the rule's next period", async () => {
    const { u } = await failing();
    await u.run();
    u.simulator.clock.advance(2 * HOUR_MS);
    const run = told(await u.run());
    expect(run.report.held[0]).toMatchObject({ reason: "cannot-mend" });
    expect(run.report.held[0]?.because).toContain("ended FAILED: no space left");
    expect(started(u)).toHaveLength(1);
    nights(u, 1);
    await u.run();
    expect(started(u)).toHaveLength(2);
  });

  it("whose start got no answer is found again, and not asked for twice", async () => {
    const { u, mend } = await failing();
    mend();
    u.simulator.faults.add({ operation: "StartBackupJob", effect: { kind: "lose" }, times: 1 });
    await u.run();
    u.simulator.clock.advance(60_000);
    await u.run();
    u.simulator.clock.advance(HOUR_MS);
    await u.run();
    expect(started(u)).toHaveLength(1);
    const remedies = [...u.simulator.backup(SHOP, IRELAND).backupJobs].filter(
      ({ view }) => !view.CreatedBy?.BackupPlanId,
    );
    expect(remedies).toHaveLength(1);
  });

  it("is one of so many a day, and an event's run may start it", async () => {
    const { u, mend } = await failing([TABLE, OTHER]);
    mend();
    const fleet = `${PRODUCTION["fleet.yaml"]}  guardrails: { backups: { perTargetDay: 1 } }\n`;
    u.commit(files("remedy: backUpNow", { "fleet.yaml": fleet }));
    const run = told(await u.run({ trigger: "event", scope: { accounts: [SHOP], regions: [IRELAND] } }));
    expect(started(u)).toHaveLength(1);
    expect(run.report.held.map(({ reason }) => reason)).toEqual(expect.arrayContaining(["over-budget"]));
    await u.run();
    expect(started(u), "the day is the same").toHaveLength(1);
  });

  it("waits where nobody can tell whether one is under way", async () => {
    const { u } = await failing();
    u.simulator.faults.add({ operation: "ListBackupJobs", effect: { kind: "deny" } });
    const run = told(await u.run());
    expect(run.report.held.map(({ reason }) => reason)).toContain("unknown-state");
    expect(started(u)).toEqual([]);
  });

  it("is not made where somebody has accepted the breach", async () => {
    const { u } = await failing();
    const waiver = `
apiVersion: holdfast/v1
kind: Waiver
metadata: { name: frozen }
spec: { owner: shop, reason: being moved, expires: 2026-06-30, findings: { causes: [rpo-breach], resources: ["${TABLE}"] } }
`;
    u.commit(files("remedy: backUpNow", { "waiver.yaml": waiver }));
    const run = told(await u.run());
    expect([run.result, run.report.held.map(({ reason }) => reason)]).toEqual(["CONVERGED", ["waived"]]);
    expect(started(u)).toEqual([]);
  });
});

describe("what could not be read", () => {
  const CENTRAL = `copies: [{ to: { account: "${VAULTS}", region: ${FRANKFURT} }, within: 12h }]`;

  it.each([
    ["vaults, half of each", { operation: "ListRecoveryPointsByBackupVault", page: 2, effect: { kind: "deny" } }],
    ["tags", { operation: "GetResources", account: SHOP, effect: { kind: "deny" } }],
    ["tags, half of them", { operation: "GetResources", account: SHOP, page: 2, effect: { kind: "throttle" } }],
  ] as const)("is unknown and never missing: %s", async (_what, fault) => {
    const u = await tables("remedy: backUpNow", [TABLE, ...["a", "b", "c", "d"].map((name) => `${OTHER}-${name}`)]);
    nights(u, 1);
    await u.run();
    u.simulator.faults.add(fault);
    const run = told(await u.run());
    expect([run.result, found(run), started(u)]).toEqual(["INCOMPLETE", [], []]);
    const { unknown = 0, met = 0, breaching } = figures(run) ?? {};
    expect([unknown + met > 0, breaching]).toEqual([true, 0]);
  });

  it("elsewhere leaves a required copy unknown, and says nothing of the rest", async () => {
    const u = await tables(CENTRAL);
    nights(u, 1);
    u.simulator.faults.add({ operation: "ListRecoveryPointsByBackupVault", account: VAULTS, effect: { kind: "deny" } });
    const run = told(await u.run());
    expect([run.result, found(run)]).toEqual(["INCOMPLETE", []]);
    expect(figures(run)).toMatchObject({ required: 1, met: 0, breaching: 0, unknown: 1 });
  });

  it("is not asked for by a run over a part of the fleet: whether a copy lies beyond it is unknown there", async () => {
    const u = await tables(CENTRAL);
    nights(u, 2);
    expect(found(told(await u.run({ scope: { accounts: [SHOP] } })))).toEqual([]);
  });

  it("does not hide a copy that is missing where everything was read", async () => {
    const u = await tables(CENTRAL);
    u.simulator.backup(VAULTS, FRANKFURT).vaults.get("central")!.accessPolicy = undefined;
    u.commit({ ...files(CENTRAL), "central.yaml": "" });
    nights(u, 3);
    expect(found(told(await u.run()))).toMatchObject([{ name: TABLE, cause: "uncopied" }]);
  });
});
