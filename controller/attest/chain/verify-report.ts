import * as z from "zod";
import { Digest } from "../../domain/identity.ts";
import { Statement, type Report } from "../../domain/report.ts";
import { nodePrimitives } from "../../verifier/node.ts";
import {
  type Problem,
  type ReadReport as Verified,
  type ReportFile,
  verifyReport as verify,
} from "../../verifier/report.ts";
import type { Keys } from "../sealing/keys.ts";

/** One report by itself, verified as any auditor would, and then read as what this release writes. */
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
      /** As the verifier knows it, to compare with others. */
      readonly verified: Verified;
      readonly problems: readonly Problem[];
    }
  /** `firstForm`: it verifies, and this release adds nothing to it (rule 34). */
  | {
      readonly status: "refused";
      readonly name: string;
      readonly firstForm?: true;
      readonly problems: readonly [Problem];
    };

export type ReadReport = Extract<VerifiedReport, { status: "read" }>;

/** Signature first: nothing that no trusted key signed is parsed any further. */
export async function verifyReport(file: ReportFile, keys: Keys): Promise<VerifiedReport> {
  const verified = await verify(file, keys, nodePrimitives);
  if (verified.status === "refused") return verified;
  const { name, sequence, statement, problems } = verified;
  if (statement.form === "v0")
    return {
      status: "refused",
      name,
      firstForm: true,
      problems: [{ file: name, check: "schema", message: "is a report of the first form (v0)" }],
    };
  const parsed = Statement.safeParse(statement.raw);
  if (!parsed.success)
    return {
      status: "refused",
      name,
      problems: [
        { file: name, check: "schema", message: `is not a report of this form: ${z.prettifyError(parsed.error)}` },
      ],
    };
  return {
    status: "read",
    name,
    sequence,
    payloadSha256: Digest.parse(verified.payloadSha256),
    envelopeSha256: Digest.parse(verified.envelopeSha256),
    report: parsed.data.predicate,
    subject: parsed.data.subject,
    verified,
    problems,
  };
}
