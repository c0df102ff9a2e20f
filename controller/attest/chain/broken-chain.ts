import { HoldfastError } from "../../domain/errors.ts";
import { Digest } from "../../domain/identity.ts";
import type { ObjectStore } from "../../ports.ts";
import { createHistory } from "../memory/history.ts";
import { parseKeys, type Keys } from "../sealing/keys.ts";
import { attachmentKey, CHAINS, KEYS_FILE, reportsPrefix, sequenceOf } from "./names.ts";
import { verifyChain } from "./verify.ts";
import type { ReportFile } from "../../verifier/report.ts";
import type { Pin } from "../../verifier/verification.ts";

/** A chain that does not verify: what is to be superseded, and why. */
export interface BrokenChain {
  readonly chainId: string;
  /** The keys it was to verify with; undefined where they are gone or are none. */
  readonly keys: Keys | undefined;
  /** Of `keys.json` as it was looked at; undefined where there is none. */
  readonly etag: string | undefined;
  /** The greatest sequence that a file's name has. */
  readonly reports: number;
  /** Of the last report that could be read. */
  readonly payloadSha256?: Digest;
  /** One line each. */
  readonly problems: readonly string[];
}

/** Reports in the order of their names, read one by one. */
export async function* reportFiles(store: ObjectStore, chainId: string): AsyncGenerator<ReportFile> {
  for (const key of await store.list(reportsPrefix(chainId))) {
    const object = await store.get(key);
    if (object) yield { name: key.slice(key.lastIndexOf("/") + 1), bytes: object.body };
  }
}

/** What is wrong with a store's chain. `head`: the newest report as it is known from elsewhere. An empty list of problems: nothing. */
export async function examineChain(store: ObjectStore, head?: Pin): Promise<BrokenChain> {
  const object = await store.get(KEYS_FILE);
  const parsed = object && parseKeys(object.body);
  const keys = parsed && "keys" in parsed ? parsed.keys : undefined;
  const chainId = keys?.chainId ?? (await soleChain(store));
  const names = await store.list(reportsPrefix(chainId));
  const found = {
    chainId,
    keys,
    etag: object?.etag,
    reports: Math.max(0, ...names.map((name) => sequenceOf(name) ?? 0)),
  };
  if (!keys)
    return {
      ...found,
      problems: [`${KEYS_FILE} ${parsed && "wrong" in parsed ? `is no list of keys: ${parsed.wrong}` : "is gone"}`],
    };
  return { ...found, ...(await verified(store, keys, head, names.length)) };
}

/** Where the keys do not say which chain it is, the one whose files are there. */
async function soleChain(store: ObjectStore): Promise<string> {
  const ids = new Set((await store.list(CHAINS)).map((key) => key.slice(CHAINS.length).split("/")[0] ?? ""));
  const [only, ...others] = ids;
  if (only !== undefined && others.length === 0) return only;
  throw new HoldfastError(
    "source-unreadable",
    only === undefined
      ? `there is no chain of reports in ${store.url}: check --evidence`
      : `${KEYS_FILE} in ${store.url} does not say which of ${ids.size} chains it is of: put back a version of it that does`,
  );
}

async function verified(
  store: ObjectStore,
  keys: Keys,
  head: Pin | undefined,
  files: number,
): Promise<Pick<BrokenChain, "problems" | "payloadSha256">> {
  // A chain that has no report yet has nothing to verify, and what is carried by none is nothing.
  if (files === 0 && !head) return { problems: [] };
  const { problems, head: last } = await verifyChain(reportFiles(store, keys.chainId), keys, {
    attachment: async (sha256) => (await store.get(attachmentKey(keys.chainId, sha256)))?.body,
    ...(head ? { head } : {}),
  });
  return {
    problems: [...problems.map(({ file, message }) => `${file} ${message}`.trim()), ...(await memoryProblem(store))],
    ...(last ? { payloadSha256: Digest.parse(last.payloadSha256) } : {}),
  };
}

/** What stops runs and is no part of a report: a stand-down's record, say. */
async function memoryProblem(store: ObjectStore): Promise<readonly string[]> {
  try {
    await createHistory({ store }).read();
    return [];
  } catch (error) {
    if (error instanceof HoldfastError && error.code === "chain-broken") return [error.message];
    throw error;
  }
}
