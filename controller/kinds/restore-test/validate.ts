import type { RestoreValidationStatus } from "@aws-sdk/client-backup";
import * as z from "zod";
import { putRestoreValidationResult } from "../../aws/backup-operations.ts";
import type { Call } from "../../aws/operation.ts";
import { invokeValidator } from "../../aws/owner-operations.ts";
import type { Finding } from "../../domain/change.ts";
import { AwsError } from "../../domain/errors.ts";
import type { Target } from "../../domain/identity.ts";
import type { AmendContext, AmendResult } from "../kind.ts";
import { readAnswer, type ValidatorRequest } from "./contract.ts";

/** Everything that asking a validator needs, as data. */
export const ValidateMend = z.strictObject({
  function: z.string(),
  jobId: z.string(),
  plan: z.string(),
  selection: z.string().nullable(),
  resourceType: z.string(),
  recoveryPointArn: z.string(),
  sourceResourceArn: z.string(),
  createdResourceArn: z.string(),
  deadline: z.iso.datetime(),
});
export type ValidateMend = z.infer<typeof ValidateMend>;

/**
 * Asks the validator about one restored resource and puts what it says. The verdict is never ours: a function that fails, or says nothing
 * that can be understood, leaves the test as it is, to be asked again by the next run until the deadline.
 */
export async function validate(
  call: Call<typeof invokeValidator | typeof putRestoreValidationResult>,
  _target: Target,
  finding: Finding,
  { now, run }: AmendContext,
): Promise<AmendResult> {
  const { function: FunctionName, ...about } = ValidateMend.parse(finding.mend?.input);
  if (now.toISOString() >= about.deadline) return { held: `the deadline ${about.deadline} has passed` };
  const request: ValidatorRequest = { version: 1, run, ...about };
  const { FunctionError, Payload } = await call(invokeValidator, {
    FunctionName,
    InvocationType: "RequestResponse",
    Payload: new TextEncoder().encode(JSON.stringify(request)),
  });
  const answer = readAnswer(FunctionError, Payload && new TextDecoder().decode(Payload));
  if ("unusable" in answer) return { held: `${FunctionName} gave no verdict: ${answer.unusable}` };
  // It puts the result itself; that it was asked is remembered, so that it is not asked again.
  if (answer.status === "PENDING") return "accepted";
  return put(call, about.jobId, answer.status, answer.message);
}

export const TimeOutMend = z.strictObject({ jobId: z.string(), because: z.string() });
export type TimeOutMend = z.infer<typeof TimeOutMend>;

/** Says of a test that nobody gave a verdict in time. What was restored can go then, and the job's record says why it proves nothing. */
export async function timeOut(
  call: Call<typeof putRestoreValidationResult>,
  _target: Target,
  finding: Finding,
): Promise<AmendResult> {
  const { jobId, because } = TimeOutMend.parse(finding.mend?.input);
  return put(call, jobId, "TIMED_OUT", because);
}

/**
 * A verdict is final (semantics §6.1): where the function put one itself, or the window closed meanwhile, AWS refuses another. Then what the job
 * says stands, and the next run reads it.
 */
async function put(
  call: Call<typeof putRestoreValidationResult>,
  RestoreJobId: string,
  ValidationStatus: RestoreValidationStatus,
  ValidationStatusMessage: string | undefined,
): Promise<AmendResult> {
  try {
    await call(putRestoreValidationResult, { RestoreJobId, ValidationStatus, ValidationStatusMessage });
    return "updated";
  } catch (error) {
    if (!(error instanceof AwsError) || error.failure.kind !== "invalid") throw error;
    return { held: `AWS takes no ${ValidationStatus} of the job any more: ${error.failure.message}` };
  }
}
