import { attachedRows, isNamed, isReadable, type ExportFile, type ReadAttachment } from "../export-report.ts";
import { OBSERVATIONS, RECOVERY_POINTS } from "./attached.ts";
import { INDEX_FILE, indexHead, indexLines } from "./index-table.ts";
import { saysSomething, type ToldReport } from "./table.ts";
import { TABLES } from "./tables.ts";

/** What each file holds, for whoever lists them. */
export const CSV_FILES: readonly { readonly file: string; readonly says: string }[] = [
  { file: INDEX_FILE, says: "every file of the chain in the period: sequence, window, verdict, links" },
  ...TABLES,
  OBSERVATIONS,
  RECOVERY_POINTS,
];

/** Tables in the making: one report after the other, so that none but their lines are kept. */
export interface CsvWriter {
  readonly add: (file: ExportFile) => Promise<void>;
  /** Text by file name; a table without a row has its head. */
  readonly finish: () => Promise<ReadonlyMap<string, string>>;
}

export function csvWriter(attachment: ReadAttachment): CsvWriter {
  const files = new Map<string, string>([
    [INDEX_FILE, indexHead],
    ...TABLES.map(({ file, head }) => [file, head] as const),
    [OBSERVATIONS.file, OBSERVATIONS.head],
    [RECOVERY_POINTS.file, RECOVERY_POINTS.head],
  ]);
  const append = (file: string, lines: string) => files.set(file, `${files.get(file) ?? ""}${lines}`);
  let newest: ToldReport | undefined;
  return {
    add: async (file) => {
      append(INDEX_FILE, indexLines([file]));
      if (!isReadable(file) || !saysSomething(file)) return;
      for (const table of TABLES) append(table.file, table.lines(file));
      const reads = await attachedRows(file.told, OBSERVATIONS.attachment, attachment);
      if (reads) append(OBSERVATIONS.file, OBSERVATIONS.lines(file, reads));
      if (file.told.attachments.some(({ name }) => isNamed(name, RECOVERY_POINTS.attachment))) newest = file;
    },
    finish: async () => {
      const points = newest && (await attachedRows(newest.told, RECOVERY_POINTS.attachment, attachment));
      if (newest && points) append(RECOVERY_POINTS.file, RECOVERY_POINTS.lines(newest, points));
      return files;
    },
  };
}
