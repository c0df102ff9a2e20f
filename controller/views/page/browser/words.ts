import { h, type Child } from "./dom.ts";
import type { Difference, Position, Target } from "./shapes.ts";

/** `2026-03-08 08:00:01 UTC`: the page knows no time zone but that of the reports. */
export const instant = (text: string): string => text.replace("T", " ").replace(/(?:\.\d+)?Z$/, " UTC");
export const when = (text: string | null | undefined): string => (text ? instant(text) : "–");

const UNITS = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB"] as const;
/** Bytes in the binary units that AWS Backup counts in. */
export function bytes(value: number): string {
  const power = value < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(value) / 10));
  return power === 0 ? `${value} bytes` : `${(value / 1024 ** power).toFixed(1)} ${UNITS[power] ?? ""}`;
}

const DAY = 86_400;
/** A span of seconds in its two largest units: `3 d 4 h`, `12 min 5 s`. */
export function span(seconds: number): string {
  const parts: readonly (readonly [number, string])[] = [
    [Math.floor(seconds / DAY), "d"],
    [Math.floor(seconds / 3600) % 24, "h"],
    [Math.floor(seconds / 60) % 60, "min"],
    [Math.round(seconds % 60), "s"],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  if (first === -1) return `${seconds.toFixed(1)} s`;
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(" ");
}
export const seconds = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 1000;

export const targetText = ({ account, region }: Target): string => `${account}/${region}`;
export const placeText = (manifest: Position | undefined): string =>
  manifest ? `${manifest.path}:${manifest.line}` : "–";

const valueText = (value: unknown): string =>
  value === undefined ? "(not set)" : typeof value === "string" ? value : JSON.stringify(value);

/** One line a field: `rules[daily].lifecycle.deleteAfterDays: 1 → 35`. */
export const differencesText = (differences: readonly Difference[]): string =>
  differences.map(({ path, live, desired }) => `${path}: ${valueText(live)} → ${valueText(desired)}`).join("\n");

export function differencesList(differences: readonly Difference[]): Child {
  if (differences.length === 0) return "–";
  return h(
    "ul",
    { class: "differences" },
    differences.map(({ path, live, desired }) =>
      h(
        "li",
        {},
        h("code", {}, path),
        ": ",
        h("del", {}, valueText(live)),
        h("span", { class: "arrow" }, " → "),
        h("ins", {}, valueText(desired)),
      ),
    ),
  );
}

export type Tone = "good" | "change" | "bad" | "hold" | "unknown" | "plain";

/** Marks beside words, so that no meaning hangs on colour. */
const MARKS: Readonly<Record<Tone, string>> = { good: "✓", change: "~", bad: "✗", hold: "!", unknown: "?", plain: "·" };

export const badge = (tone: Tone, text: string): HTMLElement =>
  h("span", { class: `badge ${tone}` }, h("span", { "aria-hidden": "true" }, MARKS[tone]), " ", text);

const TONES: Readonly<Record<string, Tone>> = {
  CONVERGED: "good",
  CORRECTED: "good",
  SUSPENDED: "hold",
  DRIFTED: "change",
  STOOD_DOWN: "hold",
  HELD: "hold",
  INCOMPLETE: "unknown",
  FAILED: "bad",
  applied: "good",
  accepted: "good",
  failed: "bad",
  refused: "bad",
  unanswered: "unknown",
  skipped: "hold",
  confirmed: "good",
  pending: "change",
  COMPLETED: "good",
  SUCCESSFUL: "good",
  ABORTED: "bad",
  EXPIRED: "bad",
  PARTIAL: "change",
  TIMED_OUT: "bad",
};
export const toneOf = (word: string): Tone => TONES[word] ?? "plain";
export const wordBadge = (word: string): HTMLElement => badge(toneOf(word), word);

/** What each result means, for a reader who does not know the words. */
export const RESULT_WORDS: Readonly<Record<string, string>> = {
  CONVERGED: "everything is as declared",
  CORRECTED: "something had drifted and was mended",
  DRIFTED: "something is not as declared",
  HELD: "something waits for a decision",
  INCOMPLETE: "something could not be read",
  FAILED: "the run or one of its changes failed",
  STOOD_DOWN: "another run was acting",
  SUSPENDED: "correction was switched off",
};

export const plural = (count: number, noun: string, many = `${noun}s`): string =>
  `${count.toLocaleString("en")} ${count === 1 ? noun : many}`;

/** Hexadecimal in groups of eight, to be compared by eye. */
export const grouped = (hex: string): string => hex.match(/.{1,8}/g)?.join(" ") ?? hex;
