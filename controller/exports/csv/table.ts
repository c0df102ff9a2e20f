import type { ExportReport } from "../export-report.ts";
import type { Told } from "../told.ts";
import { type Cell, csvHead, csvLines } from "./csv.ts";

/** A report that says something. */
export interface ToldReport extends ExportReport {
  readonly told: Told;
}
export const saysSomething = (report: ExportReport): report is ToldReport => report.told !== undefined;

/** One kind of row as a file. `lines` is the report's part of it. */
export interface Table {
  /** `resources.csv` */
  readonly file: string;
  /** What a row is, in one clause. */
  readonly says: string;
  readonly columns: readonly string[];
  readonly head: string;
  readonly lines: (report: ToldReport) => string;
}

/** The first columns of every table: which signed bytes a row is from, and which commit those acted on. */
const ORIGIN = ["sequence", "payloadSha256", "commit"] as const;

export function table<Row>(
  file: string,
  says: string,
  rows: (report: ToldReport) => readonly Row[],
  columns: Readonly<Record<string, (row: Row) => Cell>>,
): Table {
  const names = [...ORIGIN, ...Object.keys(columns)];
  const cells = Object.values(columns);
  return {
    file,
    says,
    columns: names,
    head: csvHead(names),
    lines: (report) => csvLines(rows(report).map((row) => [...originOf(report), ...cells.map((cell) => cell(row))])),
  };
}

export const originOf = ({ sequence, payloadSha256, told }: ToldReport): readonly Cell[] => [
  sequence,
  payloadSha256,
  told.source?.commit,
];
