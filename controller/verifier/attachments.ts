import { decodeUtf8, hex } from "./bytes.ts";
import { refusal, Refused, type Finding } from "./checks.ts";
import { listDigest, SUMS, strangers, type NamedManifest } from "./content.ts";
import { parseCanonical } from "./json.ts";
import type { Primitives } from "./primitives.ts";
import type { ReadReport } from "./report.ts";
import { sectionOf } from "./sections.ts";
import { object, sha1Hex, sha256Hex, text } from "./shape.ts";
import type { Attachment } from "./statement.ts";

/** The bytes with this SHA-256; undefined where there are none. */
export type ReadAttachment = (sha256: string) => Promise<Uint8Array | undefined>;

/** More than any list of a fleet comes to; what unpacks to more is a bomb. Bytes. */
const MOST_UNPACKED = 2 ** 30;
const NEWLINE = 0x0a;

/** What is wrong with a report's attachments: one missing, or not the bytes or not the rows that were signed. */
export async function attachmentFindings(
  { statement }: ReadReport,
  read: ReadAttachment,
  primitives: Primitives,
): Promise<readonly Finding[]> {
  const { attachments, summary } = statement.predicate;
  const findings: Finding[] = [];
  for (const attachment of attachments) {
    const outcome = await refusal(async () => {
      const bytes = await checked(attachment, read, primitives);
      const section = sectionOf(attachment.name);
      if (section === undefined) return;
      const rows = countLines(await unpacked(bytes, attachment, primitives));
      if (rows !== summary.get(section))
        throw new Refused(
          "summary",
          `counts ${summary.get(section)} rows in ${section}, and ${attachment.name} has ${rows}`,
        );
    });
    if ("refused" in outcome) findings.push(outcome.refused);
  }
  return findings;
}

async function checked(attachment: Attachment, read: ReadAttachment, { sha256 }: Primitives): Promise<Uint8Array> {
  const { name, size, digest } = attachment;
  const bytes = await read(digest.sha256);
  if (!bytes) throw new Refused("attachment-missing", `attachment ${name} (${digest.sha256}) is missing`);
  if (bytes.length !== size || hex(await sha256(bytes)) !== digest.sha256)
    throw new Refused("attachment", `attachment ${name} is not the ${size} bytes with SHA-256 ${digest.sha256}`);
  return bytes;
}

async function unpacked(bytes: Uint8Array, { name }: Attachment, { gunzip }: Primitives): Promise<Uint8Array> {
  try {
    return await gunzip(bytes, MOST_UNPACKED);
  } catch (cause) {
    throw new Refused("attachment", `attachment ${name} holds no rows`, { cause });
  }
}

function countLines(bytes: Uint8Array): number {
  let lines = 0;
  for (const byte of bytes) if (byte === NEWLINE) lines += 1;
  return lines;
}

const ROWS = "manifests.ndjson.gz";
const Row = object({ path: text, sha256: sha256Hex, gitBlob: sha1Hex });

/**
 * The manifests of a report that names their list: from the two attachments, which must say the same as each other and as the subject. Throws
 * `Refused`, with `attachment-missing` where they are not at hand.
 */
export async function listedManifests(
  { statement }: ReadReport,
  read: ReadAttachment,
  primitives: Primitives,
): Promise<readonly NamedManifest[]> {
  const { attachments } = statement.predicate;
  const [sums, rows] = [SUMS, ROWS].map((wanted) => attachments.find(({ name }) => name === wanted));
  if (!sums || !rows || sums.digest.sha256 !== listDigest(statement.subject))
    throw new Refused("manifest-list", `has no attachments ${SUMS}, as its subject has it, and ${ROWS}`);
  const lines = decodeUtf8(await unpacked(await checked(rows, read, primitives), rows, primitives)).split("\n");
  if (lines.pop() !== "") throw new Refused("manifest-list", `${ROWS} is cut short`);
  const manifests = lines.map((line, at) => Row(parseCanonical(new TextEncoder().encode(line)), `${ROWS}[${at}]`));
  const said = decodeUtf8(await checked(sums, read, primitives));
  if (said !== manifests.map(({ path, sha256 }) => `${sha256}  ${path}\n`).join(""))
    throw new Refused("manifest-list", `${SUMS} and ${ROWS} name different manifests`);
  return manifests;
}

/** A list's report: whether its rows point into the files listed. */
export async function listFindings(
  report: ReadReport,
  read: ReadAttachment,
  primitives: Primitives,
): Promise<readonly Finding[]> {
  if (listDigest(report.statement.subject) === undefined) return [];
  const outcome = await refusal(() => listedManifests(report, read, primitives));
  // That an attachment is missing or altered is said of the attachment.
  if ("refused" in outcome) return outcome.refused.check === "manifest-list" ? [outcome.refused] : [];
  return [...strangers(report.statement.predicate, new Set(outcome.value.map(({ path }) => path)))];
}
