import { stat } from "node:fs/promises";
import { reportFiles } from "../../attest/chain/broken-chain.ts";
import { readStoredKeys } from "../../attest/chain/chain.ts";
import { UNPINNED_KEYS } from "../../attest/chain/link.ts";
import { attachmentKey, packKey, reportKey, reportName } from "../../attest/chain/names.ts";
import { verifyChain } from "../../attest/chain/verify.ts";
import { lookAtVersions, withVersions } from "../../attest/chain/versions.ts";
import type { Keys } from "../../attest/sealing/keys.ts";
import { HoldfastError } from "../../domain/errors.ts";
import { Digest } from "../../domain/identity.ts";
import type { Answer, Verification } from "../../domain/verification.ts";
import { createFolderSource } from "../../local/folder-source.ts";
import type { ObjectStore } from "../../ports.ts";
import type { VerifyOptions } from "../../verifier/walk.ts";
import { verificationJson, verificationText } from "../../views/verification-text.ts";
import { openEvidence } from "../../world.ts";
import { readTrust } from "../../world/trust.ts";
import { formatOf, type Invocation } from "../invocation.ts";
import { evidenceSettings, sequenceFrom } from "./report.ts";

/**
 * Every report from the first, or one by itself, against keys and a head that came another way where they did. Exit 5 on any no, 4 where
 * something was asked for and could not be checked.
 */
export async function reportVerify(invocation: Invocation): Promise<number> {
  const { flags, terminal } = invocation;
  const { store, trust } =
    flags.pack === undefined
      ? await openEvidence(evidenceSettings(invocation))
      : await openPack(invocation, flags.pack);
  const pinned = (await readTrust(flags.keys)) ?? trust;
  const keys = pinned ?? (await readStoredKeys(store));
  if (!keys) throw new HoldfastError("source-unreadable", `there is no chain of reports in ${store.url}`);
  const one = sequenceFrom(invocation.operands[0]);
  const options = { ...(await verifyOptions(invocation, store, keys)), ...(one === undefined ? {} : { sample: true }) };
  const checked = await verifyChain(await filesOf(store, keys, one), keys, options);
  const versioned = withVersions(checked, await lookAtVersions(store, keys.chainId));
  const unpinned = [
    ...(pinned ? [] : [UNPINNED_KEYS]),
    ...(options.start && flags.start === undefined ? [OWN_START] : []),
  ];
  const verification = { ...versioned, limitations: [...versioned.limitations, ...unpinned] };
  terminal.out(
    formatOf(invocation) === "json" ? verificationJson(verification) : verificationText(verification, terminal),
  );
  return verifyExitCode(verification, flags, one !== undefined);
}

/** All of them, or the one that is asked about. */
async function filesOf(store: ObjectStore, { chainId }: Keys, one: number | undefined) {
  if (one === undefined) return reportFiles(store, chainId);
  const key = reportKey(chainId, one);
  const object = await store.get(key);
  if (!object) throw new HoldfastError("source-unreadable", `there is no report ${one} in ${store.url}`);
  return [{ name: reportName(one), bytes: object.body }];
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

async function verifyOptions({ flags }: Invocation, store: ObjectStore, { chainId }: Keys): Promise<VerifyOptions> {
  const head = flags.head === undefined ? undefined : parseHead(flags.head);
  const start = flags.start ?? (flags.pack === undefined ? undefined : await packStart(store));
  const manifests =
    flags.manifests === undefined ? undefined : (await createFolderSource(flags.manifests).read()).files;
  return {
    attachment: async (sha256) => (await store.get(attachmentKey(chainId, sha256)))?.body,
    repository: { pack: async (commit) => (await store.get(packKey(chainId, commit)))?.body },
    ...(head ? { head } : {}),
    ...(flags.due === true ? { now: new Date().toISOString() } : {}),
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

/** 5 for any no, 4 where something was asked for and could not be checked (design §14). */
function verifyExitCode(
  { intact, complete, sourced, anchored }: Verification,
  { head, manifests }: Invocation["flags"],
  byItself: boolean,
): number {
  const all: readonly Answer[] = [intact, complete, sourced, anchored];
  if (all.includes("no")) return 5;
  const asked: readonly Answer[] = [
    intact,
    // Of one report nobody asks whether others are missing.
    ...(byItself ? [] : [complete]),
    ...(manifests === undefined ? [] : [sourced]),
    ...(head === undefined ? [] : [anchored]),
  ];
  return asked.includes("not-checked") ? 4 : 0;
}
