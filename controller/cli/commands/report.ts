import { stat } from "node:fs/promises";
import { reportFiles } from "../../attest/chain/broken-chain.ts";
import { chainBroken, type ChainReader, openChain, readStoredKeys } from "../../attest/chain/chain.ts";
import type { Keys } from "../../attest/sealing/keys.ts";
import { UNPINNED_KEYS } from "../../attest/chain/link.ts";
import { attachmentKey, packKey, reportKey, reportName } from "../../attest/chain/names.ts";
import { Refused } from "../../attest/chain/refused.ts";
import { wholeReport } from "../../attest/chain/whole.ts";
import { verifyChain } from "../../attest/chain/verify.ts";
import type { VerifyOptions } from "../../verifier/walk.ts";
import { lookAtVersions, withVersions } from "../../attest/chain/versions.ts";
import { HoldfastError } from "../../domain/errors.ts";
import { Digest } from "../../domain/identity.ts";
import type { Report } from "../../domain/report.ts";
import type { Answer, Verification } from "../../domain/verification.ts";
import { createFolderSource } from "../../local/folder-source.ts";
import type { ObjectStore } from "../../ports.ts";
import { reportList as listText } from "../../views/report-list.ts";
import { changesBetween } from "../../views/period/changes-between.ts";
import { diffText } from "../../views/period/diff-text.ts";
import { trendLines } from "../../views/period/trend.ts";
import { jsonText } from "../../views/visible.ts";
import { verificationJson, verificationText } from "../../views/verification-text.ts";
import { openEvidence, readTrust } from "../../world.ts";
import { formatOf, settingsOf, type Invocation } from "../invocation.ts";
import { renderReport } from "./apply.ts";

/** One line a report, newest first, and how the numbers went over all of them. */
export async function reportList(invocation: Invocation): Promise<number> {
  const { flags, terminal } = invocation;
  const { chain } = await chainOf(invocation);
  const newest = await chain.length();
  const last = flags.last === undefined ? newest : Math.min(newest, sequenceFrom(flags.last) ?? newest);
  const reports = [];
  for (let sequence = newest - last + 1; sequence <= newest; sequence++)
    reports.push((await chain.report(sequence)).report);
  if (formatOf(invocation) === "json") terminal.out(jsonText(reports.toReversed()));
  else {
    terminal.out(listText(reports.toReversed(), terminal));
    if (reports.length > 1) terminal.out(`\n${trendLines(reports, terminal).join("\n")}\n`);
  }
  return 0;
}

/** What changed from one report to a later one: by default, from the one before to the newest. */
export async function reportDiff(invocation: Invocation): Promise<number> {
  const { operands, terminal } = invocation;
  const { chain, store } = await chainOf(invocation);
  const newest = await chain.length();
  const to = sequenceFrom(operands[1]) ?? newest;
  const from = sequenceFrom(operands[0]) ?? to - 1;
  if (from < 1 || to > newest || from >= to)
    throw new HoldfastError(
      "setting-refused",
      `there is nothing to compare from report ${from} to ${to}: give two of the ${newest} reports in ${store.url}, the earlier first`,
    );
  const since = [];
  for (let sequence = from + 1; sequence <= to; sequence++) since.push(await readWhole(store, chain, sequence));
  const diff = changesBetween(await readWhole(store, chain, from), since.at(-1)!, since);
  terminal.out(formatOf(invocation) === "json" ? jsonText(diff) : diffText(diff, terminal));
  return 0;
}

async function readWhole(store: ObjectStore, chain: ChainReader, sequence: number): Promise<Report> {
  try {
    return (await wholeReport(chain, sequence)).report;
  } catch (error) {
    if (error instanceof Refused) throw chainBroken(store, `report ${sequence}: ${error.message}`, error);
    throw error;
  }
}

/** One report, its own signature verified; the newest by default. */
export async function reportShow(invocation: Invocation): Promise<number> {
  const { chain, store } = await chainOf(invocation);
  const newest = await chain.length();
  const sequence = sequenceFrom(invocation.operands[0]) ?? newest;
  if (newest === 0) throw new HoldfastError("source-unreadable", `there is no report in ${store.url} yet`);
  if (sequence > newest)
    throw new HoldfastError(
      "source-unreadable",
      `there is no report ${sequence} in ${store.url}: the newest is ${newest}`,
    );
  const { report, payloadSha256 } = await chain.report(sequence);
  const whole = await readWhole(store, chain, sequence);
  const url = `${store.url}/${reportKey(chain.keys.chainId, sequence)}`;
  invocation.terminal.out(renderReport({ sequence, url, payloadSha256, report, whole }, invocation));
  return 0;
}

