import { describe, expect, it } from "vitest";
import { unpackRows } from "../../controller/attest/attachments/packed-rows.ts";
import { Observation } from "../../controller/domain/survey.ts";
import { BUCKETS, HUB, IRELAND, SHOP, type Universe, universe, VAULTS } from "../support/universe.ts";
import { PRODUCTION } from "./manifests.ts";
import { mark, told, type Told } from "./telling.ts";

/** The observations that a report binds by their digest. */
function observationsOf(u: Universe, { report }: Told): readonly Observation[] {
  const attachment = report.attachments.find(({ name }) => name === "observations.ndjson.gz");
  if (!attachment) throw new Error("the report has no observations");
  const key = `v1/${report.chain.id}/attachments/${attachment.digest.sha256}`;
  const version = u.simulator.bucket(BUCKETS.evidence).objects.get(key)?.at(-1);
  if (!version || !("body" in version)) throw new Error(`nothing is stored at ${key}`);
  return unpackRows(version.body, attachment).map((row) => Observation.parse(row));
}

describe("a report", () => {
  it("tells of every read that was made in the fleet's targets, by its request id, and counts them", async () => {
    const u = universe({ files: PRODUCTION });
    const from = mark(u);
    const run = told(await u.run());
    const rows = observationsOf(u, run);
    const reads = u.simulator.calls
      .since(from)
      .filter(({ sourceIdentity, mutating }) => sourceIdentity !== undefined && !mutating);
    expect(rows.flatMap(({ requestIds }) => requestIds).toSorted()).toEqual(
      reads.map(({ requestId }) => requestId).toSorted(),
    );
    expect(run.report.summary["observations"]).toBe(rows.length);
    expect(run.report.observations, "they are in the attachment alone").toEqual([]);
  });

  it("tells of every vault there is, ours or not, with its lock, key and policy", async () => {
    const u = universe({ files: PRODUCTION });
    u.simulator.operator(SHOP, IRELAND)("backup", "CreateBackupVault", { BackupVaultName: "theirs" });
    await u.run();
    const { report } = told(await u.run());
    const vaults = u.simulator.regions.flatMap((region) =>
      [HUB, SHOP, VAULTS].flatMap((account) => [...u.simulator.backup(account, region).vaults.values()]),
    );
    expect(report.vaults.map(({ arn }) => arn)).toEqual(vaults.map(({ arn }) => arn).toSorted());
    for (const row of report.vaults) {
      const vault = vaults.find(({ arn }) => arn === row.arn)!;
      expect(row).toMatchObject({
        type: "BACKUP_VAULT",
        locked: vault.lock !== undefined,
        minDays: vault.lock?.minRetentionDays ?? null,
        kmsKeyArn: vault.encryptionKeyArn ?? null,
        recoveryPointCount: vault.points.size,
      });
      expect(row.policySha256 === null).toBe(vault.accessPolicy === undefined);
    }
    expect(report.vaults.some(({ locked }) => locked)).toBe(true);
  });

  it("surveys in windows that follow one another, across a run over a part of the fleet", async () => {
    const u = universe({ files: PRODUCTION });
    const first = told(await u.run()).report;
    const part = told(await u.run({ scope: { accounts: [VAULTS] } })).report;
    const next = told(await u.run()).report;
    expect(first.jobs.complete && first.coverage.complete).toBe(true);
    expect([part.jobs.complete, part.coverage.complete], "a part tells of no population").toEqual([false, false]);
    expect(part.carried.surveyed).toEqual(first.carried.surveyed);
    expect(next.jobs.window.from).toBe(first.jobs.window.to);
  });

  it("is as good as ever where the survey is denied: its sections say that they are incomplete", async () => {
    const u = universe({ files: PRODUCTION });
    await u.run();
    for (const operation of [
      "ListBackupJobs",
      "ListCopyJobs",
      "ListRestoreJobs",
      "ListProtectedResources",
      "GetResources",
    ])
      u.simulator.faults.add({ effect: { kind: "deny" }, operation });
    const run = told(await u.run());
    expect([run.result, run.exitCode]).toEqual(["CONVERGED", 0]);
    expect([run.report.coverage.complete, run.report.jobs.complete]).toEqual([false, false]);
    const denied = observationsOf(u, run).filter(({ failure }) => failure?.kind === "denied");
    expect(new Set(denied.map(({ api }) => api)).size).toBe(5);
  });
});
