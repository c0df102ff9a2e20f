import { reportFiles } from "../../attest/broken-chain.ts";
import { type ChainReader, openChain, readStoredKeys } from "../../attest/chain.ts";
import type { Keys } from "../../attest/keys.ts";
import { UNPINNED_KEYS } from "../../attest/link.ts";
import { attachmentKey, reportKey, reportName } from "../../attest/names.ts";
import { filledIn } from "../../attest/unchanged.ts";
import { verifyChain, type VerifyOptions } from "../../attest/verify.ts";
import { lookAtVersions, withVersions } from "../../attest/versions.ts";
import { HoldfastError } from "../../domain/errors.ts";
import { Digest } from "../../domain/identity.ts";
import type { Answer, Verification } from "../../domain/verification.ts";
import { createFolderSource } from "../../local/folder-source.ts";
import type { ObjectStore } from "../../ports.ts";
import { reportList as listText } from "../../views/report-list.ts";
import { jsonText } from "../../views/visible.ts";
import { verificationJson, verificationText } from "../../views/verification-text.ts";
import { openEvidence, readTrust } from "../../world.ts";
import { formatOf, settingsOf, type Invocation } from "../invocation.ts";
import { renderReport } from "./apply.ts";

/** One line a report, newest first. */
export async function reportList(invocation: Invocation): Promise<number> {
  const { chain } = await chainOf(invocation);
  const sequences = Array.from({ length: await chain.length() }, (_, at) => at + 1).toReversed();
  const reports = [];
  for (const sequence of sequences) reports.push((await chain.report(sequence)).report);
  if (formatOf(invocation) === "json") invocation.terminal.out(jsonText(reports));
  else invocation.terminal.out(listText(reports, invocation.terminal));
  return 0;
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
  const whole = report.unchanged
    ? filledIn(report, (await chain.report(report.unchanged.since.sequence)).report)
    : report;
  const url = `${store.url}/${reportKey(chain.keys.chainId, sequence)}`;
  invocation.terminal.out(renderReport({ sequence, url, payloadSha256, report, whole }, invocation));
  return 0;
}

/** Every report from the first, against keys and a head that came another way where they did. Exit 5 on any no. */
export async function reportVerify(invocation: Invocation): Promise<number> {
  const { flags, terminal } = invocation;
  const { store, trust } = await openEvidence(evidenceSettings(invocation));
  const pinned = (await readTrust(flags.keys)) ?? trust;
  const keys = pinned ?? (await readStoredKeys(store));
  if (!keys) throw new HoldfastError("source-unreadable", `there is no chain of reports in ${store.url}`);
  const options = await verifyOptions(invocation, store, keys);
  const checked = await verifyChain(reportFiles(store, keys.chainId), keys, options);
  const versioned = withVersions(checked, await lookAtVersions(store, keys.chainId));
  const verification = pinned ? versioned : { ...versioned, limitations: [...versioned.limitations, UNPINNED_KEYS] };
  terminal.out(
    formatOf(invocation) === "json" ? verificationJson(verification) : verificationText(verification, terminal),
  );
  return verifyExitCode(verification, flags);
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
  const manifests =
    flags.manifests === undefined ? undefined : (await createFolderSource(flags.manifests).read()).files;
  return {
    attachment: async (sha256) => (await store.get(attachmentKey(chainId, sha256)))?.body,
    ...(head ? { head } : {}),
    ...(manifests
      ? { manifests: manifests.map(({ path, text }) => ({ path, bytes: new TextEncoder().encode(text) })) }
      : {}),
  };
}

export function parseHead(text: string): { readonly sequence: number; readonly payloadSha256: Digest } {
  const [, sequence, sha256] = /^(\d+):([0-9a-f]{64})$/.exec(text) ?? [];
  if (sequence === undefined)
    throw new HoldfastError(
      "setting-refused",
      `--head ${text} is not SEQUENCE:SHA256, as a report or a verification prints it`,
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