/** Every report from the first, against keys and a head that came another way where they did. Exit 5 on any no. */
export async function reportVerify(invocation: Invocation): Promise<number> {
  const { flags, terminal } = invocation;
  const { store, trust } =
    flags.pack === undefined
      ? await openEvidence(evidenceSettings(invocation))
      : await openPack(invocation, flags.pack);
  const pinned = (await readTrust(flags.keys)) ?? trust;
  const keys = pinned ?? (await readStoredKeys(store));
  if (!keys) throw new HoldfastError("source-unreadable", `there is no chain of reports in ${store.url}`);
  const options = await verifyOptions(invocation, store, keys);
  const checked = await verifyChain(reportFiles(store, keys.chainId), keys, options);
  const versioned = withVersions(checked, await lookAtVersions(store, keys.chainId));
  const unpinned = [
    ...(pinned ? [] : [UNPINNED_KEYS]),
    ...(options.start && flags.start === undefined ? [OWN_START] : []),
  ];
  const verification = { ...versioned, limitations: [...versioned.limitations, ...unpinned] };
  terminal.out(
    formatOf(invocation) === "json" ? verificationJson(verification) : verificationText(verification, terminal),
  );
  return verifyExitCode(verification, flags);
}

const OWN_START =
  "The chain begins before the pack does. Its first report is the one that the pack itself names: give --start from elsewhere to have it checked.";

/** A pack is read where it lies: no setting of this machine's fleet has a say in it. */
async function openPack(invocation: Invocation, path: string) {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  const store = isFolder
    ? (await import("../../local/folder-store.ts")).createFolderStore(path)
    : await (await import("../../local/tar-store.ts")).openTarStore(path);
  return { store, trust: await readTrust(evidenceSettings(invocation).trust) };
}

async function chainOf(invocation: Invocation): Promise<{ readonly chain: ChainReader; readonly store: ObjectStore }> {
  const { store, trust } = await openEvidence(evidenceSettings(invocation));
  const chain = await openChain(store, trust);
  if (!chain)
    throw new HoldfastError("source-unreadable", `there is no chain of reports in ${store.url}: check --evidence`);
  return { chain, store };
}

/** Reports are read without any desired state. */
const evidenceSettings = (invocation: Invocation) => settingsOf(invocation, ".");

async function verifyOptions({ flags }: Invocation, store: ObjectStore, { chainId }: Keys): Promise<VerifyOptions> {
  const head = flags.head === undefined ? undefined : parseHead(flags.head);
  const start = flags.start ?? (flags.pack === undefined ? undefined : await packStart(store));
  const manifests =
    flags.manifests === undefined ? undefined : (await createFolderSource(flags.manifests).read()).files;
  return {
    attachment: async (sha256) => (await store.get(attachmentKey(chainId, sha256)))?.body,
    repository: { pack: async (commit) => (await store.get(packKey(chainId, commit)))?.body },
    ...(head ? { head } : {}),
    ...(start === undefined ? {} : { start: parsePin("start", start) }),
    ...(manifests
      ? { manifests: manifests.map(({ path, text }) => ({ path, bytes: new TextEncoder().encode(text) })) }
      : {}),
  };
}

/** The first report as the pack itself names it: whoever doubts that gives another. */
async function packStart(store: ObjectStore): Promise<string | undefined> {
  const file = await store.get("START.txt");
  return file && new TextDecoder().decode(file.body).trim();
}

export const parseHead = (text: string) => parsePin("head", text);

function parsePin(flag: "head" | "start", text: string): { readonly sequence: number; readonly payloadSha256: Digest } {
  const [, sequence, sha256] = /^(\d+):([0-9a-f]{64})$/.exec(text) ?? [];
  if (sequence === undefined)
    throw new HoldfastError(
      "setting-refused",
      `--${flag} ${text} is not SEQUENCE:SHA256, as a report or a verification prints it`,
    );
  return { sequence: Number(sequence), payloadSha256: Digest.parse(sha256) };
}

function sequenceFrom(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d*$/.test(text))
    throw new HoldfastError(
      "setting-refused",
      `${text} is not a report's sequence: give a number such as 42, as in ${reportName(42)}`,
    );
  return Number(text);
}

/** 5 for any no, 4 where something was asked for and could not be checked (design §14). */
function verifyExitCode(
  { intact, complete, sourced, anchored }: Verification,
  { head, manifests }: Invocation["flags"],
): number {
  const all: readonly Answer[] = [intact, complete, sourced, anchored];
  if (all.includes("no")) return 5;
  const asked: readonly Answer[] = [
    intact,
    complete,
    ...(manifests === undefined ? [] : [sourced]),
    ...(head === undefined ? [] : [anchored]),
  ];
  return asked.includes("not-checked") ? 4 : 0;
}
