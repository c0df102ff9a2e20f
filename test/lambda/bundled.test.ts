import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { defined, DESIRED_BUCKET, keysInEnvironment, serve, type Served } from "../cli/command-line.ts";
import { METRICS } from "../../controller/metrics/table.ts";
import { PRODUCTION } from "../scenarios/manifests.ts";
import { mark, writesSince } from "../scenarios/telling.ts";
import { INSTALLED } from "../support/installation.ts";
import { BUCKETS, IRELAND, SHOP } from "../support/universe.ts";
import { embeddedMetrics } from "./embedded-metrics.ts";
import { buildWorker, invoke, type Invoking } from "./worker.ts";

const REQUEST = "8f0c1d9e-1111-4b77-9f63-0a1b2c3d4e5f";
/** Lambda may deliver one invocation twice: the request's id is the run's, with something of its own. */
const RUN_ID = expect.stringMatching(new RegExp(`^${REQUEST}-[0-9a-f]{8}$`));
const SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

let worker: Awaited<ReturnType<typeof buildWorker>>;
beforeAll(async () => {
  worker = await buildWorker();
});
afterAll(() => worker[Symbol.asyncDispose]());

/** A fleet whose desired state is synced, and the function that looks after it. */
async function deployed(): Promise<Served & { readonly call: (how: Partial<Invoking>) => ReturnType<typeof invoke> }> {
  const s = await serve({ files: PRODUCTION });
  await s.run(["sync", "--to", `s3://${DESIRED_BUCKET}`]);
  const env = {
    AWS_REGION: IRELAND,
    ...keysInEnvironment(s.universe.installation.controller()),
    AWS_SECRET_ACCESS_KEY: SECRET,
    AWS_ENDPOINT_URL: s.endpoint,
    AWS_LAMBDA_FUNCTION_NAME: "holdfast-controller",
    POWERTOOLS_SERVICE_NAME: "production",
    HOLDFAST_DESIRED_STATE: `s3://${DESIRED_BUCKET}`,
    HOLDFAST_EVIDENCE: `s3://${BUCKETS.evidence}`,
    HOLDFAST_RETENTION: "governance:2557d",
    HOLDFAST_WORK: `s3://${BUCKETS.work}`,
    HOLDFAST_SIGNER: `kms:${INSTALLED.signingKey}`,
  };
  return {
    ...s,
    [Symbol.asyncDispose]: s[Symbol.asyncDispose],
    call: (how) => invoke({ file: worker.file, requestId: REQUEST, ...how, env: { ...env, ...how.env } }),
  };
}

const Answer = z.looseObject({ run: z.string(), result: z.string() });
const Line = z.looseObject({ level: z.string(), message: z.string(), run: z.string(), timestamp: z.string() });

/** Every line is a JSON document that names the run; one at the end is for CloudWatch to count by. */
const logged = (lines: readonly string[]) => lines.slice(0, -1).map((line) => Line.parse(JSON.parse(line)));
const metered = (lines: readonly string[]) => embeddedMetrics(lines.slice(-1));

