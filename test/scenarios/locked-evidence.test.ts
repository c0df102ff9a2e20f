import { describe, expect, it } from "vitest";
import { DESIRED_BUCKET, serve } from "../cli/command-line.ts";
import { BUCKETS } from "../support/universe.ts";
import { PRODUCTION } from "./manifests.ts";

const TEN_YEARS_MS = 3650 * 86_400_000;

describe("evidence with a retention of its own", () => {
  it("is locked object by object, the keys too, and nothing else is: the lease must go on changing", async () => {
    await using s = await serve({ files: PRODUCTION });
    // Desired state in S3, so that the store's time is the run's.
    const desired = `s3://${DESIRED_BUCKET}`;
    await s.run(["sync", "--to", desired]);
    const env = { HOLDFAST_RETENTION: "governance:3650d", HOLDFAST_DESIRED_STATE: desired };
    expect((await s.run(["reconcile"], { env })).code).toBe(0);
    const versions = (bucket: string) =>
      [...s.universe.simulator.bucket(bucket).objects].flatMap(([key, all]) =>
        all.map((version) => ({ key, version })),
      );
    const evidence = versions(BUCKETS.evidence);
    expect(evidence.map(({ key }) => key)).toContain("keys.json");
    for (const { key, version } of evidence) {
      const retention = version.kind === "object" ? version.retention : undefined;
      expect(retention?.mode, key).toBe("GOVERNANCE");
      expect(Math.abs(retention!.until.getTime() - version.modified.getTime() - TEN_YEARS_MS), key).toBeLessThan(
        60_000,
      );
    }
    expect(versions(BUCKETS.work).filter(({ version }) => version.kind === "object" && version.retention)).toEqual([]);
  });

  it("is put as its bucket locks it where nobody says how", async () => {
    await using s = await serve({ files: PRODUCTION });
    // A bucket that the hub's stack did not make, and that takes what is put without a lock.
    s.universe.simulator.bucket(BUCKETS.evidence).policy = undefined;
    expect((await s.run(["reconcile"], { env: { HOLDFAST_RETENTION: undefined } })).code).toBe(0);
    const puts = s.universe.simulator.calls.all().filter(({ operation }) => operation === "PutObject");
    expect(puts.length).toBeGreaterThan(0);
    expect(puts.filter(({ input }) => input["ObjectLockMode"] !== undefined)).toEqual([]);
  });

  it("fails loudly in a bucket that locks nothing", async () => {
    await using s = await serve({ files: PRODUCTION });
    s.universe.simulator.bucket(BUCKETS.evidence).lock = undefined;
    const run = await s.run(["reconcile"], { env: { HOLDFAST_RETENTION: "governance:2557d" } });
    expect(run.code).toBe(1);
    expect(run.err).toContain("could not write s3://acme-evidence");
  });
});
