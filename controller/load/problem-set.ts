import type { Problem } from "../domain/desired.ts";
import { showTarget, type Target } from "../domain/identity.ts";
import { showPlace } from "./located.ts";
import { problemOrder } from "./problems.ts";

/** Collects problems, each once: one mistake in a manifest shows in every target the manifest is placed on. */
export class ProblemSet {
  readonly #found = new Map<string, { readonly problem: Problem; targets: Set<string> | "anywhere" }>();

  /** `target`: where the problem showed, if it takes a target to show it. */
  add(problem: Problem, target?: Target): void {
    const key = `${showPlace(problem)} ${problem.severity} ${problem.message}`;
    const known = this.#found.get(key) ?? { problem, targets: new Set<string>() };
    this.#found.set(key, known);
    if (target === undefined) known.targets = "anywhere";
    else if (known.targets !== "anywhere") known.targets.add(showTarget(target));
  }

  addAll(problems: Iterable<Problem>, target?: Target): void {
    for (const problem of problems) this.add(problem, target);
  }

  get refused(): boolean {
    return [...this.#found.values()].some(({ problem }) => problem.severity === "error");
  }

  /** In order of place. */
  list(): readonly Problem[] {
    return [...this.#found.values()]
      .map(({ problem, targets }) => ({ ...problem, message: `${problem.message}${where(targets)}` }))
      .toSorted(problemOrder);
  }
}

function where(targets: ReadonlySet<string> | "anywhere"): string {
  if (targets === "anywhere") return "";
  const [first, ...more] = [...targets].toSorted();
  return first === undefined ? "" : ` (in ${first}${more.length > 0 ? ` and ${more.length} more` : ""})`;
}
