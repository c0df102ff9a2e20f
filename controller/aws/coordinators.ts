/** Runs that are handed over to a durable function (infra §2.1). */
import { AwsError, HoldfastError } from "../domain/errors.ts";
import type { Coordinators } from "../ports.ts";
import { later, reads, type Call } from "./operation.ts";
import { lambda } from "./services/index.ts";

/**
 * Changes nothing that is governed. An execution that is named after its run is one however often it is asked for, so that a lost answer may
 * be asked for again (Lambda Developer Guide, "Idempotency" of durable functions).
 */
export const invoke = reads("lambda:InvokeFunction", later(lambda, "InvokeCommand"), { pace: "other" });

/** What the name of an execution may not have, and how long it may be (Lambda API reference, Execution). */
const UNNAMEABLE = /[^\w-]/g;
const LONGEST_NAME = 64;

export const createCoordinators = (call: Call<typeof invoke>): Coordinators => ({
  start: async (arn, run) => {
    const name = run.replaceAll(UNNAMEABLE, "-").slice(-LONGEST_NAME);
    const input = {
      FunctionName: arn,
      InvocationType: "Event",
      DurableExecutionName: name,
      Payload: new TextEncoder().encode(JSON.stringify({ run })),
    } as const;
    try {
      await call(invoke, input);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      throw new HoldfastError(
        "setting-refused",
        `the coordinator ${arn} could not be started (${error.failure.message}): deploy the hub stack with engine: durable again, or take HOLDFAST_COORDINATOR out of the controller's environment`,
        { cause: error },
      );
    }
  },
});
