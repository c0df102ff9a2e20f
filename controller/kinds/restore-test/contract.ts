import * as z from "zod";

/**
 * What a validator is asked and what it may answer, version 1: `desired-state/VALIDATORS.md` tells people the same. A later version adds
 * fields; a validator that does not know them does well to pass them over.
 */

/** AWS's limit is not known; a sentence is enough, and reports are read by people. */
const MOST_CHARACTERS = 1_000;

export interface ValidatorRequest {
  readonly version: 1;
  /** The run that asks. */
  readonly run: string;
  /** The restore job: the same request may come twice, and this tells so. */
  readonly jobId: string;
  readonly plan: string;
  /** Null where several selections of the plan are of this type: AWS does not tell of a job which. */
  readonly selection: string | null;
  readonly resourceType: string;
  readonly recoveryPointArn: string;
  readonly sourceResourceArn: string;
  readonly createdResourceArn: string;
  /** RFC 3339: until then a verdict is taken. */
  readonly deadline: string;
}

/** PENDING: the function goes on looking, and puts the result itself. */
const ValidatorAnswer = z.object({
  status: z.enum(["SUCCESSFUL", "FAILED", "PENDING"]),
  message: z.string().nullish(),
});

export interface Verdict {
  readonly status: z.infer<typeof ValidatorAnswer>["status"];
  readonly message?: string;
}

/** What a function said, or why nobody can tell: it failed itself, or said something that is no answer. */
export function readAnswer(
  functionError: string | undefined,
  payload: string | undefined,
): Verdict | { readonly unusable: string } {
  if (functionError !== undefined) return { unusable: `it failed (${functionError}): ${told(payload)}` };
  const answer = ValidatorAnswer.safeParse(parsed(payload));
  if (!answer.success)
    return { unusable: `it answered ${told(payload)}, and not { "status": "SUCCESSFUL", "FAILED" or "PENDING" }` };
  const { status, message } = answer.data;
  return { status, ...(message ? { message: shortened(message, MOST_CHARACTERS) } : {}) };
}

function parsed(payload: string | undefined): unknown {
  try {
    return JSON.parse(payload ?? "");
  } catch {
    return undefined; // what is no JSON is no answer either
  }
}

const told = (payload: string | undefined): string => (payload ? shortened(payload, 200) : "nothing");

/** Half a character has no UTF-8, and a report with one in it no canonical form that a verifier takes (RFC 8785 §3.2.2.2). */
const shortened = (text: string, most: number): string => text.slice(0, most).toWellFormed();
