import { hex } from "./bytes.ts";
import { refusal, Refused, type Check, type Finding } from "./checks.ts";
import { contentFindings } from "./content.ts";
import type { Keys } from "./keys.ts";
import type { Primitives } from "./primitives.ts";
import { openEnvelope } from "./signatures.ts";
import { parseStatement, STATEMENT_TYPE, type Statement } from "./statement.ts";
import { transitionFindings } from "./transition.ts";
import type { VerificationProblem } from "./verification.ts";

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
      /** The report's identity: of its payload's bytes, lower-case hex. */
      readonly payloadSha256: string;
      /** Covers the signatures too. */
      readonly envelopeSha256: string;
      readonly statement: Statement;
      readonly signedBy: ReadonlySet<string>;
      /** Trusted keys with a signature here that this platform could not look at. */
      readonly unchecked: ReadonlySet<string>;
      readonly problems: readonly Problem[];
    }
  | { readonly status: "refused"; readonly name: string; readonly problems: readonly [Problem] };

export type ReadReport = Extract<VerifiedReport, { status: "read" }>;

/** The sequence in a report's file name, wherever the file lies; undefined for any other name. */
export function sequenceOf(path: string): number | undefined {
  const digits = /(?:^|\/)(\d{10})\.dsse\.json$/.exec(path)?.[1];
  return digits === undefined || Number(digits) === 0 ? undefined : Number(digits);
}

/** Signature first: nothing that no trusted key signed is parsed any further. */
export async function verifyReport(file: ReportFile, keys: Keys, primitives: Primitives): Promise<VerifiedReport> {
  const { name } = file;
  const outcome = await refusal(() => read(file, keys, primitives));
  if ("value" in outcome) return outcome.value;
  return { status: "refused", name, problems: [{ file: name, ...outcome.refused }] };
}

async function read({ name, bytes }: ReportFile, keys: Keys, primitives: Primitives): Promise<ReadReport> {
  const sequence = sequenceOf(name);
  if (sequence === undefined) throw new Refused("file-name", "is not named NNNNNNNNNN.dsse.json after its sequence");
  if (bytes.length === 0) throw new Refused("envelope", "is empty");
  const opened = await openEnvelope(bytes, STATEMENT_TYPE, keys, sequence, primitives);
  const statement = parseStatement(opened.payload);
  const findings = [
    ...placeFindings(statement, sequence, keys),
    ...transitionFindings(statement, sequence, opened, keys),
    ...contentFindings(statement, opened, keys),
  ];
  return {
    status: "read",
    name,
    sequence,
    payloadSha256: hex(await primitives.sha256(opened.payload)),
    envelopeSha256: hex(await primitives.sha256(bytes)),
    statement,
    signedBy: opened.signedBy,
    unchecked: opened.unchecked,
    problems: findings.map(({ check, message }) => ({ file: name, check, message })),
  };
}

function* placeFindings({ predicate: { chain } }: Statement, sequence: number, { chainId }: Keys): Generator<Finding> {
  if (chain.sequence !== sequence)
    yield { check: "sequence", message: `is report ${chain.sequence} under the name of report ${sequence}` };
  if (chain.id !== chainId)
    yield { check: "chain-id", message: `belongs to chain ${chain.id}; the keys are those of chain ${chainId}` };
}
