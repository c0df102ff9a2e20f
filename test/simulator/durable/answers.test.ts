import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { describe, expect, it } from "vitest";
import { createSimulator } from "../simulator.ts";

const account = "444455556666";
const region = "eu-west-1";
const arn = `arn:aws:lambda:${region}:${account}:function:holdfast-validator-volumes`;

function given(answers?: (payload: string) => unknown) {
  const simulator = createSimulator({
    hubAccount: account,
    accounts: [{ id: account, name: "shop" }],
    regions: [region],
  });
  const placed = { version: "$LATEST", durable: false, ...(answers && { answers }) };
  simulator.lambda(account, region).functions.set(arn, placed);
  const client = new LambdaClient({
    region,
    credentials: { accessKeyId: "any", secretAccessKey: "any" },
    requestHandler: simulator.handler(),
    maxAttempts: 1,
  });
  return (FunctionName = arn) => client.send(new InvokeCommand({ FunctionName, Payload: Buffer.from(`{"asked":1}`) }));
}

/** Lambda API Reference, `Invoke`: RequestResponse is the default. */
describe("a function that is asked and waited for", () => {
  it("answers with its payload", async () => {
    const invoke = given((payload) => ({ heard: JSON.parse(payload) as unknown }));
    const { StatusCode, FunctionError, Payload } = await invoke();
    expect([StatusCode, FunctionError]).toEqual([200, undefined]);
    expect(JSON.parse(Payload?.transformToString() ?? "")).toEqual({ heard: { asked: 1 } });
  });

  it("was invoked with success where it failed itself: 200, and what it threw", async () => {
    const invoke = given(() => {
      throw new TypeError("no such table");
    });
    const { StatusCode, FunctionError, Payload } = await invoke();
    expect([StatusCode, FunctionError]).toEqual([200, "Unhandled"]);
    expect(JSON.parse(Payload?.transformToString() ?? "")).toEqual({
      errorType: "TypeError",
      errorMessage: "no such table",
    });
  });

  it("is not found under another name", async () => {
    const invoke = given(() => null);
    await expect(invoke(`${arn}-2`)).rejects.toThrow(/Function not found/);
  });
});
