import type { Problem } from "../../domain/desired.ts";
import { positionOf, showPath, type Located, type Path } from "../located.ts";
import { errorAt, warningAt } from "../problems.ts";

/** Something AWS would refuse, or a person would regret: found before any call is made. `path` is within spec. */
export interface Limit {
  readonly severity: "error" | "warning";
  readonly path: Path;
  /** The end of a sentence that begins with the path. */
  readonly message: string;
  readonly hint?: string;
}

export const refuse = (path: Path, message: string, hint?: string): Limit => ({
  severity: "error",
  path,
  message,
  ...(hint === undefined ? {} : { hint }),
});

export const warn = (path: Path, message: string, hint?: string): Limit => ({
  ...refuse(path, message, hint),
  severity: "warning",
});

/** Entries of a list that share a name with an earlier one, by place. AWS lets some of these in; we could not tell them apart. */
export function* repeated<T>(
  path: Path,
  items: readonly T[] | undefined,
  nameOf: (item: T) => string,
  field: string,
): Generator<Limit> {
  const seen = new Map<string, number>();
  for (const [index, item] of (items ?? []).entries()) {
    const first = seen.get(nameOf(item));
    if (first === undefined) seen.set(nameOf(item), index);
    else yield refuse([...path, index, field], `repeats ${nameOf(item)} of entry ${first}`, "names are unique here");
  }
}

/** Limits as problems, each where the field it is about was written. */
export const limitProblems = (limits: Iterable<Limit>, spec: Located): readonly Problem[] =>
  [...limits].map(({ severity, path, message, hint }) =>
    (severity === "error" ? errorAt : warningAt)(
      positionOf(spec, path),
      `${path.length === 0 ? "spec" : showPath(path)} ${message}`,
      hint,
    ),
  );
