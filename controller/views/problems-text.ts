import type { Problem } from "../domain/desired.ts";
import { wrap, type TextOptions } from "./layout.ts";
import { paletteOf } from "./palette.ts";
import { jsonText, visibleData } from "./visible.ts";
import { countOf } from "./words.ts";

/** Every problem of the manifests as `file:line:column: error: …`, the form that editors and CI turn into links, and a total. */
export function problemsText(given: readonly Problem[], { color, width }: TextOptions): string {
  const problems = visibleData(given);
  return [...problemLines(problems, { color, width }), "", paletteOf(color).strong(totalOf(problems)), ""].join("\n");
}

/** One problem after another, in the order of files; texts must have been made visible. */
export function problemLines(problems: readonly Problem[], { color, width }: TextOptions): readonly string[] {
  const palette = paletteOf(color);
  return problems.toSorted(problemOrder).flatMap(({ path, line, column, severity, message, hint }) => {
    const tone = severity === "error" ? palette.bad : palette.change;
    // The problem stays on one line however long it is, so that line-wise tools see it whole.
    const problem = `${palette.strong(`${path}:${line}:${column}:`)} ${tone(`${severity}:`)} ${message}`;
    return hint === undefined ? [problem] : [problem, ...wrap(`hint: ${hint}`, width, 2, 6).map(palette.faint)];
  });
}

/** `{ schema, errors, warnings, problems }`: the same in the same order, for machines. */
export const problemsJson = (problems: readonly Problem[]): string =>
  jsonText({
    schema: "holdfast-problems/1",
    errors: counted(problems, "error"),
    warnings: counted(problems, "warning"),
    problems: problems.toSorted(problemOrder),
  });

function totalOf(problems: readonly Problem[]): string {
  const files = new Set(problems.map(({ path }) => path)).size;
  const [errors, warnings] = [counted(problems, "error"), counted(problems, "warning")];
  const parts = [
    ...(errors > 0 ? [countOf(errors, "error")] : []),
    ...(warnings > 0 ? [countOf(warnings, "warning")] : []),
  ];
  return parts.length > 0 ? `${parts.join(" and ")} in ${countOf(files, "file")}` : "no problems";
}

const counted = (problems: readonly Problem[], severity: Problem["severity"]): number =>
  problems.filter((problem) => problem.severity === severity).length;

const problemOrder = (a: Problem, b: Problem): number =>
  a.path === b.path ? a.line - b.line || a.column - b.column : a.path < b.path ? -1 : 1;
