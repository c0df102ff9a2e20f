import { HoldfastError } from "../../domain/errors.ts";
import { instant, type Instant } from "../../domain/identity.ts";
import type { ObjectStore } from "../../ports.ts";
import { linkFindings, logFindings } from "../../verifier/link.ts";
import { nodePrimitives } from "../../verifier/node.ts";
import { parseKeys, type Keys } from "../sealing/keys.ts";
import { attachmentKey, CHAINS, chainPrefix, KEYS_FILE, reportKey, reportName, reportsPrefix } from "./names.ts";
import { Refused } from "./refused.ts";
import { verifyReport, type ReadReport } from "./verify-report.ts";

/** A store's chain as one who may read it sees it. */
export interface ChainReader {
  readonly keys: Keys;
  /** The last report, signature and link verified; null of a chain that has none yet. */
  tip(): Promise<ChainReport | null>;
  /** One report, signature verified. */
  report(sequence: number): Promise<ChainReport>;
  /** The greatest sequence there is; 0 of an empty chain. Costs one listing of the reports, a call for each thousand. */
  length(): Promise<number>;
  /** Throws HoldfastError `chain-broken` unless a report was made after that other one as it is here. */
  assertLinked(report: ChainReport, before: ChainReport): void;
  /** An attachment's bytes; undefined where there is none with that digest. */
  readonly attachment: (sha256: string) => Promise<Uint8Array | undefined>;
}

/** A report with the time at which the store took it. */
export interface ChainReport extends ReadReport {
  readonly publishedOn: Instant;
}

const VERIFY =
  "run `holdfast report verify` to see which file and why, and put back what was there; where that cannot be done, `holdfast report rechain` begins anew";

/** Every broken chain is said in the same way: what is wrong, that nothing will be built on it, and what to do. */
export const chainBroken = (store: ObjectStore, what: string, cause?: unknown): HoldfastError =>
  new HoldfastError(
    "chain-broken",
    `the reports in ${store.url} do not verify: ${what}. Nothing is built on them: ${VERIFY}`,
    { cause },
  );

const ofTheFirstForm = (store: ObjectStore): HoldfastError =>
  new HoldfastError(
    "chain-broken",
    `the reports in ${store.url} are of the first form (v0): they verify as ever, and none of this release can follow them. Begin the chain that takes their place with \`holdfast report rechain --reason …\`; its first report names their last`,
  );

/** What a check came to; a refusal breaks the chain. */
export function refusedIsBroken<T>(store: ObjectStore, key: string, check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (error instanceof Refused) throw chainBroken(store, `${key} ${error.message}`, error);
    throw error;
  }
}

/**
 * The chain in a store, trusted by pinned keys, or else by the keys that lie beside it. Undefined where none was begun; a store that holds
 * reports and has lost its keys is not one of those, and is read by pinned keys alone.
 */
export async function openChain(store: ObjectStore, trust?: Keys): Promise<ChainReader | undefined> {
  const stored = await readStoredKeys(store);
  if (stored && trust && stored.chainId !== trust.chainId)
    throw chainBroken(
      store,
      `they are chain ${stored.chainId}, and the pinned keys are those of chain ${trust.chainId}`,
    );
  const keys = trust ?? stored;
  if (keys && (stored || (await store.list(chainPrefix(keys.chainId))).length > 0)) return chainReader(store, keys);
  if ((await store.list(CHAINS)).length > 0) throw chainBroken(store, `${KEYS_FILE} is gone`);
  return undefined;
}

export async function readStoredKeys(store: ObjectStore): Promise<Keys | undefined> {
  const object = await store.get(KEYS_FILE);
  if (!object) return undefined;
  const parsed = parseKeys(object.body);
  if ("wrong" in parsed) throw chainBroken(store, `${KEYS_FILE} is not a list of keys: ${parsed.wrong}`);
  return parsed.keys;
}

export function chainReader(store: ObjectStore, keys: Keys): ChainReader {
  const report = (sequence: number) => readReport(store, keys, sequence);
  const length = () => chainLength(store, keys.chainId);
  return {
    keys,
    report,
    length,
    tip: async () => readTip(store, await length(), report),
    assertLinked: (later, before) => {
      const { previous } = later.report.chain;
      if (previous?.sequence !== before.sequence || previous.payloadSha256 !== before.payloadSha256)
        throw chainBroken(store, `${later.name} was not made after ${before.name} as it is here`);
    },
    attachment: async (sha256) => (await store.get(attachmentKey(keys.chainId, sha256)))?.body,
  };
}

async function readTip(
  store: ObjectStore,
  length: number,
  report: (sequence: number) => Promise<ChainReport>,
): Promise<ChainReport | null> {
  if (length === 0) return null;
  const tip = await report(length);
  const before = length > 1 ? (await report(length - 1)).verified : "nothing";
  // The log of the one before goes on from what that one carries; it is held against the tip's.
  const log = before === "nothing" ? undefined : (await logFindings(before, undefined, nodePrimitives)).after;
  const findings = [
    ...linkFindings(tip.verified, before, undefined),
    ...(await logFindings(tip.verified, log, nodePrimitives)).findings,
  ];
  // A clock that went back is for the verifier to show; a fleet does not stop for it.
  const wrong = findings.find(({ check }) => check !== "order");
  if (wrong) throw chainBroken(store, `${tip.name} ${wrong.message}`);
  return tip;
}

async function readReport(store: ObjectStore, keys: Keys, sequence: number): Promise<ChainReport> {
  const key = reportKey(keys.chainId, sequence);
  const object = await store.get(key);
  if (!object) throw chainBroken(store, `${key} is missing`);
  const verified = await verifyReport({ name: key, bytes: object.body }, keys);
  if (verified.status === "refused" && verified.firstForm) throw ofTheFirstForm(store);
  const [problem] = verified.problems;
  if (verified.status === "refused" || problem) throw chainBroken(store, `${key} ${problem?.message}`);
  return { ...verified, publishedOn: instant(object.lastModified) };
}

/** Names alone are trusted with nothing but being there: 1 to n, or something was taken away or put in. */
async function chainLength(store: ObjectStore, chainId: string): Promise<number> {
  const names = await store.list(reportsPrefix(chainId));
  const odd = names.findIndex((name, at) => name !== reportKey(chainId, at + 1));
  if (odd >= 0) throw chainBroken(store, `${reportName(odd + 1)} should come next, and there is ${names[odd]}`);
  return names.length;
}
