import { getFunctionConfiguration } from "../../aws/member-operations.ts";
import { step } from "../../aws/operation.ts";
import { lookFor } from "../fact.ts";

/** A function that validates restores, as Lambda has it. */
export interface LiveValidator {
  readonly state: string;
  /** Why it is in that state, where Lambda says so. */
  readonly reason: string | undefined;
}

/** By the ARN that a restore testing plan names; `undefined`: there is no such function, or no such version or alias of it. */
export const liveValidator = step("observe")([getFunctionConfiguration], (call, _target, FunctionName: string) =>
  lookFor(async (): Promise<LiveValidator> => {
    const { State = "Active", StateReason } = await call(getFunctionConfiguration, { FunctionName });
    return { state: State, reason: StateReason };
  }),
);
