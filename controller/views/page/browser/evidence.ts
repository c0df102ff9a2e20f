import { ml_dsa65 } from "@noble/post-quantum/ml-dsa.js";
import { browserPrimitives } from "../../../verifier/browser.ts";
import { decodeUtf8 } from "../../../verifier/bytes.ts";
import { Refused } from "../../../verifier/checks.ts";
import { decodeEnvelope } from "../../../verifier/envelope.ts";
import { readKeys, type Keys, type TrustedKey } from "../../../verifier/keys.ts";
import type { Pin, Verification } from "../../../verifier/verification.ts";
import { verifyChain } from "../../../verifier/verify.ts";
import type { VerifyOptions } from "../../../verifier/walk.ts";
import { visibleData } from "../../visible.ts";
import { sha256, type Files } from "./files.ts";
import type { Report, Subject, VerifiedReport } from "./shapes.ts";

/** What may be shown: the verdict, and of the reports only those of a set in which every single one is intact. */
export interface Evidence {
  readonly verification: Verification;
  readonly keys: readonly TrustedKey[];
  /** In order. Empty unless all of them are intact. */
  readonly reports: readonly VerifiedReport[];
  has(sha256: string): boolean;
  /** The rows of a gzip or plain NDJSON attachment with this digest; undefined where it is not at hand. */
  ndjson(sha256: string): Promise<readonly unknown[] | undefined>;
  algorithmOf(keyid: string): string | undefined;
}

/** Engines that cannot verify ML-DSA themselves are lent it. */
const primitives = browserPrimitives((publicKey, message, signature) => ml_dsa65.verify(signature, message, publicKey));

/** More than any attachment that is put on a page. Bytes. */
const LARGEST_LIST = 2 ** 28;

export async function examine(files: Files, head: Pin | undefined): Promise<Evidence> {
  const keys = await keysOf(files);
  if ("problem" in keys) return withoutKeys(keys.problem, files.reports.size);
  const reports = [...files.reports]
    .map(([name, bytes]) => ({ name, bytes }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const read = new Set<string>();
  const verification = await verifyChain(
    reports,
    keys.keys,
    { ...(await optionsFor(files, reports[0])), ...(head ? { head } : {}), each: ({ name }) => read.add(name) },
    primitives,
  );
  const shown = verification.intact === "yes" ? reports.filter(({ name }) => read.has(name)) : [];
  return {
    verification: withLimits(verification, reports[0]?.name),
    keys: keys.keys.keys,
    reports: await Promise.all(shown.map(({ name, bytes }) => reportOf(name, bytes))),
    has: (digest) => files.blobs.has(digest),
    ndjson: (digest) => rowsOf(files.blobs.get(digest)),
    algorithmOf: (keyid) => keys.keys.keys.find((key) => key.keyid === keyid)?.algorithm,
  };
}

async function keysOf({ keys }: Files): Promise<{ readonly keys: Keys } | { readonly problem: string }> {
  if (!keys) return { problem: "there is no keys.json to verify with" };
  try {
    return { keys: await readKeys(keys, primitives) };
  } catch (error) {
    if (error instanceof Refused) return { problem: error.message };
    throw error;
  }
}

const withoutKeys = (message: string, reports: number): Evidence => ({
  verification: {
    intact: "no",
    complete: "not-checked",
    sourced: "not-checked",
    anchored: "not-checked",
    reports,
    problems: [{ file: "keys.json", check: "keys", message }],
    limitations: [],
    late: [],
    keys: [],
  },
  keys: [],
  reports: [],
  has: () => false,
  ndjson: () => Promise.resolve(undefined),
  algorithmOf: () => undefined,
});

interface Glance {
  readonly payloadSha256: string;
  readonly attachments: readonly string[];
}

/** What an unverified report seems to say of where it stands and what it needs: it decides what is looked at, and nothing else. */
async function glance(file: Uint8Array): Promise<Glance | undefined> {
  try {
    const { payload } = decodeEnvelope(file);
    const { predicate } = JSON.parse(decodeUtf8(payload)) as { readonly predicate: Report };
    return {
      payloadSha256: await sha256(payload),
      attachments: (predicate.attachments ?? []).map(({ digest }) => digest.sha256),
    };
  } catch {
    return undefined;
  }
}

/**
 * Attachments are asked for only where all are at hand, lest a page that left the large ones out looked like one that lost them. A page
 * that begins in mid-chain begins with its own first report.
 */
async function optionsFor(
  files: Files,
  first: { readonly name: string; readonly bytes: Uint8Array } | undefined,
): Promise<VerifyOptions> {
  const glances = await Promise.all([...files.reports.values()].map(glance));
  const all = glances.every((one) => one?.attachments.every((digest) => files.blobs.has(digest)) ?? true);
  const start = first && Number.parseInt(first.name, 10) > 1 ? await glance(first.bytes) : undefined;
  return {
    ...(all ? { attachment: (digest: string) => Promise.resolve(files.blobs.get(digest)) } : {}),
    ...(first && start
      ? { start: { sequence: Number.parseInt(first.name, 10), payloadSha256: start.payloadSha256 } }
      : {}),
    ...(files.packs.size > 0
      ? { repository: { pack: (commit: string) => Promise.resolve(files.packs.get(commit)) } }
      : {}),
  };
}

function withLimits(verification: Verification, first: string | undefined): Verification {
  const from = Number.parseInt(first ?? "", 10);
  if (!(from > 1)) return verification;
  const limit = `The reports at hand begin with report ${from}: what came before it is not here, and is not vouched for.`;
  return { ...verification, limitations: [limit, ...verification.limitations] };
}

/** What a key transition, which is about no fleet, need not have. */
const NOTHING_SAID: Pick<Report, "scope" | "reporter" | "summary"> = {
  scope: { fleet: null, accounts: [], regions: [], partial: false, exclusions: [] },
  reporter: { id: "not told", version: "" },
  summary: {},
};

async function reportOf(file: string, bytes: Uint8Array): Promise<VerifiedReport> {
  const { payload, signatures } = decodeEnvelope(bytes);
  const statement = visibleData(JSON.parse(decodeUtf8(payload))) as {
    readonly predicate: Report;
    readonly predicateType: string;
    readonly subject: readonly Subject[];
  };
  const { predicate, predicateType, subject } = statement;
  const report = { ...NOTHING_SAID, ...predicate };
  return {
    file,
    sequence: report.chain.sequence,
    payloadSha256: await sha256(payload),
    report,
    subject,
    predicateType,
    signatures,
  };
}

async function rowsOf(bytes: Uint8Array | undefined): Promise<readonly unknown[] | undefined> {
  if (!bytes) return undefined;
  const plain = bytes[0] === 0x1f && bytes[1] === 0x8b ? await primitives.gunzip(bytes, LARGEST_LIST) : bytes;
  return decodeUtf8(plain)
    .split("\n")
    .filter(Boolean)
    .map((line) => visibleData(JSON.parse(line)) as unknown);
}
