import { showTarget } from "../domain/identity.ts";
import { code, COMMENT_LIMIT, fenced, foldedSections, table } from "./markdown.ts";
import { MARK, HELD, UNKNOWN } from "./words.ts";
import { pictureOf, type PlanView } from "./plan-scene.ts";
import { asideLines, planTitle, totalLine } from "./plan-text.ts";
import { problemLines } from "./problems-text.ts";
import { sectionsOf } from "./sections.ts";
import type { Scene } from "./shown.ts";
import { visibleData } from "./visible.ts";

/** The reconcile plan for a pull request's comment: total and table first, details folded, in what one comment may hold. */
export function planMarkdown(given: PlanView): string {
  const { scene, counts, ...context } = visibleData(pictureOf(given));
  const sections = sectionsOf(scene);
  const asides = asideLines(context.fleet, counts, sections).filter((line) => line !== "");
  const warnings = problemLines(context.warnings, { color: false, width: Infinity });
  const head = [
    `### ${totalLine(counts)}`,
    code(planTitle(context)),
    ...(sections.length > 0 ? [countsTable(scene)] : []),
    ...(warnings.length > 0 ? [fenced(warnings, "text")] : []),
  ];
  const foot = asides.length > 0 ? [fenced(asides, "text")] : [];
  const room = COMMENT_LIMIT - [...head, ...foot].join("\n\n").length;
  return `${[...head, ...foldedSections(sections, room), ...foot].join("\n\n")}\n`;
}

const COLUMNS = ["create", "update", "replace", "prune", "adopt", "amend"] as const;

/** Rows that a comment can bear; the fleet's own row counts them all. */
const ROWS = 40;

function countsTable({ changes, held, unknown }: Scene): string {
  const counts = new Map<string, number>();
  const count = (row: string, column: string) =>
    counts.set(`${row} ${column}`, (counts.get(`${row} ${column}`) ?? 0) + 1);
  const all = [
    ...changes.map(({ key, action }) => ({ target: showTarget(key.target), column: action ?? "" })),
    ...held.map(({ resource }) => ({ target: showTarget(resource.key.target), column: "held" })),
    ...unknown.map(({ key }) => ({ target: showTarget(key.target), column: "unknown" })),
  ];
  for (const { target, column } of all) {
    count(target, column);
    count("all", column);
  }
  const rowOf = (row: string, name: string) => [
    name,
    ...[...COLUMNS, "held", "unknown"].map((column) => String(counts.get(`${row} ${column}`) ?? "")),
  ];
  const targets = [...new Set(all.map(({ target }) => target))].toSorted();
  const more = targets.length > ROWS ? `, ${targets.length - ROWS} of them not listed` : "";
  return table(
    [
      "target",
      ...COLUMNS.map((action) => `${code(MARK[action])} ${action}`),
      `${code(HELD)} held`,
      `${code(UNKNOWN)} unknown`,
    ],
    [
      ...targets.slice(0, ROWS).map((target) => rowOf(target, code(target))),
      ...(targets.length > 1 ? [rowOf("all", `**all ${targets.length}**${more}`)] : []),
    ],
  );
}
