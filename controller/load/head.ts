/** `desired/HEAD.json`: which desired state holds now, file by file. What it names is whole and cannot change, so a sync is seen at once or not at all. */
import * as z from "zod";
import { decodeEnvelope, type Envelope } from "../attest/sealing/envelope.ts";
import type { Keys } from "../attest/sealing/keys.ts";
import { openEnvelope } from "../attest/sealing/signature.ts";
import { type BrokenLine, desiredDigest, UNSIGNED, type Revision } from "../domain/desired.ts";
import { canonical, digestOf } from "../domain/digest.ts";
import { HoldfastError } from "../domain/errors.ts";
import { Digest, Instant } from "../domain/identity.ts";

/** The payload type of a signed HEAD. Types are signed: nothing else that a key signs can pass for one. */
export const HEAD_TYPE = "application/vnd.holdfast.head+json";
export const HEAD_KEY = "desired/HEAD.json";

/** Files lie under their tree's id, which is theirs alone: what one sync wrote, no other overwrites. */
export const fileKey = (tree: string, path: string): string => `desired/${tree}/${path}`;

/** Packs lie under their own digest. */
export const packKey = (sha256: Digest): string => `desired/packs/${sha256}.pack`;

const GitId = z.string().regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/, "a git object id is 40 or 64 hexadecimal digits");
/** Relative, with `/` between names: no empty name, no `.` or `..`, nothing that a file system or a shell reads in its own way. */
const FilePath = z
  .string()
  .refine(
    (path) => !/[\p{Cc}\\]/u.test(path) && path.split("/").every((name) => !["", ".", ".."].includes(name)),
    "a path is relative and plain",
  );

const HeadFile = z.strictObject({ path: FilePath, sha256: Digest, gitBlob: GitId, size: z.int().min(0) });
export type HeadFile = z.infer<typeof HeadFile>;

/** Where the commit comes from, and its pack. A HEAD that an earlier Holdfast published has none of these. */
const Origin = z.strictObject({
  ref: z.string().nullable(),
  committedOn: Instant.nullable(),
  manifestRoot: z.union([z.literal(""), FilePath]),
  commitSignature: z.strictObject({
    format: z.enum(["none", "gpg", "ssh", "x509", "unknown"]),
    status: z.enum(["not-checked", "none"]),
    signer: z.string().nullable(),
  }),
  pack: z.strictObject({ sha256: Digest, size: z.int().min(0) }).nullable(),
  unpacked: z.string().nullable(),
});

export const Head = z
  .strictObject({
    version: z.literal(1),
    /** One more than the last: a lower one is an old HEAD put back (rule 25). */
    sequence: z.int().min(1),
    /** SHA-256 of the payload before this one; null for the first. */
    previous: Digest.nullable(),
    commit: GitId.nullable(),
    tree: GitId,
    previousCommit: GitId.nullable(),
    /** Whether `commit` descends from `previousCommit`; null where git could not tell. */
    fastForward: z.boolean().nullable(),
    /** What was published before history was rewritten, so that no later sync can hide it. A HEAD of an earlier Holdfast has none. */
    brokenLines: z
      .array(z.strictObject({ through: z.int().min(1), commit: GitId, followed: z.boolean() }))
      .refine(
        (lines) => lines.every(({ through }, at) => at === 0 || through > (lines[at - 1]?.through ?? 0)),
        "lines of history are not in order",
      )
      .optional(),
    /** Whether the files differed from the commit's when they were published. */
    dirty: z.boolean(),
    uri: z.string(),
    files: z.array(HeadFile).min(1),
    ...Origin.partial().shape,
  })
  .refine(({ files }) => new Set(files.map(({ path }) => path)).size === files.length, "a file is named twice");
export type Head = z.infer<typeof Head>;

/** The bytes that are signed, or stored as they are where nobody signs. */
export const encodeHead = (head: Head): Uint8Array => new TextEncoder().encode(canonical(head));

export const headDigest = (head: Head): Digest => digestOf(encodeHead(head));

