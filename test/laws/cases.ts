import fc from "fast-check";

/**
 * How many worlds a law is tried on: `HOLDFAST_CASES=10` tries ten times as many, `HOLDFAST_SEED=7` other ones. The seed stands still
 * by default, so that a test run says something about the change it is of, and nothing about its luck.
 */
const FACTOR = Number(process.env["HOLDFAST_CASES"] ?? 1);
const SEED = Number(process.env["HOLDFAST_SEED"] ?? 1);
/** The `path` that a failure was told with, beside its seed: that one case again, unshrunk. */
const REPLAY = process.env["HOLDFAST_PATH"];

/** How long a law may take: what shrinks a failure runs hundreds of worlds more. */
export const PATIENCE_MS = 240_000 * Math.max(1, FACTOR);

export const casesOf = (usual: number): number => Math.max(1, Math.round(usual * FACTOR));

/** A case as a person would want to see it when it fails. */
export interface Case {
  /** Counted by what they are, so that a law whose cases are all of one sort shows. */
  readonly sort?: string;
}

/** Holds a law over random cases; says how many there were, of which sorts. A failing one is shrunk and told by `show`. */
export async function holds<T>(
  law: string,
  cases: number,
  arbitrary: fc.Arbitrary<T>,
  show: (one: T) => string,
  check: (one: T) => Promise<Case | void>,
): Promise<void> {
  const sorts = new Map<string, number>();
  let tried = 0;
  const property = fc.asyncProperty(arbitrary, async (one) => {
    tried += 1;
    try {
      const { sort } = (await check(one)) ?? {};
      if (sort !== undefined) sorts.set(sort, (sorts.get(sort) ?? 0) + 1);
    } catch (error) {
      throw new Error(`${error instanceof Error ? error.message : String(error)}\n\n${show(one)}`, { cause: error });
    }
  });
  const replay = REPLAY === undefined ? {} : { path: REPLAY, endOnFailure: true };
  await fc.assert(property, { numRuns: casesOf(cases), seed: SEED, ...replay });
  const told = [...sorts].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([sort, count]) => `${count} ${sort}`);
  console.log(`${law}: ${tried} cases${told.length > 0 ? ` (${told.join(", ")})` : ""}, seed ${SEED}`);
}
