import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { DurableExecutionApiClient } from "@aws/durable-execution-sdk-js";
import { describe, expect, it } from "vitest";
import type { PolicyDocument } from "../iam/policy.ts";
import { createSimulator } from "../simulator.ts";
import { beginning } from "./api.ts";

const HUB = "111122223333";
const REGION = "eu-west-1";
const COORDINATOR = `arn:aws:lambda:${REGION}:${HUB}:function:coordinator`;
const WORKER = `arn:aws:lambda:${REGION}:${HUB}:function:worker:live`;

const allow = (...statements: readonly (readonly [action: string, resource: string])[]): PolicyDocument => ({
  Version: "2012-10-17",
  Statement: statements.map(([Action, Resource]) => ({ Effect: "Allow", Action, Resource })),
});

/** A durable function behind an alias, and a client of somebody who may do as that policy says. */
function setUp(policy?: PolicyDocument) {
  const simulator = createSimulator({ hubAccount: HUB, accounts: [{ id: HUB, name: "hub" }], regions: [REGION] });
  const runtime = simulator.lambda(HUB, REGION);
  runtime.functions.set(`${COORDINATOR}:live`, { version: "7", durable: true });
  const client = new LambdaClient({
    region: REGION,
    maxAttempts: 1,
    credentials: simulator.iam.putUser(HUB, "somebody", policy === undefined ? "administrator" : [policy]),
    requestHandler: simulator.handler() as never, // the SDK's own type is wider than anything it calls
  });
  const start = (name: string, payload: object = { run: "r1" }, FunctionName = `${COORDINATOR}:live`) =>
    client.send(
      new InvokeCommand({
        FunctionName,
        InvocationType: "Event",
        DurableExecutionName: name,
        Payload: Buffer.from(JSON.stringify(payload)),
      }),
    );
  return { runtime, client, start };
}

describe("starting a durable function", () => {
  it("is taken on at once, and one name is one execution", async () => {
    const { runtime, start } = setUp();
    const first = await start("r1");
    expect(first.StatusCode).toBe(202);
    expect(first.DurableExecutionArn).toMatch(new RegExp(`^${COORDINATOR}:7/durable-execution/r1/[0-9a-f-]{36}$`));
    expect((await start("r1")).DurableExecutionArn).toBe(first.DurableExecutionArn);
    expect(runtime.accepted).toHaveLength(1);
    await expect(start("r1", { run: "other" })).rejects.toThrow("started with another payload");
    expect((await start("r2")).DurableExecutionArn).not.toBe(first.DurableExecutionArn);
  });

  it("is refused where there is no such function, or no alias is named", async () => {
    const { start } = setUp();
    await expect(start("r1", {}, COORDINATOR)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });

  it("takes the right to that alias", async () => {
    await expect(setUp(allow(["lambda:InvokeFunction", COORDINATOR])).start("r1")).rejects.toMatchObject({
      name: "AccessDeniedException",
    });
    await expect(setUp(allow(["lambda:InvokeFunction", `${COORDINATOR}:live`])).start("r1")).resolves.toBeDefined();
  });
});

describe("a durable function's own calls", () => {
  const MAY_KEEP = [
    ["lambda:InvokeFunction", `${COORDINATOR}:live`],
    ["lambda:CheckpointDurableExecution", `${COORDINATOR}:*`],
    ["lambda:GetDurableExecutionState", `${COORDINATOR}:*`],
  ] as const;

  async function underWay(policy: PolicyDocument) {
    const { runtime, client, start } = setUp(policy);
    await start("r1");
    const { execution } = runtime.accepted[0]!;
    const sdk = new DurableExecutionApiClient(client);
    const { DurableExecutionArn, CheckpointToken } = beginning(execution!);
    const checkpoint = (more: object = {}) =>
      sdk.checkpoint({
        DurableExecutionArn,
        CheckpointToken,
        Updates: [{ Id: "a", Type: "CHAINED_INVOKE", Action: "START", ...more }],
      });
    const invoking = { Payload: "1", ChainedInvokeOptions: { FunctionName: WORKER } };
    return { sdk, execution, checkpoint, invoking, asked: { DurableExecutionArn, CheckpointToken } };
  }

  it("reach the execution over the SDK's own transport", async () => {
    const { sdk, execution, checkpoint, invoking, asked } = await underWay(
      allow(...MAY_KEEP, ["lambda:InvokeFunction", WORKER]),
    );
    expect((await sdk.getExecutionState(asked)).Operations).toMatchObject([{ Id: "execution", Type: "EXECUTION" }]);
    const { CheckpointToken, NewExecutionState } = await checkpoint(invoking);
    expect(NewExecutionState?.Operations).toMatchObject([{ Id: "a", Status: "STARTED" }]);
    expect(CheckpointToken).not.toBe(asked.CheckpointToken);
    expect([...execution!.invoked.values()]).toEqual([{ functionName: WORKER, payload: "1" }]);
  });

  it("take rights to the execution, and to what it invokes", async () => {
    const stranger = await underWay(allow(["lambda:InvokeFunction", "*"]));
    await expect(stranger.checkpoint(stranger.invoking)).rejects.toMatchObject({ name: "AccessDeniedException" });
    await expect(stranger.sdk.getExecutionState(stranger.asked)).rejects.toMatchObject({
      name: "AccessDeniedException",
    });
    const alone = await underWay(allow(...MAY_KEEP));
    await expect(alone.checkpoint(alone.invoking)).rejects.toMatchObject({ name: "AccessDeniedException" });
    expect(alone.execution!.invoked.size).toBe(0);
  });
});
