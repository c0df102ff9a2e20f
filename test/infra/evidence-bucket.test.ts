import { describe, expect, it } from "vitest";
import { DESIRED_BUCKET, serve, type Served } from "../cli/command-line.ts";
import { PRODUCTION } from "../scenarios/manifests.ts";
import type { PolicyDocument as Simulated } from "../simulator/iam/policy.ts";
import { BUCKETS } from "../support/universe.ts";
import { controllerOf, hubTemplate, resolvedPolicy } from "./deployed.ts";

const template = hubTemplate();

/** The policy that the hub stack gives the evidence bucket, on the bucket that a command line writes to. */
function evidencePolicy(): Simulated {
  const [, policy] = Object.entries(template.findResources("AWS::S3::BucketPolicy")).find(([id]) =>
    id.startsWith("Evidence"),
  )!;
  const { PolicyDocument } = policy["Properties"] as { readonly PolicyDocument: unknown };
  return resolvedPolicy(PolicyDocument, { "Evidence.*Arn": `arn:aws:s3:::${BUCKETS.evidence}` });
}

async function hub(): Promise<Served> {
  const s = await serve({ files: PRODUCTION });
  s.universe.simulator.bucket(BUCKETS.evidence).policy = evidencePolicy();
  // Desired state in S3, so that the store's time is the run's.
  await s.run(["sync", "--to", `s3://${DESIRED_BUCKET}`]);
  return s;
}

const SYNCED = { HOLDFAST_DESIRED_STATE: `s3://${DESIRED_BUCKET}` };

/** What the stack tells the function about locks. */
const told = (): string => {
  const { Environment } = controllerOf(template) as {
    readonly Environment: { readonly Variables: Readonly<Record<string, string>> };
  };
  return Environment.Variables["HOLDFAST_RETENTION"] ?? "";
};

describe("the hub's evidence bucket", () => {
  it("takes what the function puts, as the stack tells it to, run after run", async () => {
    await using s = await hub();
    const env = { ...SYNCED, HOLDFAST_RETENTION: told() };
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
