import type { Explanation } from "../domain/explanation.ts";
import { explanationLines } from "./explain-lines.ts";
import type { TextOptions } from "./layout.ts";
import { fenced } from "./markdown.ts";
import { jsonText, visibleData } from "./visible.ts";

/** Within `/1` members are only ever added, never renamed, never given another meaning. */
const SCHEMA = "holdfast-explanation/1";

const COLUMNS = 100;

/** For a terminal. */
export const explanationText = (told: Explanation, options: TextOptions): string =>
  explanationLines(visibleData(told), options).join("\n");

/** For an issue or a comment: snippets can be copied, and nothing in it is markup. */
export const explanationMarkdown = (told: Explanation): string =>
  `${fenced(explanationLines(visibleData(told), { color: false, width: COLUMNS }), "text")}\n`;

export const explanationJson = (told: Explanation): string => jsonText({ schema: SCHEMA, ...told });