describe.concurrent("the bundled function", () => {
  it("makes the world so, publishes a report that verifies, and says where", async () => {
    await using s = await deployed();
    s.universe.simulator.faults.add({ operation: "ListBackupVaults", times: 2, effect: { kind: "throttle" } });
    const before = mark(s.universe);
    const { answer, error, lines } = await s.call({});
    const sent = s.universe.simulator.calls.since(before).length;
    expect(error).toBeUndefined();
    expect(answer).toEqual({
      run: RUN_ID,
      result: "CORRECTED",
      sequence: 1,
      report: expect.stringMatching(/^s3:\/\/acme-evidence\/v1\/.*\/reports\/0000000001\.dsse\.json$/),
    });
    const shop = s.universe.simulator.backup(SHOP, IRELAND);
    expect(shop.vaults.get("nightly")?.lock).toMatchObject({ minRetentionDays: 7 });
    expect([...shop.plans.values()].map(({ selections }) => selections.size)).toEqual([1]);
    expect((await s.run(["report", "verify"])).code).toBe(0);

    const log = logged(lines);
    expect(new Set(log.map(({ run }) => run))).toEqual(new Set([Answer.parse(answer).run]));
    // A first run reads it twice: no report says how much there is to do.
    expect(log.map(({ message }) => message)).toEqual(["desired-state-read", "desired-state-read", "run-concluded"]);
    expect(lines.join("\n")).not.toContain(SECRET);

    const { values, units, ...told } = metered(lines);
    expect(told).toEqual({
      namespace: "Holdfast",
      dimensions: [["service"]],
      service: "production",
      run: Answer.parse(answer).run,
    });
    expect(METRICS, "of which only some are this run's to tell").toMatchObject(units);
    expect(values).toMatchObject({ ReportsPublished: 1, RunsFailed: 0, NextReportDue: 25 * 3600, ColdStarts: 1 });
    expect(values["ChangesApplied"]).toBeGreaterThan(0);
    expect(values["ApiCalls"]).toBe(sent);
    expect(values["ApiThrottles"]).toBe(2);
  });

  it("bears its run's id in every account it enters", async () => {
    await using s = await deployed();
    const { answer } = await s.call({});
    const writes = writesSince(s.universe, 0);
    expect(writes.length).toBeGreaterThan(0);
    expect(new Set(writes.map(({ sourceIdentity }) => sourceIdentity))).toEqual(new Set([Answer.parse(answer).run]));
  });

  it("delivered twice is two runs, each with its own report", async () => {
    await using s = await deployed();
    const answers = [(await s.call({})).answer, (await s.call({})).answer];
    expect(answers).toMatchObject([
      { result: "CORRECTED", sequence: 1 },
      { result: "CONVERGED", sequence: 2 },
    ]);
  });

  it("stands down for whoever has the lease", async () => {
    await using s = await deployed();
    const { world } = await s.universe.controller();
    await world.leases.take("somebody-else");
    const { answer, error, lines } = await s.call({});
    expect(metered(lines).values).toMatchObject({ RunsStoodDown: 1, RunsBroken: 0 });
    expect(metered(lines).values).not.toHaveProperty("ReportsPublished");
    expect(error).toBeUndefined();
    expect(answer).toEqual({
      run: RUN_ID,
      result: "STOOD_DOWN",
      report: expect.stringContaining("stand-downs/"),
    });
    expect(writesSince(s.universe, 0)).toEqual([]);
  });

  it("looks where a batch of events points to, and answers which messages it could make nothing of", async () => {
    await using s = await deployed();
    await s.call({});
    const { clock } = s.universe.simulator;
    clock.advance(180_000);
    s.universe.simulator.backup(SHOP, IRELAND).vaults.get("nightly")!.tags["owner"] = "nobody";
    const place = { source: "aws.backup", account: SHOP, region: IRELAND };
    const changed = { ...place, "detail-type": "Backup Vault State Change", detail: { state: "MODIFIED" } };
    const attributes = { SentTimestamp: String(clock.now().getTime()) };
    const { answer, error, lines } = await s.call({
      file: join(dirname(worker.file), "events.mjs"),
      env: defined(keysInEnvironment(s.universe.installation.controller("events"))),
      event: {
        Records: [
          { messageId: "1", body: JSON.stringify(changed), attributes },
          { messageId: "2", body: "{", attributes },
        ],
      },
    });
    expect([error, answer]).toEqual([undefined, { batchItemFailures: [{ itemIdentifier: "2" }] }]);
    expect(s.universe.simulator.backup(SHOP, IRELAND).vaults.get("nightly")?.tags["owner"]).toBe("platform");
    expect(logged(lines).map(({ message }) => message)).toContain("event-refused");
    expect(metered(lines).values).toMatchObject({
      EventsHandled: 1,
      EventsRefused: 1,
      ChangesApplied: 1,
      RunsBroken: 0,
    });
    expect(metered(lines).values, "it does not stand in for the run that is due").not.toHaveProperty(
      "ReportsPublished",
    );
  });

  it.each([
    ["evidence", { HOLDFAST_EVIDENCE: "s3://acme-evidnece" }, "could not read s3://acme-evidnece/keys.json"],
    ["the desired state", { HOLDFAST_DESIRED_STATE: "s3://acme-nowhere" }, "could not list s3://acme-nowhere/"],
  ])(
    "rejects where the bucket of %s is not the one its role is for, so that Lambda counts an error",
    async (_which, env, says) => {
      await using s = await deployed();
      const { answer, error, lines } = await s.call({ env });
      expect(answer).toBeUndefined();
      expect(error?.message).toContain(says);
      expect(writesSince(s.universe, 0)).toEqual([]);
      expect(logged(lines).at(-1)).toMatchObject({ level: "ERROR", message: "run-failed", code: "store-unreachable" });
      expect(metered(lines).values).toMatchObject({ RunsBroken: 1, EvidenceRefused: 1 });
      expect(metered(lines).values).not.toHaveProperty("ReportsPublished");
      expect(lines.join("\n")).not.toContain(SECRET);
    },
  );

  it("rejects without its settings, and names the one that is missing", async () => {
    const { error, lines } = await invoke({ file: worker.file, requestId: REQUEST, env: { AWS_REGION: IRELAND } });
    expect(error?.message).toContain("HOLDFAST_DESIRED_STATE");
    expect(logged(lines).at(-1)).toMatchObject({ message: "run-failed", code: "setting-refused" });
  });
});
