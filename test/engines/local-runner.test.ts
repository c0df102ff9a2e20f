import { withDurableExecution, type DurableContext } from "@aws/durable-execution-sdk-js";
import { LocalDurableTestRunner } from "@aws/durable-execution-sdk-js-testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ALONE, VAULT } from "../laws/fixed-worlds.ts";
import { footprint } from "../laws/footprint.ts";
import { stage } from "../laws/worlds.ts";
import { coordinate, runDurably, WORKER, work } from "./durable-run.ts";

const WORLD = { ...ALONE, manifests: [VAULT] };

describe("AWS's own runner of durable functions", () => {
  beforeAll(() => LocalDurableTestRunner.setupTestEnvironment({ skipTime: false }));
  afterAll(() => LocalDurableTestRunner.teardownTestEnvironment());

  it("comes to the same as ours, in as many operations", async () => {
    const ours = await stage(WORLD);
    const { backend } = await runDurably(ours);
    const theirs = await stage(WORLD);
    const open = async () => (await theirs.controller()).world;
    const runner = new LocalDurableTestRunner({
      handlerFunction: withDurableExecution((_event: unknown, context: DurableContext) =>
        coordinate(context, "run-durable", open),
      ),
    });
    runner.registerFunction(WORKER, async (request: unknown) => work(request, await open()));
    const result = await runner.run({ payload: { run: "run-durable" } });
    expect(result.getStatus()).toBe("SUCCEEDED");
    expect(footprint(theirs.simulator)).toBe(footprint(ours.simulator));
    expect(result.getOperations().length + 1).toBe(backend.metered().operations);
  });
});
