import { canonical } from "../domain/digest.ts";
import { PREDICATE_TYPE, Statement, TRANSITION_TYPE, type Report } from "../domain/report.ts";
import { encodeUtf8 } from "./strict-json.ts";

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
export const statementBytes = (statement: Statement): Uint8Array => encodeUtf8(canonical(Statement.parse(statement)));
