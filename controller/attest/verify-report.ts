import * as z from "zod";
import { digestOf } from "../domain/digest.ts";
import type { Digest } from "../domain/identity.ts";
import { Statement, type Report } from "../domain/report.ts";
import type { VerificationProblem } from "../domain/verification.ts";
import { STATEMENT_TYPE } from "./envelope.ts";
import type { Keys } from "./keys.ts";
import { sequenceOf } from "./names.ts";
import { Refused, type Check } from "./refused.ts";
import { contentProblems } from "./report-content.ts";
import { openEnvelope } from "./signature.ts";
import { parseCanonical } from "./strict-json.ts";
import { transitionProblems } from "./transition-problems.ts";

/** A report as it lies in a bucket or a folder. Of its path only the file's name counts. */
export interface ReportFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface Problem extends VerificationProblem {
  readonly check: Check;
}

/** One report by itself. `read`: enough trusted keys signed a well-formed statement; it may still have problems. */
export type VerifiedReport =
  | {
      readonly status: "read";
      readonly name: string;
      readonly sequence: number;
      readonly payloadSha256: Digest;
      /** Covers the signatures too. */
      readonly envelopeSha256: Digest;
      readonly report: Report;
      readonly subject: Statement["subject"];
      readonly problems: readonly Problem[];
    }
  | { readonly status: "refused"; readonly name: string; readonly problems: readonly [Problem] };

export type ReadReport = Extract<VerifiedReport, { status: "read" }>;

/** Signature first: nothing that no trusted key signed is parsed any further. */
export function verifyReport({ name, bytes }: ReportFile, keys: Keys): VerifiedReport {
  try {
    const sequence = sequenceOf(name);
    if (sequence === undefined) throw new Refused("file-name", "is not named NNNNNNNNNN.dsse.json after its sequence");
    const { payload, signedBy } = openEnvelope(bytes, STATEMENT_TYPE, keys, sequence);
    const statement = parseStatement(payload);
    const report = statement.predicate;
    return {
      status: "read",
      name,
      sequence,
      payloadSha256: digestOf(payload),
      envelopeSha256: digestOf(bytes),
      report,
      subject: statement.subject,
      problems: [
        ...placeProblems(report, sequence, keys),
        ...transitionProblems(statement, sequence, keys, signedBy),
        ...contentProblems(statement, signedBy),
      ].map(({ check, message }) => ({ file: name, check, message })),
    };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { status: "refused", name, problems: [{ file: name, check: error.check, message: error.message }] };
  }
}

function parseStatement(payload: Uint8Array): Statement {
  const parsed = Statement.safeParse(parseCanonical(payload));
  if (!parsed.success)
    throw new Refused("schema", `is not a report of this form: ${z.prettifyError(parsed.error)}`, {
      cause: parsed.error,
    });
  return parsed.data;
}

function* placeProblems({ chain }: Report, sequence: number, { chainId }: Keys): Generator<Omit<Problem, "file">> {
  if (chain.sequence !== sequence)
    yield { check: "sequence", message: `is report ${chain.sequence} under the name of report ${sequence}` };
  if (chain.id !== chainId)
    yield { check: "chain-id", message: `belongs to chain ${chain.id}; the keys are those of chain ${chainId}` };
}
