import { showTarget } from "../domain/identity.ts";
import type { MisnamedRow } from "../domain/report-rows.ts";
import { wrap, type TextOptions } from "./layout.ts";
import { paletteOf } from "./palette.ts";
import { shortList } from "./words.ts";

/** Names told one by one in text; the JSON form and the CSV have all. */
const NAMES = 20;

/** What is not called as the Fleet has names, the same thing in many targets once. Nothing where all is. Its texts must have been made visible. */
export function misnamedLines(rows: readonly MisnamedRow[] | undefined, options: TextOptions): readonly string[] {
  if (!rows || rows.length === 0) return [];
  const palette = paletteOf(options.color);
  const lines = [...Map.groupBy(rows, sentenceOf)].map(
    ([sentence, alike]) =>
      `${sentence} (in ${shortList([...new Set(alike.map(({ key }) => showTarget(key.target)))])})`,
  );
  return [
    palette.strong("Not called as the Fleet has names; found, and left as it is"),
    ...lines.slice(0, NAMES).flatMap((line) => wrap(line, options.width, 2, 2)),
    ...(lines.length > NAMES ? [`  and ${lines.length - NAMES} more`] : []),
  ];
}

/** Rules and selections are told with the plan that they are of. */
function sentenceOf({ key: { name }, of, because }: MisnamedRow): string {
  if (of === "rules") return `plan ${name}: ${because}`;
  return of === "selections" ? `plan ${name.slice(0, name.lastIndexOf("/"))}: ${because}` : because;
}
