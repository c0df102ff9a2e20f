import type { Report } from "../domain/report.ts";
import { padTo, type TextOptions } from "./layout.ts";
import { paletteOf, TONE_OF_VERDICT, type Palette } from "./palette.ts";
import { reportCounts, type ReportCounts } from "./report-totals.ts";
import { visibleData } from "./visible.ts";

interface Column {
  readonly head: string;
  readonly align: "left" | "right";
  readonly cell: (report: Report, counts: ReportCounts) => string;
  readonly tone?: (report: Report) => keyof Palette;
}

const COLUMNS: readonly Column[] = [
  { head: "report", align: "right", cell: ({ chain }) => String(chain.sequence) },
  { head: "finished (UTC)", align: "left", cell: ({ run }) => minuteOf(run.finishedOn) },
  { head: "verdict", align: "left", cell: ({ result }) => result, tone: ({ result }) => TONE_OF_VERDICT[result] },
  { head: "trigger", align: "left", cell: ({ run }) => run.trigger },
  { head: "changes", align: "right", cell: (_report, { changes }) => String(changes) },
  { head: "held", align: "right", cell: (_report, { held }) => String(held) },
  { head: "unknown", align: "right", cell: (_report, { unknown }) => String(unknown) },
  { head: "in sync", align: "right", cell: (_report, { inSync }) => String(inSync ?? "-") },
  { head: "commit", align: "left", cell: ({ source }) => source?.commit?.slice(0, 12) ?? "-" },
];

const minuteOf = (instant: string): string => `${instant.slice(0, 10)} ${instant.slice(11, 16)}`;

/** One line a report, in the order given, under a line of heads. */
export function reportList(given: readonly Report[], { color }: Pick<TextOptions, "color">): string {
  const palette = paletteOf(color);
  const rows = visibleData(given).map((report) => {
    const counts = reportCounts(report);
    return { report, cells: COLUMNS.map(({ cell }) => cell(report, counts)) };
  });
  const widths = COLUMNS.map(({ head }, at) =>
    Math.max(head.length, ...rows.map(({ cells }) => cells[at]?.length ?? 0)),
  );
  const lineOf = (cells: readonly string[], toneOf: (column: Column) => keyof Palette | undefined): string =>
    COLUMNS.map((column, at) => {
      const text = aligned(cells[at] ?? "", widths[at] ?? 0, column.align);
      const tone = toneOf(column);
      return tone === undefined ? text : palette[tone](text);
    })
      .join("  ")
      .trimEnd();
  const heads = COLUMNS.map(({ head }) => head);
  return [
    lineOf(heads, () => "faint"),
    ...rows.map(({ report, cells }) => lineOf(cells, ({ tone }) => tone?.(report))),
    "",
  ].join("\n");
}

const aligned = (text: string, width: number, align: Column["align"]): string =>
  align === "right" ? text.padStart(width) : padTo(text, width);
