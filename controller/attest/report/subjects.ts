import type { ManifestFile } from "../../domain/desired.ts";
import { digestOf } from "../../domain/digest.ts";
import type { Attachment, Report, Statement } from "../../domain/report.ts";
import { byBytes } from "../git/git-objects.ts";
import { encodeUtf8 } from "../sealing/strict-json.ts";

/** Most manifests that are subjects one by one: cosign's Go verifier takes 1,024 subjects and refuses one more (evidence §2.3). */
const MOST_MANIFESTS = 1_000;
/** Very many manifests in two attachments: as `sha256sum -c` reads them, and with their git blobs. */
export const SHA256SUMS = "SHA256SUMS";
const MANIFESTS = "manifests.ndjson.gz";

export interface Attaching {
  readonly rows: (name: string, rows: AsyncIterable<unknown> | Iterable<unknown>) => Promise<Attachment>;
  readonly text: (name: string, text: Uint8Array) => Promise<Attachment>;
}

export interface Subjects {
  readonly subject: Statement["subject"];
  readonly attachments: readonly Attachment[];
}

/**
 * The manifests as subjects, sorted by the bytes of their paths, so that cosign can answer whether a file is one that the report speaks of.
 * Above a thousand the list of them is the subject, and the pack that has them.
 */
export async function subjectsOf(
  source: Report["source"],
  manifests: readonly ManifestFile[],
  attach: Attaching,
): Promise<Subjects> {
  const files = manifests.toSorted((a, b) => byBytes(a.path, b.path));
  if (files.length <= MOST_MANIFESTS)
    return {
      subject: files.map(({ path, sha256, gitBlob }) => ({ name: path, digest: { sha256, gitBlob } })),
      attachments: [],
    };
  const sums = encodeUtf8(files.map(({ path, sha256 }) => `${sha256}  ${path}\n`).join(""));
  return {
    subject: [
      { name: SHA256SUMS, digest: { sha256: digestOf(sums) } },
      ...(source?.pack && source.commit !== null
        ? [{ name: `${source.commit}.pack`, digest: { sha256: source.pack.sha256 } }]
        : []),
    ],
    attachments: [
      await attach.text(SHA256SUMS, sums),
      await attach.rows(
        MANIFESTS,
        files.map(({ path, sha256, gitBlob }) => ({ path, sha256, gitBlob })),
      ),
    ],
  };
}
