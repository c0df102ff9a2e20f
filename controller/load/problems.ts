import { closest, distance } from "fastest-levenshtein";
import type { Problem, Source } from "../domain/desired.ts";
import { HoldfastError } from "../domain/errors.ts";
import { showPlace } from "./located.ts";

/** The manifests cannot be acted on. Carries every problem found, in order of place. */
export class ManifestsRefused extends HoldfastError {
  readonly problems: readonly Problem[];
  constructor(problems: readonly Problem[]) {
    const errors = problems.filter(({ severity }) => severity === "error");
    super(
      "manifest-refused",
      `${errors.length} ${errors.length === 1 ? "problem" : "problems"} in the manifests\n${errors.map(showProblem).join("\n")}`,
    );
    this.name = "ManifestsRefused";
    this.problems = problems;
  }
}

/** One line, as compilers and editors spell it: `path:line:column: error: message`; the hint on a second. */
export const showProblem = (problem: Problem): string =>
  `${showPlace(problem)}: ${problem.severity}: ${problem.message}${problem.hint === undefined ? "" : `\n  ${problem.hint}`}`;

export const problemOrder = (a: Problem, b: Problem): number =>
  a.path === b.path ? a.line - b.line || a.column - b.column : a.path < b.path ? -1 : 1;

export const hasErrors = (problems: readonly Problem[]): boolean =>
  problems.some(({ severity }) => severity === "error");

export const errorAt = ({ path, line, column }: Source, message: string, hint?: string): Problem => ({
  path,
  line,
  column,
  severity: "error",
  message,
  ...(hint === undefined ? {} : { hint }),
});

export const warningAt = (at: Source, message: string, hint?: string): Problem => ({
  ...errorAt(at, message, hint),
  severity: "warning",
});

/** The known name a person most likely meant; undefined where nothing is near. AWS's spellings (`DeleteAfterDays`) are near. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const bare = (text: string) => text.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
  const found = known[known.map(bare).indexOf(closest(bare(name), known.map(bare)))];
  const far = Math.max(2, Math.floor(name.length / 3));
  return found !== undefined && distance(bare(name), bare(found)) <= far ? found : undefined;
}

export const didYouMean = (name: string, known: readonly string[]): string | undefined => {
  const near = nearest(name, known);
  return near === undefined ? undefined : `did you mean ${near}?`;
};
