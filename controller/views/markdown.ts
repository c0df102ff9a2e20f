import { showTarget } from "../domain/identity.ts";
import { blockLines, contentsOf } from "./blocks.ts";
import { wrap } from "./layout.ts";
import type { Outlook } from "./outlook.ts";
import { outlookLines } from "./outlook-lines.ts";
import type { Section } from "./sections.ts";
import { shortList } from "./words.ts";

/** GitHub refuses a comment of more than 65,536 characters; this leaves room for what a caller adds. */
export const COMMENT_LIMIT = 60_000;

/** Columns of text inside a comment's code block, before it scrolls. */
const WIDTH = 100;

/** A code span: nothing in it is markup, a mention or a link. */
export function code(text: string): string {
  const fence = "`".repeat(longestRun(text) + 1);
  const edge = text.startsWith("`") || text.endsWith("`") ? " " : "";
  return `${fence}${edge}${text}${edge}${fence}`;
}

/** A fenced block whose fence is longer than any in the text. `diff` has GitHub colour a `+`, `-` or `!` in column one. */
export function fenced(lines: readonly string[], language: "diff" | "text"): string {
  const text = lines.join("\n").trimEnd();
  const fence = "`".repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}${language}\n${text}\n${fence}`;
}

const longestRun = (text: string): number =>
  Math.max(0, ...Array.from(text.matchAll(/`+/g), ([backticks]) => backticks.length));

/** A table: the first column is text, the others are numbers. Cells are Markdown already; a bar in one, even in a code span, is escaped. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(heads), line(heads.map((_head, at) => (at === 0 ? "---" : "--:"))), ...rows.map(line)].join("\n");
}

/** Something folded under a line; open where a reader has to decide something. The title is text. */
export const folded = (title: string, body: string, open: boolean): string =>
  `<details${open ? " open" : ""}><summary><code>${html(title)}</code></summary>\n\n${body}\n\n</details>`;

const html = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/**
 * Sections, folded, as many as there is room for: those with something held or unknown before all others. What is left out is counted,
 * so that a shortened comment never reads as a quieter one.
 */
export function foldedSections(sections: readonly Section[], room: number): readonly string[] {
  const whole = sections.map((section) => ({ section, text: foldedSection(section) }));
  const byNeed = whole.toSorted((a, b) => Number(needsReader(b.section)) - Number(needsReader(a.section)));
  const kept = new Set<Section>();
  let left = room;
  for (const { section, text } of byNeed) {
    if (text.length > left) continue;
    left -= text.length;
    kept.add(section);
  }
  const dropped = sections.filter((section) => !kept.has(section));
  return [
    ...whole.filter(({ section }) => kept.has(section)).map(({ text }) => text),
    ...(dropped.length > 0
      ? [
          `**Not shown for length: ${contentsOf(dropped.flatMap(({ entries }) => entries))}.** The whole is in the text and JSON forms.`,
        ]
      : []),
  ];
}

/** What stands beyond this run, as it reads in a terminal. */
export function outlookMarkdown(outlook: Outlook): readonly string[] {
  const lines = outlookLines(outlook, { color: false, width: WIDTH });
  return lines.length > 0 ? [fenced(lines, "text")] : [];
}

/** Whether something in it went otherwise than meant, or waits for somebody. */
const needsReader = ({ entries }: Section): boolean =>
  entries.some((entry) => entry.type !== "change" || (entry.group[0].result?.word ?? "applied") !== "applied");

function foldedSection(section: Section): string {
  const names = section.targets.map(showTarget);
  const title = names.length === 1 ? names.join() : `${names.length} targets alike`;
  const places = names.length === 1 ? [] : [...wrap(shortList(names), WIDTH, 0), ""];
  const lines = [...places, ...blockLines(section.entries, { color: false, width: WIDTH })];
  return folded(`${title}: ${contentsOf(section.entries)}`, fenced(lines, "diff"), needsReader(section));
}
