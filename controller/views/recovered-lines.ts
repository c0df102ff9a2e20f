import { showKey } from "../domain/identity.ts";
import type { RecoveredRow } from "../domain/report-rows.ts";
import { wrap, type TextOptions } from "./layout.ts";
import { paletteOf } from "./palette.ts";
import { callsText } from "./report-scene.ts";
import { markOf } from "./words.ts";

const RESULT_WORDS: Readonly<Record<RecoveredRow["result"], string>> = {
  applied: "it was applied, and answered",
  "applied-unanswered": "it was applied, though no answer had come",
  "not-applied": "it was not applied",
  uncertain: "it cannot be told whether it was applied",
};

/** What runs that never ended had written, or meant to, judged afterwards by looking. */
export function recoveredLines(rows: readonly RecoveredRow[], { color, width }: TextOptions): readonly string[] {
  const palette = paletteOf(color);
  return [...Map.groupBy(rows, ({ run }) => run)].flatMap(([run, writes]) => [
    palette.strong(`Run ${run} never ended. What became of its writes:`),
    ...writes.flatMap((row) => [
      `${markOf(row.action).padEnd(4)}${row.action} ${showKey(row.key)}${row.subject === undefined ? "" : ` ${row.subject}`}`,
      ...wrap(`${RESULT_WORDS[row.result]} · change ${row.change}`, width, 6, 2),
      ...callsText(row.attempts).flatMap((call) => wrap(call, width, 6, 2).map(palette.faint)),
    ]),
  ]);
}
