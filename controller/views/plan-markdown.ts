import { showTarget } from "../domain/identity.ts";
import { coverageEffectLines } from "./coverage-lines.ts";
import { code, COMMENT_LIMIT, fenced, folded, foldedSections, outlookMarkdown, table } from "./markdown.ts";
import { misnamedLines } from "./misnamed-lines.ts";
import { pictureOf, type PlanView } from "./plan-scene.ts";
import { asideLines, planTitle, totalLine } from "./plan-text.ts";
import { problemLines } from "./problems-text.ts";
import { sectionsOf } from "./sections.ts";
import type { Scene } from "./shown.ts";
import { visibleData } from "./visible.ts";
import { HELD, MARK, UNKNOWN } from "./words.ts";

/** The reconcile plan for a pull request's comment: total and table first, details folded, in what one comment may hold. */
export function planMarkdown(given: PlanView): string {
  const { scene, counts, outlook, ...context } = visibleData(pictureOf(given));
  const sections = sectionsOf(scene);
  const asides = asideLines(context.fleet, counts, sections).filter((line) => line !== "");
  const warnings = problemLines(context.warnings, { color: false, width: Infinity });
  const head = [
    `### ${totalLine(counts)}`,
    code(planTitle(context)),
    ...(sections.length > 0 ? [countsTable(scene)] : []),
    ...(warnings.length > 0 ? [fenced(warnings, "text")] : []),
  ];
  const coverage = coverageEffectLines(context.coverageEffect, { color: false, width: WIDTH });
  const misnamed = misnamedLines(context.misnamed, { color: false, width: WIDTH });
  const foot = [
    ...(coverage.length > 0 ? [fenced(coverage, "text")] : []),
    ...(misnamed.length > 0
      ? [folded("names that are not as the Fleet has them", fenced(misnamed, "text"), false)]
      : []),
    ...outlookMarkdown(outlook),
    ...(asides.length > 0 ? [fenced(asides, "text")] : []),
  ];
  const room = COMMENT_LIMIT - [...head, ...foot].join("\n\n").length;
  return `${[...head, ...foldedSections(sections, room), ...foot].join("\n\n")}\n`;
}

/** Columns of text inside a comment's code block, before it scrolls. */
const WIDTH = 100;

const COLUMNS = [
  ...(["create", "update", "replace", "prune", "adopt", "amend"] as const).map((action) => ({
    of: action,
    head: `${code(MARK[action])} ${action}`,
  })),
  { of: "held", head: `${code(HELD)} held` },
  { of: "unknown", head: `${code(UNKNOWN)} unknown` },
] as const;

/** Rows that a comment can bear; the last one counts all targets, listed or not. */
const ROWS = 40;

/** How much of what is in store for which target. */
function countsTable({ changes, held, unknown }: Scene): string {
  const all = [
    ...changes.map(({ key, action }) => ({ target: showTarget(key.target), column: action })),
    ...held.map(({ resource }) => ({ target: showTarget(resource.key.target), column: "held" })),
    ...unknown.map(({ key }) => ({ target: showTarget(key.target), column: "unknown" })),
  ];
  const row = (name: string, counted: typeof all): readonly string[] => [
    name,
    ...COLUMNS.map(({ of }) => String(counted.filter(({ column }) => column === of).length || "")),
  ];
  const targets = [...Map.groupBy(all, ({ target }) => target)].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const unlisted = targets.length > ROWS ? `, ${targets.length - ROWS} of them not listed` : "";
  return table(
    ["target", ...COLUMNS.map(({ head }) => head)],
    [
      ...targets.slice(0, ROWS).map(([target, here]) => row(code(target), here)),
      ...(targets.length > 1 ? [row(`**all ${targets.length}**${unlisted}`, all)] : []),
    ],
  );
}
