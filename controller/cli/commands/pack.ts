import { reportFiles } from "../../attest/chain/broken-chain.ts";
import { readStoredKeys } from "../../attest/chain/chain.ts";
import type { Keys } from "../../attest/sealing/keys.ts";
import { attachmentKey, packKey, reportKey, sequenceOf } from "../../attest/chain/names.ts";
import type { ReportFile } from "../../verifier/report.ts";
import { verifyChain } from "../../attest/chain/verify.ts";
import { digestOf } from "../../domain/digest.ts";
import { HoldfastError } from "../../domain/errors.ts";
import { QUESTIONS, type Verification } from "../../domain/verification.ts";
import { isReadable, readExportFile } from "../../exports/export-report.ts";
import type { Period } from "../../exports/pack/facts.ts";
import { packFiles, packFolder } from "../../exports/pack/pack.ts";
import type { ObjectStore } from "../../ports.ts";
import { VIEWER_SCRIPT_HASH, viewerPage } from "../../views/page/page.ts";
import { openEvidence } from "../../world.ts";
import { settingsOf, type Invocation } from "../invocation.ts";
import { periodOf } from "./period.ts";

/**
 * Writes a period's evidence as one file that verifies by itself. A chain that does not verify is packed all the same, for that is the one an
 * auditor needs most: the README says so first, and the command ends with 5.
 */
export async function reportPack(invocation: Invocation): Promise<number> {
  const { flags, terminal } = invocation;
  const out = flags.out;
  if (out === undefined) throw new HoldfastError("setting-refused", "say where to with --out FILE.tar");
  const { store, keys } = await chainToExport(invocation);
  const period = await periodOf(store, keys.chainId, { from: flags.from, to: flags.to });
  const verification = await verifyPeriod(store, keys, period);
  const { writeTar } = await import("../../local/tar-file.ts");
  const { packTools } = await import("../../local/pack-tools.ts");
  const source = {
    keys,
    period,
    verification,
    tools: [...(await packTools()), { path: "viewer.html", bytes: new TextEncoder().encode(viewerPage()) }],
    viewerScript: VIEWER_SCRIPT_HASH,
    list: (prefix: string) => store.list(prefix),
    get: async (key: string) => (await store.get(key))?.body,
  };
  const folder = packFolder(keys, period);
  await writeTar(out, { folder, modifiedOn: await madeOn(store, keys, period), entries: packFiles(source) });
  const wrong = QUESTIONS.filter((question) => verification[question] === "no");
  terminal.out(packedText(out, folder, period, verification));
  if (wrong.length === 0) return 0;
  terminal.err(
    `holdfast: the reports in this pack do not verify: ${wrong.map((question) => question.toUpperCase()).join(", ")} answered no. Its README.md says why`,
  );
  return 5;
}

/** The store and the keys to read it by; pinned ones where there are any. */
export async function chainToExport(
  invocation: Invocation,
): Promise<{ readonly store: ObjectStore; readonly keys: Keys }> {
  const { store, trust } = await openEvidence(settingsOf(invocation, "."));
  const keys = trust ?? (await readStoredKeys(store));
  if (!keys)
    throw new HoldfastError("source-unreadable", `there is no chain of reports in ${store.url}: check --evidence`);
  return { store, keys };
}

/** What a verifier says of the period alone, which is all that a pack holds: where the chain begins before it, the first report is taken as given. */
async function verifyPeriod(store: ObjectStore, keys: Keys, period: Period): Promise<Verification> {
  const start = period.from === 1 ? undefined : await startPin(store, keys, period.from);
  return verifyChain(periodFiles(store, keys.chainId, period), keys, {
    attachment: async (sha256) => (await store.get(attachmentKey(keys.chainId, sha256)))?.body,
    repository: { pack: async (commit) => (await store.get(packKey(keys.chainId, commit)))?.body },
    ...(start ? { start } : {}),
  });
}

async function* periodFiles(store: ObjectStore, chainId: string, { from, to }: Period): AsyncGenerator<ReportFile> {
  for await (const file of reportFiles(store, chainId)) {
    const sequence = sequenceOf(file.name);
    if (sequence === undefined || (from <= sequence && sequence <= to)) yield file;
  }
}

async function startPin(store: ObjectStore, keys: Keys, sequence: number) {
  const object = await store.get(reportKey(keys.chainId, sequence));
  const file = object && (await readExportFile(sequence, object.body, async () => undefined));
  return file && isReadable(file) ? { sequence, payloadSha256: digestOf(file.envelope.payload) } : undefined;
}

/** The time that a pack's files bear: when the last report of it that can be read was made, in whole seconds as tar has them. */
async function madeOn(store: ObjectStore, keys: Keys, { from, to }: Period): Promise<Date> {
  for (let sequence = to; sequence >= from; sequence--) {
    const object = await store.get(reportKey(keys.chainId, sequence));
    const file = object && (await readExportFile(sequence, object.body, async () => undefined));
    if (file && isReadable(file) && file.told)
      return new Date(Math.floor(Date.parse(file.told.run.finishedOn) / 1000) * 1000);
  }
  return new Date(0);
}

function packedText(out: string, folder: string, { from, to, widenedBy }: Period, { head }: Verification): string {
  return [
    `${out}: reports ${from} to ${to}, in the folder ${folder}`,
    ...(widenedBy > 0
      ? [`${widenedBy} of them come before the period asked for, whose first reports refer to them`]
      : []),
    ...(head ? [`Last report  ${head.sequence}:${head.payloadSha256}`] : []),
    "Hand over that line and the keys' fingerprints by another way than the pack: they are what it is checked against.",
    "",
  ].join("\n");
}
