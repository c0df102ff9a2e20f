import { type TextOptions, wrap } from "../layout.ts";
import { paletteOf, TONE_OF_VERDICT, type Palette } from "../palette.ts";
import { visibleData } from "../visible.ts";
import { countOf } from "../words.ts";
import type { Verdict } from "../../domain/verdict.ts";
import type { End, ListChanges, ReportDiff } from "./changes-between.ts";

/** What changed from one report to another, for a terminal. `+` came, `-` went, `~` says something else. */
export function diffText(given: ReportDiff, options: TextOptions): string {
  const diff = visibleData(given);
  const palette = paletteOf(options.color);
  const lists = diff.lists.filter(isOther);
  return [
    palette.strong(`Report ${diff.from.sequence} → ${diff.to.sequence}`),
    `  ${endLine(diff.from, palette)}`,
    `  ${endLine(diff.to, palette)}`,
    "",
    ...diff.numbers.map(({ name, from, to }) => `~ ${name}: ${from ?? "not known"} → ${to ?? "not known"}`),
    ...(diff.numbers.length > 0 ? [""] : []),
    ...lists.flatMap((one) => [...listLines(one, options, palette), ""]),
    ...doneLines(diff, options, palette),
    palette.strong(total(diff, lists)),
    "",
  ].join("\n");
}

const endLine = ({ sequence, finishedOn, result, commit }: End, palette: Palette): string =>
  `${String(sequence).padStart(5)}  ${finishedOn.slice(0, 19).replace("T", " ")} UTC  ${palette[toneOf(result)](result)}  ${commit === null ? "no commit" : `commit ${commit.slice(0, 12)}`}`;

const toneOf = (result: string): keyof Palette =>
  (TONE_OF_VERDICT as Readonly<Record<string, keyof Palette>>)[result as Verdict] ?? "faint";

const isOther = ({ came, went, changed }: ListChanges): boolean => came.length + went.length + changed.length > 0;

function listLines({ list, came, went, changed, same }: ListChanges, { width }: TextOptions, palette: Palette) {
  const line = (mark: string, tone: keyof Palette, text: string): readonly string[] => {
    const [head = "", ...more] = wrap(text, width, 2, 2);
    return [palette[tone](`${mark}${head.slice(1)}`), ...more];
  };
  return [
    `${list}: ${[`${came.length} came`, `${went.length} went`, `${changed.length} changed`, `${same} the same`].join(", ")}`,
    ...came.flatMap(({ name, is }) => line("+", "change", `${name}: ${is}`)),
    ...went.flatMap(({ name, was }) => line("-", "good", `${name}: was ${was}`)),
    ...changed.flatMap(({ name, was, is }) => line("~", "change", `${name}: ${was} → ${is}`)),
  ];
}

function doneLines({ done, from, to }: ReportDiff, { width }: TextOptions, palette: Palette): readonly string[] {
  if (done.length === 0) return [];
  return [
    `done in reports ${from.sequence + 1} to ${to.sequence}:`,
    ...done.flatMap(({ sequence, action, on, result, change }) =>
      wrap(`${sequence}  ${action} ${on}: ${result} (${change})`, width, 2, 2).map(palette.faint),
    ),
    "",
  ];
}

function total({ from, to, numbers, done }: ReportDiff, lists: readonly ListChanges[]): string {
  const rows = lists.reduce((sum, { came, went, changed }) => sum + came.length + went.length + changed.length, 0);
  const what =
    rows + numbers.length === 0
      ? "stand alike"
      : `differ in ${countOf(rows, "row")} and ${countOf(numbers.length, "number")}`;
  return `Reports ${from.sequence} and ${to.sequence} ${what}; ${done.length === 0 ? "nothing was changed between them" : `${countOf(done.length, "change")} between them`}`;
}
