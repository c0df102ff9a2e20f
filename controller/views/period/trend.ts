import type { Report } from "../../domain/report.ts";
import { type TextOptions, padTo } from "../layout.ts";
import { paletteOf } from "../palette.ts";

const BARS = "▁▂▃▄▅▆▇█";

/** One number over many reports, oldest first. Null: a report does not say. */
export interface Series {
  readonly name: string;
  readonly values: readonly (number | null)[];
}

const hours = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 3_600_000;

/** How a fleet fared over a period: reports in order of their sequence. Counts are those of the signed summaries. */
export const trendOf = (reports: readonly Report[]): readonly Series[] => [
  { name: "in sync", values: reports.map(({ summary }) => summary["inSync"] ?? null) },
  { name: "drift", values: reports.map(({ summary }) => summary["resources"] ?? null) },
  { name: "held", values: reports.map(({ summary }) => summary["held"] ?? null) },
  { name: "changes", values: reports.map(({ summary }) => summary["changes"] ?? null) },
  {
    name: "protected, per cent",
    values: reports.map(({ coverage: { complete, population, protected: safe } }) =>
      complete && population > 0 ? Math.floor((100 * safe) / population) : null,
    ),
  },
  {
    name: "failed jobs",
    values: reports.map(({ summary, jobs }) => (jobs.complete ? (summary["jobs.failed"] ?? null) : null)),
  },
  { name: "hours covered", values: reports.map(({ chain: { window } }) => Math.round(hours(window.from, window.to))) },
];

/** Each series as a line of bars, from its least to its most, with both and the last. Wider than the terminal: its end. */
export function trendLines(reports: readonly Report[], { color, width }: TextOptions): readonly string[] {
  const palette = paletteOf(color);
  const series = trendOf(reports);
  const widest = Math.max(...series.map(({ name }) => name.length));
  const room = Math.max(8, width - widest - 30);
  return series.flatMap(({ name, values }) => {
    const known = values.filter((value) => value !== null);
    const last = values.at(-1);
    if (known.length === 0) return [`${padTo(name, widest)}  not known`];
    const [least, most] = [Math.min(...known), Math.max(...known)];
    const bars = values.slice(-room).map((value) => bar(value, least, most));
    return [`${padTo(name, widest)}  ${palette.good(bars.join(""))}  ${least} to ${most}, now ${last ?? "not known"}`];
  });
}

const bar = (value: number | null, least: number, most: number): string =>
  value === null
    ? "·"
    : (BARS[most === least ? 0 : Math.round(((value - least) / (most - least)) * (BARS.length - 1))] ?? "");
