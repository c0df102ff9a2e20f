import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { namesIn, untold } from "../laws/crash.ts";
import { reportsIn, verifiedTip } from "../laws/evidence.ts";
import { footprint } from "../laws/footprint.ts";
import { ACCOUNTS } from "../laws/manifests.ts";
import { mutationsIn } from "../laws/runs.ts";
import { PRODUCTION } from "../scenarios/manifests.ts";
import { addRecoveryPoint, addVault } from "../simulator/backup/build.ts";
import { HUB, IRELAND, SHOP } from "../support/universe.ts";
import { assemble, type Assembly } from "./assembly.ts";
import { functionOf, sessionOf } from "./functions.ts";
import { killer, type Killing } from "./kills.ts";
import { runFunctions } from "./lambda.ts";
import { deploy, SETTINGS, type Organization } from "./organization.ts";

let assembly: Assembly;
beforeAll(async () => {
  assembly = await assemble({ settings: { ...SETTINGS, engine: "durable" } });
}, 120_000);
afterAll(() => assembly[Symbol.asyncDispose]());

const RUN = "run-1";

/** Starts the coordinator as the controller does, under its role and by its alias. */
async function startAs(o: Organization, roleArn: string, FunctionName: string): Promise<void> {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = sessionOf(o.simulator, roleArn, "test");
  const client = new LambdaClient({
    region: o.region,
    endpoint: o.endpoint,
    maxAttempts: 1,
    credentials: {
      accessKeyId: AWS_ACCESS_KEY_ID,
      secretAccessKey: AWS_SECRET_ACCESS_KEY,
      sessionToken: AWS_SESSION_TOKEN,
    },
  });
  const Payload = JSON.stringify({ run: RUN });
  await client.send(
    new InvokeCommand({
      FunctionName,
      InvocationType: "Event",
      DurableExecutionName: RUN,
      Payload: Buffer.from(Payload),
    }),
  );
  client.destroy();
}

/** A vault that nobody's manifest names, whose recovery points are to be kept longer. */
const LEGACY = `
apiVersion: holdfast/v1
kind: RecoveryPointPolicy
metadata: { name: legacy }
spec:
  targets: { groups: [production] }
  match: { vaults: [legacy], resourceTypes: [EBS] }
  retention: { atLeastDays: 35 }
`;

function placeLegacy({ simulator }: Organization): void {
  const state = simulator.backup(SHOP, IRELAND);
  addVault(state, { name: "legacy" });
  const creationDate = new Date(simulator.clock.now().getTime() - 86_400_000);
  for (const volume of ["vol-1", "vol-2", "vol-3"])
    addRecoveryPoint(state, {
      vault: "legacy",
      resourceArn: `arn:aws:ec2:${IRELAND}:${SHOP}:volume/${volume}`,
      resourceType: "EBS",
      creationDate,
      sizeBytes: 1_000_000,
      lifecycle: { DeleteAfterDays: 7 },
    });
}

/** A fleet that has nothing yet, and one run over it by the durable engine. */
async function ran(killing: Killing) {
  const o = await deploy(assembly, [HUB, ...ACCOUNTS]);
  placeLegacy(o);
  await o.sync({ ...PRODUCTION, "legacy.yaml": LEGACY });
  // A run's processes go by one time, as they do in the world: it passes while one takes over from the other.
  o.simulator.clock.run();
  const from = o.simulator.calls.all().length;
  const coordinator = functionOf(o, "EngineCoordinator");
  const hunter = killer(o.simulator, killing);
  const lambda = runFunctions(o, {
    coordinator,
    worker: functionOf(o, "EngineWorker"),
    folder: mkdtempSync(join(tmpdir(), "holdfast-executions-")),
    killer: hunter,
  });
  await startAs(o, `arn:aws:iam::${HUB}:role/holdfast-controller`, coordinator.arn);
  const [execution, ...others] = await lambda.executions();
  expect(others).toEqual([]);
  const calls = o.simulator.calls.since(from);
  return { o, execution, calls, killed: hunter.killed, lines: lambda.lines };
}

const NOBODY: Killing = { seed: 1, kills: 0, each: 0, within: 1 };
/** What an undisturbed run makes of the world. */
let wanted: string | undefined;

describe("a run by the deployed durable functions", () => {
  it("is suspended and resumed across processes, and comes to what it should", async () => {
    const { o, execution, calls, lines } = await ran(NOBODY);
    await using _ = o;
    expect(execution?.ended, lines.join("\n")).toMatchObject({ Status: "SUCCEEDED" });
    expect(execution?.calls).toBeGreaterThan(3);
    const { Result } = (execution?.ended ?? {}) as { readonly Result?: string };
    expect(JSON.parse(Result ?? "{}")).toMatchObject({
      ended: "reported",
      result: "CORRECTED",
      sequence: 1,
    });
    const { attachments } = await verifiedTip(o.simulator);
    expect(attachments.map(({ name }) => name)).toContainEqual(expect.stringMatching(/^inventory-\d{4}/));
    expect(mutationsIn(calls).map(({ operation }) => operation)).toContain("UpdateRecoveryPointLifecycle");
    expect(o.simulator.problems).toEqual([]);
    wanted = footprint(o.simulator);
  });

  const seeds = Array.from({ length: Number(process.env["HOLDFAST_CASES"] ?? 1) }, (_, index) => index + 1);
  it.each(seeds)("killed time after time, loses and doubles nothing (seed %i)", async (seed) => {
    const { o, execution, calls, killed, lines } = await ran({ seed, kills: 10, each: 2, within: 40 });
    await using _ = o;
    const story = `${killed.join("\n")}\n${lines.filter((line) => line.includes("ERROR")).join("\n")}`;
    expect(killed.length, story).toBeGreaterThan(3);
    expect(execution?.ended, story).toMatchObject({ Status: "SUCCEEDED" });
    expect(wanted, story).toBeDefined();
    expect(footprint(o.simulator), story).toBe(wanted);
    expect(reportsIn(o.simulator), story).toHaveLength(1);
    const report = await verifiedTip(o.simulator);
    const writes = mutationsIn(calls);
    const logged = new Set(writes.map(({ requestId }) => requestId));
    expect(
      report.actions.filter(({ requestId }) => requestId && !logged.has(requestId)),
      story,
    ).toEqual([]);
    // What an action tells of was answered; of the rest, looking says what became of it.
    const told = new Set(report.actions.map(({ requestId }) => requestId));
    const done = writes.filter(({ outcome, requestId }) => outcome === "ok" && !told.has(requestId));
    expect(untold(o.simulator, { run: report.run.id, done, names: namesIn(o.simulator) }), story).toEqual([]);
  });
});
