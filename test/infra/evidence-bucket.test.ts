import { describe, expect, it } from "vitest";
import { DESIRED_BUCKET, serve, type Served } from "../cli/command-line.ts";
import { PRODUCTION } from "../scenarios/manifests.ts";
import { BUCKETS } from "../support/universe.ts";

async function hub(): Promise<Served> {
  const s = await serve({ files: PRODUCTION });
  // Desired state in S3, so that the store's time is the run's.
  await s.run(["sync", "--to", `s3://${DESIRED_BUCKET}`]);
  return s;
}

const SYNCED = { HOLDFAST_DESIRED_STATE: `s3://${DESIRED_BUCKET}` };

/** What the stack tells the function about locks. */
const told = ({ universe }: Served): string | undefined => {
  const { Environment } = universe.installation.hub.properties("AWS::Lambda::Function", "Controller") as {
    readonly Environment: { readonly Variables: Readonly<Record<string, string>> };
  };
  return Environment.Variables["HOLDFAST_RETENTION"];
};

describe("the hub's evidence bucket", () => {
  it("takes what the function puts, as the stack tells it to, run after run", async () => {
    await using s = await hub();
    const env = { ...SYNCED, HOLDFAST_RETENTION: told(s) };
    for (const sequence of [1, 2]) {
      const run = await s.run(["reconcile", "-o", "json"], { env });
      expect(JSON.parse(run.out)).toMatchObject({ sequence });
    }
    expect((await s.run(["report", "verify"])).code).toBe(0);
  });

  it.each([
    ["that is not locked", undefined],
    ["in another mode", "compliance:2557d"],
    ["for fewer days", "governance:2000d"],
  ])("takes nothing %s", async (_, retention) => {
    await using s = await hub();
    const run = await s.run(["reconcile"], { env: { ...SYNCED, HOLDFAST_RETENTION: retention } });
    expect(run.code).toBe(1);
    expect(run.err).toMatch(/could not write s3:\/\/acme-evidence.*HOLDFAST_RETENTION/s);
    expect(s.universe.simulator.bucket(BUCKETS.evidence).keys).toEqual([]);
  });
});
