import { describe, expect, it } from "vitest";
import { createCoordinators } from "../../controller/aws/coordinators.ts";
import type { Call } from "../../controller/aws/operation.ts";
import { AwsError } from "../../controller/domain/errors.ts";

const ARN = "arn:aws:lambda:eu-west-1:111122223333:function:holdfast-coordinator:live";
const RUN = "8f0c1d9e-1111-4b77-9f63-0a1b2c3d4e5f-0a1b2c3d";

/** A caller that keeps what it was asked. */
function asked(answer: () => Promise<unknown> = async () => ({})) {
  const inputs: { readonly DurableExecutionName?: string; readonly Payload?: Uint8Array }[] = [];
  const call = ((_operation: unknown, input: (typeof inputs)[number]) => {
    inputs.push(input);
    return answer();
  }) as unknown as Call;
  return { inputs, start: (run: string) => createCoordinators(call).start(ARN, run) };
}

describe("a run that is handed over", () => {
  it("is an execution of its own name, begun without waiting for it", async () => {
    const { inputs, start } = asked();
    await start(RUN);
    expect(inputs).toMatchObject([{ FunctionName: ARN, InvocationType: "Event", DurableExecutionName: RUN }]);
    expect(JSON.parse(new TextDecoder().decode(inputs[0]?.Payload))).toEqual({ run: RUN });
  });

  it("a second time is the same execution: one name, one payload", async () => {
    const { inputs, start } = asked();
    await start(RUN);
    await start(RUN);
    expect(inputs[1]).toEqual(inputs[0]);
  });

  it("has a name that Lambda takes, whatever the run is called", async () => {
    const { inputs, start } = asked();
    await start(`20270101T000000Z/${"x".repeat(80)}.1`);
    expect(inputs[0]?.DurableExecutionName).toMatch(/^[a-zA-Z0-9-_]{1,64}$/);
  });

  it("to a function that is not there says what to do", async () => {
    const failure = { kind: "missing", operation: "lambda:InvokeFunction", message: "Function not found" } as const;
    const { start } = asked(() => Promise.reject(new AwsError(failure)));
    await expect(start(RUN)).rejects.toMatchObject({
      code: "setting-refused",
      message: expect.stringContaining("Function not found"),
    });
  });
});
