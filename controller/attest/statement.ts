import { canonical } from "../domain/digest.ts";
import type { ManifestFile } from "../domain/desired.ts";
import { PREDICATE_TYPE, Statement, type Report } from "../domain/report.ts";
import { byBytes } from "./git-objects.ts";
import { encodeUtf8 } from "./strict-json.ts";

/**
 * A report as an in-toto statement: about the commit, where there is one, and each manifest, sorted by the bytes of its path. Every manifest
 * is named, so that cosign can answer whether a file is one the report speaks of; its Go verifier takes at most 1,024 subjects.
 */
export const statementOf = (report: Report, manifests: readonly ManifestFile[]): Statement => ({
  _type: "https://in-toto.io/Statement/v1",
  predicateType: PREDICATE_TYPE,
  subject: [
    ...(report.source?.commit ? [{ uri: report.source.uri, digest: { gitCommit: report.source.commit } }] : []),
    ...manifests
      .toSorted((a, b) => byBytes(a.path, b.path))
      .map(({ path, sha256, gitBlob }) => ({ name: path, digest: { sha256, gitBlob } })),
  ],
  predicate: report,
});

/** The bytes to sign: the schema's form and nothing else, in its one spelling. */
export const statementBytes = (statement: Statement): Uint8Array => encodeUtf8(canonical(Statement.parse(statement)));
