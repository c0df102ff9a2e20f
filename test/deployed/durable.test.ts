import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mutationsIn } from "../laws/runs.ts";
import { PRODUCTION } from "../scenarios/manifests.ts";
import { HUB } from "../support/universe.ts";
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

/** A fleet that has nothing yet, and one run over it by the durable engine. */
async function ran(killing: Killing) {
  const o = await deploy(assembly);
  await o.sync(PRODUCTION);
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

describe("a run by the deployed durable functions", () => {
  it("is suspended and resumed across processes, and comes to what it should", async () => {
    const { o, execution, calls, lines } = await ran(NOBODY);
    await using _ = o;
    expect(execution?.ended, lines.join("\n")).toMatchObject({ Status: "SUCCEEDED" });
    expect(execution?.calls).toBeGreaterThan(3);
    expect(JSON.parse(String((execution?.ended as { readonly Result?: string }).Result))).toMatchObject({
      ended: "reported",
      result: "CORRECTED",
      sequence: 1,
    });
    expect(o.simulator.problems).toEqual([]);
    expect(mutationsIn(calls).length).toBeGreaterThan(5);
  });
});
