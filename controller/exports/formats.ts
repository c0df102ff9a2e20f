import type { Keys } from "../attest/sealing/keys.ts";
import { csvWriter } from "./csv/csv-files.ts";
import { isReadable, readExportFile, type ExportFile, type ReadAttachment } from "./export-report.ts";
import { ocsfWriter } from "./ocsf/ocsf.ts";
import { PLAN_FILE } from "./oscal/plan.ts";
import { oscalWriter, RESULTS_FILE, type OscalWriter } from "./oscal/results.ts";
import { sigstoreBundle } from "./sigstore.ts";

export const FORMATS = ["csv", "ocsf", "oscal", "sigstore"] as const;
export type ExportFormat = (typeof FORMATS)[number];
export const isExportFormat = (text: string | undefined): text is ExportFormat => FORMATS.some((one) => one === text);

/** The reports to export, and where they lie. */
export interface ExportSource {
  readonly keys: Keys;
  /** In order. */
  readonly sequences: readonly number[];
  readonly report: (sequence: number) => Promise<Uint8Array | undefined>;
  readonly attachment: ReadAttachment;
  readonly url: (sequence: number) => string;
}

/** Files by path in the folder they go to. */
export type Exported = ReadonlyMap<string, string>;

/** Each form by itself, as files. A pack has them all. */
export const EXPORTS: Readonly<Record<ExportFormat, (source: ExportSource) => Promise<Exported>>> = {
  csv: async (source) => {
    const tables = csvWriter(source.attachment);
    for await (const file of filesOf(source)) await tables.add(file);
    return tables.finish();
  },
  ocsf: async (source) => {
    const findings = ocsfWriter(source.url);
    const lines = [];
    for await (const file of filesOf(source)) lines.push(findings.add(file));
    return new Map([["findings.ndjson", lines.join("")]]);
  },
  oscal: async (source) => {
    const writer = oscalWriter(source.url);
    for await (const file of filesOf(source)) writer.add(file);
    return oscalFiles(writer);
  },
  sigstore: async (source) => {
    const files = await Array.fromAsync(filesOf(source));
    return new Map(files.flatMap((file) => bundleFile(file, source.keys)));
  },
};

async function* filesOf({ sequences, report, attachment }: ExportSource): AsyncGenerator<ExportFile> {
  for (const sequence of sequences) {
    const bytes = await report(sequence);
    if (bytes) yield await readExportFile(sequence, bytes, attachment);
  }
}

/** Results and the plan that they name; nothing where no file is a report. */
export function oscalFiles(writer: OscalWriter): Exported {
  const documents = writer.finish();
  if (!documents) return new Map();
  return new Map([
    [PLAN_FILE, jsonText(documents.plan)],
    [RESULTS_FILE, jsonText(documents.results)],
  ]);
}

/** A file's bundle with its name, if it has one. */
export function bundleFile(file: ExportFile, keys: Keys): readonly (readonly [name: string, text: string])[] {
  const bundle = isReadable(file) ? sigstoreBundle(file, keys) : undefined;
  return bundle ? [[bundleName(file.sequence), jsonText(bundle)]] : [];
}

export const bundleName = (sequence: number): string => `${String(sequence).padStart(10, "0")}.sigstore.json`;

const jsonText = (value: object): string => `${JSON.stringify(value, null, 1)}\n`;
