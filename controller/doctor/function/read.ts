import { getFunctionConcurrency, getFunctionEventInvokeConfig } from "../../aws/installation-operations.ts";
import { getFunctionConfiguration } from "../../aws/member-operations.ts";
import type { Call } from "../../aws/operation.ts";
import { look, lookFor, type Fact } from "../fact.ts";

/** One of our functions as Lambda has it. */
export interface LiveFunction {
  readonly name: string;
  /** Without version or alias. */
  readonly arn: string;
  /** ARN. */
  readonly role: string;
  readonly state: string;
  readonly timeoutSeconds: number;
  /** HOLDFAST_* of its environment: where it finds everything. */
  readonly settings: Readonly<Record<string, string>>;
  /** `undefined`: nothing is reserved for it. */
  readonly reserved: Fact<number | undefined>;
  /** How often Lambda itself begins a failed run again; `undefined`: nothing is said, so twice. */
  readonly retries: Fact<number | undefined>;
  /** Seconds that an execution may take; `undefined`: it is no durable function. */
  readonly executionSeconds: number | undefined;
}

export type FunctionCall = Call<
  typeof getFunctionConfiguration | typeof getFunctionConcurrency | typeof getFunctionEventInvokeConfig
>;

/** The function behind an alias's ARN; `undefined`: there is none, or no such alias of it. */
export const readFunction = (call: FunctionCall, arn: string): Promise<Fact<LiveFunction | undefined>> =>
  lookFor(async () => {
    const { FunctionName, Qualifier } = addressOf(arn);
    const [found, reserved, retries] = await Promise.all([
      call(getFunctionConfiguration, { FunctionName, Qualifier }),
      look(async () => (await call(getFunctionConcurrency, { FunctionName })).ReservedConcurrentExecutions),
      lookFor(async () => (await call(getFunctionEventInvokeConfig, { FunctionName, Qualifier })).MaximumRetryAttempts),
    ]);
    const variables = Object.entries(found.Environment?.Variables ?? {});
    return {
      name: found.FunctionName ?? FunctionName,
      arn: FunctionName,
      role: found.Role ?? "",
      state: found.State ?? "Active",
      timeoutSeconds: found.Timeout ?? 0,
      settings: Object.fromEntries(variables.filter(([name]) => name.startsWith("HOLDFAST_"))),
      reserved,
      retries,
      executionSeconds: found.DurableConfig?.ExecutionTimeout,
    };
  });

/** `arn:…:function:NAME:ALIAS` taken apart: Lambda refuses a qualifier that is given twice. */
const addressOf = (arn: string): { readonly FunctionName: string; readonly Qualifier: string | undefined } => {
  const parts = arn.split(":");
  return { FunctionName: parts.slice(0, 7).join(":"), Qualifier: parts[7] };
};
