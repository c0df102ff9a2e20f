import { fromHex } from "./bytes.ts";
import type { Finding } from "./checks.ts";
import { isIncluded } from "./merkle.ts";
import type { Primitives } from "./primitives.ts";
import type { ReadReport } from "./report.ts";

/** What goes with a sampled report: that a later report's log holds it. `hashes` in lower-case hex, the lowest first (RFC 6962 §2.1.1). */
export interface MembershipProof {
  readonly sequence: number;
  readonly laterSequence: number;
  readonly hashes: readonly string[];
}

/** What is wrong with a proof that a verified report is of the chain of another, later, verified one. None: it is, with all that lies before it. */
export async function membershipFindings(
  report: ReadReport,
  later: ReadReport,
  { sequence, laterSequence, hashes }: MembershipProof,
  primitives: Primitives,
): Promise<readonly Finding[]> {
  const finding = (message: string): readonly Finding[] => [{ check: "log", message }];
  const { chain } = later.statement.predicate;
  if (sequence !== report.sequence || laterSequence !== later.sequence)
    return finding("has a proof of membership that is of other reports");
  if (chain.id !== report.statement.predicate.chain.id) return finding("is of another chain");
  if (!chain.log) return finding(`cannot be looked for in report ${later.sequence}, which has no log`);
  const inclusion = { index: report.sequence - 1, size: chain.log.size, hashes: hashes.map(fromHex) };
  const included = await isIncluded(fromHex(report.payloadSha256), inclusion, fromHex(chain.log.rootHash), primitives);
  return included ? [] : finding(`is not in the log of report ${later.sequence}`);
}
