import { canonical } from "../../domain/digest.ts";
import { PREDICATE_TYPE, Statement, TRANSITION_TYPE, type Report } from "../../domain/report.ts";
import { encodeUtf8 } from "../sealing/strict-json.ts";

/** A report as an in-toto statement: about the commit, where there is one, and what `subjectsOf` says of its manifests. */
export const statementOf = (report: Report, manifests: Statement["subject"]): Statement => ({
  _type: "https://in-toto.io/Statement/v1",
  predicateType: report.transition ? TRANSITION_TYPE : PREDICATE_TYPE,
  subject: [...commitOf(report), ...manifests],
  predicate: report,
});

const commitOf = ({ source }: Report): Statement["subject"] =>
  source?.commit
    ? [
        {
          uri: source.uri,
          digest: { gitCommit: source.commit },
          ...(source.ref === null ? {} : { annotations: { sourceRefs: [source.ref] } }),
        },
      ]
    : [];

/** The bytes to sign: the schema's form and nothing else, in its one spelling. */
export const statementBytes = (statement: Statement): Uint8Array =>
  encodeUtf8(canonical(withoutFractions(Statement.parse(statement))));

/** Statements hold whole numbers up to 2^53-1, and others as text (evidence §2.2): what AWS answers may have any number in it. */
function withoutFractions(value: unknown): unknown {
  if (typeof value === "number") return Number.isSafeInteger(value) ? value : String(value);
  if (Array.isArray(value)) return value.map(withoutFractions);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withoutFractions(member)]));
}
