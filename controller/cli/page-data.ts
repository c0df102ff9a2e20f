import { attachmentKey, packKey, reportKey, reportName } from "../attest/chain/names.ts";
import { encodeKeys, type Keys } from "../attest/sealing/keys.ts";
import type { ObjectStore } from "../ports.ts";
import { decodeUtf8 } from "../verifier/bytes.ts";
import { decodeEnvelope } from "../verifier/envelope.ts";
import type { PageData } from "../views/page/data.ts";

/** Which reports go on a page. Sequences, both included. */
export interface PageRange {
  readonly from?: number | undefined;
  readonly to: number;
  /** The report that is shown first; by default the last. */
  readonly focus?: number | undefined;
}

export interface CollectedPage {
  readonly data: PageData;
  readonly from: number;
  /** What is not on the page although reports name it, a sentence each. */
  readonly leftOut: readonly string[];
}

/** A month: what an auditor files at a time, so that the page itself shows that nothing is missing from it. */
const PERIOD_MS = 31 * 86_400_000;
/** Attachments all go along up to so much together; beyond, those of the report in focus, each up to so much. Bytes. */
const ALL_ATTACHMENTS = 4 * 2 ** 20;
const ONE_ATTACHMENT = 8 * 2 ** 20;

/** The files of the store that a page is made of, as they lie there: whether they are right is for the page to say. */
export async function collectPage(store: ObjectStore, keys: Keys, range: PageRange): Promise<CollectedPage> {
  const reports = await readReports(store, keys.chainId, range);
  const from = reports[0]?.sequence ?? range.to;
  const attachments = await readAttachments(store, keys.chainId, reports, range.focus ?? range.to);
  const packs = await readPacks(store, keys.chainId, reports);
  return {
    data: {
      format: 1,
      focus: range.focus ?? null,
      keys: decodeUtf8(encodeKeys(keys)),
      reports: Object.fromEntries(reports.map(({ sequence, text }) => [reportName(sequence), text])),
      attachments: attachments.bytes.map(encode),
      packs: packs.packs,
    },
    from,
    leftOut: [...attachments.leftOut, ...packs.leftOut],
  };
}

interface StoredReport {
  readonly sequence: number;
  readonly text: string;
  readonly said: Said | undefined;
}

/** What a page needs to know of a report to fetch what belongs to it. Unverified: it decides what is read, and nothing else. */
interface Said {
  readonly run?: { readonly finishedOn?: string };
  readonly unchanged?: { readonly since: { readonly sequence: number } };
  readonly source?: { readonly commit: string | null; readonly pack?: object | null } | null;
  readonly attachments?: readonly {
    readonly name: string;
    readonly size: number;
    readonly digest: { readonly sha256: string };
  }[];
}

/** Backwards from the last: as many as were asked for, or a month, and on to the full report that a short one refers to. */
async function readReports(store: ObjectStore, chainId: string, range: PageRange): Promise<readonly StoredReport[]> {
  const reports: StoredReport[] = [];
  let first = range.from ?? 1;
  let begin = Number.NEGATIVE_INFINITY;
  for (let sequence = range.to; sequence >= first; sequence--) {
    const file = await store.get(reportKey(chainId, sequence));
    // A report that is missing is for the page to show as missing.
    if (!file) continue;
    const report = { sequence, text: new TextDecoder().decode(file.body), said: glance(file.body) };
    const finishedOn = Date.parse(report.said?.run?.finishedOn ?? "");
    if (begin === Number.NEGATIVE_INFINITY && !Number.isNaN(finishedOn)) begin = finishedOn - PERIOD_MS;
    const isNeeded = reports.some(
      ({ said }) => (said?.unchanged?.since.sequence ?? Number.POSITIVE_INFINITY) <= sequence,
    );
    if (range.from === undefined && finishedOn < begin && !isNeeded) break;
    reports.push(report);
    if (range.from !== undefined) first = Math.min(first, report.said?.unchanged?.since.sequence ?? first);
  }
  return reports.toReversed();
}

function glance(file: Uint8Array): Said | undefined {
  try {
    const { predicate } = JSON.parse(decodeUtf8(decodeEnvelope(file).payload)) as { readonly predicate?: Said };
    return predicate;
  } catch {
    return undefined;
  }
}

async function readAttachments(
  store: ObjectStore,
  chainId: string,
  reports: readonly StoredReport[],
  focus: number,
): Promise<{ readonly bytes: readonly Uint8Array[]; readonly leftOut: readonly string[] }> {
  const named = new Map(
    reports.flatMap(({ sequence, said }) =>
      (said?.attachments ?? []).map(({ name, size, digest }) => [digest.sha256, { name, size, sequence }] as const),
    ),
  );
  const total = [...named.values()].reduce((sum, { size }) => sum + size, 0);
  const wanted = [...named].filter(
    ([, { size, sequence }]) => total <= ALL_ATTACHMENTS || (sequence === focus && size <= ONE_ATTACHMENT),
  );
  const bytes: Uint8Array[] = [];
  const missing: string[] = [];
  for (const [sha256, { name }] of wanted) {
    const object = await store.get(attachmentKey(chainId, sha256));
    if (object) bytes.push(object.body);
    else missing.push(`attachment ${name} (${sha256}) is missing from ${store.url}`);
  }
  const left = named.size - wanted.length;
  return {
    bytes,
    leftOut: [
      ...missing,
      ...(left > 0 ? [`${left} attachments of ${named.size} are too large for the page, or of other reports`] : []),
    ],
  };
}

async function readPacks(
  store: ObjectStore,
  chainId: string,
  reports: readonly StoredReport[],
): Promise<{ readonly packs: Readonly<Record<string, string>>; readonly leftOut: readonly string[] }> {
  const commits = new Set(reports.flatMap(({ said }) => (said?.source?.pack && said.source.commit) || []));
  const packs: Record<string, string> = {};
  const leftOut: string[] = [];
  for (const commit of commits) {
    const object = await store.get(packKey(chainId, commit));
    if (object) packs[commit] = encode(object.body);
    else leftOut.push(`the git pack of commit ${commit} is missing from ${store.url}`);
  }
  return { packs, leftOut };
}

const encode = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");