/** A HEAD as stored. `unchecked`: it is signed, and nobody said by whom it must be, so that the names of its keys are hearsay. */
export interface ReadHead {
  readonly head: Head;
  readonly signature:
    { readonly is: "absent" } | { readonly is: "unchecked" | "verified"; readonly keyids: readonly string[] };
}

/** Throws `source-unreadable` for what is not a HEAD, `source-unverified` for one that the trusted keys did not sign. */
export function readHead(file: Uint8Array, trust?: Keys): ReadHead {
  if (!isEnvelope(file)) {
    if (trust !== undefined)
      throw unverified(
        "it is not signed, and the sync keys in force say by whom it must be: sync again with --sync-signer",
      );
    return { head: parseHead(file), signature: { is: "absent" } };
  }
  const { payload, signatures } = openUnchecked(file);
  const head = parseHead(payload);
  if (trust === undefined)
    return { head, signature: { is: "unchecked", keyids: signatures.map(({ keyid }) => keyid) } };
  return { head, signature: { is: "verified", keyids: verify(file, trust, head.sequence) } };
}

/** A key is trusted from one sequence to another; the sequence a HEAD gives itself counts once a key trusted there has signed it. */
function verify(file: Uint8Array, trust: Keys, sequence: number): readonly string[] {
  try {
    return [...openEnvelope(file, HEAD_TYPE, trust, sequence).signedBy].toSorted();
  } catch (cause) {
    throw unverified(messageOf(cause), cause);
  }
}

const OLD_HEAD = "it was published by a Holdfast that kept none: sync again";

/** Of a HEAD that kept none, what it says of the sync before it is all there is to know. */
export const brokenLinesOf = ({ brokenLines, fastForward, sequence, previousCommit }: Head): readonly BrokenLine[] =>
  brokenLines ??
  (fastForward === false && previousCommit !== null
    ? [{ through: sequence - 1, commit: previousCommit, followed: false }]
    : []);

/** What a report says of the desired state it acted on. */
export const revisionOf = ({ files, ...head }: Head): Revision => ({
  digest: desiredDigest(files),
  commit: head.commit,
  tree: head.tree,
  dirty: head.dirty,
  sequence: head.sequence,
  fastForward: head.fastForward,
  previousCommit: head.previousCommit,
  brokenLines: brokenLinesOf({ files, ...head }),
  uri: head.uri,
  ref: head.ref ?? null,
  committedOn: head.committedOn ?? null,
  manifestRoot: head.manifestRoot ?? "",
  commitSignature:
    head.commitSignature ??
    (head.commit === null ? UNSIGNED : { format: "unknown", status: "not-checked", signer: null }),
  pack: head.pack ?? null,
  unpacked: head.pack === undefined && head.commit !== null && !head.dirty ? OLD_HEAD : (head.unpacked ?? null),
  files: files.map(({ path, sha256, gitBlob }) => ({ path, sha256, gitBlob })),
});

function openUnchecked(file: Uint8Array): Envelope {
  try {
    return decodeEnvelope(file);
  } catch (cause) {
    throw unreadable(messageOf(cause), cause);
  }
}

const isEnvelope = (file: Uint8Array): boolean => {
  const value = parseJson(file);
  return typeof value === "object" && value !== null && "payloadType" in value;
};

function parseHead(payload: Uint8Array): Head {
  const value = parseJson(payload);
  const parsed = Head.safeParse(value);
  if (!parsed.success) throw unreadable(z.prettifyError(parsed.error), parsed.error);
  if (canonical(value) !== new TextDecoder().decode(payload))
    throw unreadable("it is not spelled canonically (RFC 8785)");
  return parsed.data;
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (cause) {
    throw unreadable("it is not JSON", cause);
  }
}

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

const unreadable = (why: string, cause?: unknown): HoldfastError =>
  new HoldfastError("source-unreadable", `${HEAD_KEY} is not what holdfast sync writes: ${why}`, { cause });
const unverified = (why: string, cause?: unknown): HoldfastError =>
  new HoldfastError("source-unverified", `${HEAD_KEY} cannot be trusted: ${why}`, { cause });
