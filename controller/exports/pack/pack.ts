import { encodeKeys, type Keys } from "../../attest/sealing/keys.ts";
import {
  attachmentKey,
  chainPrefix,
  KEYS_FILE,
  packKey,
  reportKey,
  reportsPrefix,
  sequenceOf,
} from "../../attest/chain/names.ts";
import { csvWriter } from "../csv/csv-files.ts";
import { readExportFile, type ReadAttachment } from "../export-report.ts";
import { bundleFile, oscalFiles } from "../formats.ts";
import { ocsfWriter } from "../ocsf/ocsf.ts";
import { oscalWriter } from "../oscal/results.ts";
import { Gathered, type Answers, type PackFacts, type Period } from "./facts.ts";
import { readme } from "./readme.ts";
import { sumsFile, Sums } from "./sums.ts";

/** A file of a pack. */
export interface PackFile {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly executable?: true;
}

/** What a pack is made of. Everything that is read comes through here; nothing is written. */
export interface PackSource {
  readonly keys: Keys;
  readonly period: Period;
  /** Keys of the evidence store, below a prefix, in byte order. */
  readonly list: (prefix: string) => Promise<readonly string[]>;
  readonly get: (key: string) => Promise<Uint8Array | undefined>;
  /** What the verifier said of the period's reports, the words it takes for an answer included. */
  readonly verification: Answers;
  /** The verifiers and the viewer, as the release has them. */
  readonly tools: readonly PackFile[];
  /** The hash of the viewer's script, as its content security policy names it. */
  readonly viewerScript: string;
}

/** A pack's folder, which keeps whoever unpacks it from a litter of files. */
export const packFolder = ({ chainId }: Keys, { from, to }: Pick<Period, "from" | "to">): string =>
  `evidence-${chainId.slice(0, 8)}-${from}-${to}`;

/**
 * Every file of an evidence pack, in an order that follows from the reports alone: two packs of a period are the same bytes. Only what is
 * drawn from reports is kept until it is whole; reports and attachments go through one at a time.
 */
export async function* packFiles(source: PackSource): AsyncGenerator<PackFile> {
  const sums = new Sums();
  for await (const file of contents(source, sums)) {
    sums.add(file);
    yield file;
  }
  yield sumsFile(sums);
}

/** `packed`: what has gone before. */
async function* contents(source: PackSource, packed: Sums): AsyncGenerator<PackFile> {
  const { keys } = source;
  yield { path: KEYS_FILE, bytes: encodeKeys(keys) };
  yield* source.tools;
  const attachment: ReadAttachment = (sha256) => source.get(attachmentKey(keys.chainId, sha256));
  const tables = csvWriter(attachment);
  const findings = ocsfWriter((sequence) => reportKey(keys.chainId, sequence));
  const oscal = oscalWriter((sequence) => `../${reportKey(keys.chainId, sequence)}`);
  const [lines, gathered] = [new Array<string>(), new Gathered(source)];
  for (const key of await reportKeys(source)) {
    const bytes = await source.get(key);
    if (bytes) yield { path: key, bytes };
    const sequence = sequenceOf(key);
    if (!bytes || sequence === undefined) continue;
    const file = await readExportFile(sequence, bytes, attachment);
    await tables.add(file);
    lines.push(findings.add(file));
    oscal.add(file);
    gathered.add(file);
    for (const [name, text] of bundleFile(file, keys)) yield textFile(`sigstore/${name}`, text);
  }
  yield* bound(source, gathered);
  for (const [name, text] of await tables.finish()) yield textFile(`csv/${name}`, text);
  yield textFile("ocsf/findings.ndjson", lines.join(""));
  for (const [name, text] of oscalFiles(oscal)) yield textFile(`oscal/${name}`, text);
  yield* aboutFiles(gathered.facts(), packed);
}

/** Those of the period, and those whose names do not say which they are. */
async function reportKeys({ keys, period, list }: PackSource): Promise<readonly string[]> {
  const inPeriod = (sequence: number | undefined) =>
    sequence === undefined || (period.from <= sequence && sequence <= period.to);
  return (await list(reportsPrefix(keys.chainId))).filter((key) => inPeriod(sequenceOf(key)));
}

/** What reports name by digest, and what stands beside them by number. */
async function* bound(
  { keys, period, list, get }: PackSource,
  { attachments, commits }: Gathered,
): AsyncGenerator<PackFile> {
  const chain = chainPrefix(keys.chainId);
  const beside = [...(await list(`${chain}countersign/`)), ...(await list(`${chain}timestamps/`))].filter((key) => {
    const sequence = Number(/\/(\d{10})\.[^/]*$/.exec(key)?.[1]);
    return period.from <= sequence && sequence <= period.to;
  });
  const wanted = [
    ...[...attachments].toSorted().map((sha256) => attachmentKey(keys.chainId, sha256)),
    ...beside,
    ...[...commits].toSorted().map((commit) => packKey(keys.chainId, commit)),
  ];
  for (const path of wanted) {
    const bytes = await get(path);
    if (bytes) yield { path, bytes };
  }
}

function* aboutFiles(facts: PackFacts, packed: Sums): Generator<PackFile> {
  if (facts.start) yield textFile("START.txt", `${facts.start}\n`);
  if (facts.head) yield textFile("HEAD.txt", `${facts.head}\n`);
  yield textFile(
    "README.md",
    readme(facts, (path) => packed.has(path)),
  );
}

const textFile = (path: string, text: string): PackFile => ({ path, bytes: new TextEncoder().encode(text) });
