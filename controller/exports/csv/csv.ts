import { stringify } from "csv-stringify/sync";

/**
 * RFC 4180: commas, CRLF, quotes only where they are needed. UTF-8 with a byte order mark, because the reader is a person with a
 * spreadsheet and Excel takes a file without one for the local code page; Python reads it as `utf-8-sig`. A text that begins with
 * `= + - @`, a tab or a carriage return gets a leading `'`, so that no name ever becomes a formula (evidence §6 row 24); numbers stay
 * numbers, negative ones too.
 */
export type Cell = string | number | boolean | null | undefined;

export const csvHead = (columns: readonly string[]): string => `\uFEFF${csvLines([columns])}`;

/** One line each, with its CRLF. `null` and absent are empty cells. */
export const csvLines = (rows: readonly (readonly Cell[])[]): string =>
  stringify(
    rows.map((row) => row.map(spelled)),
    {
      record_delimiter: "windows",
      escape_formulas: true,
      // Whoever splits at a line end must not find one that is not: the library's default looks for its own only.
      quoted_match: [/[\r\n]/],
    },
  );

const spelled = (cell: Cell): string | number | null | undefined =>
  typeof cell === "boolean" ? (cell ? "yes" : "no") : cell;

/** Several values in one cell. */
export const several = (values: readonly string[] | undefined): string => (values ?? []).join("; ");
