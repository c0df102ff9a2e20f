/** The one-word conclusion of a run, of a target, of a plan (design §14). Good news first. */
export const VERDICTS = [
  "CONVERGED",
  "CORRECTED",
  "SUSPENDED",
  "DRIFTED",
  "STOOD_DOWN",
  "HELD",
  "INCOMPLETE",
  "FAILED",
] as const;
export type Verdict = (typeof VERDICTS)[number];

export const worstVerdict = (verdicts: Iterable<Verdict>): Verdict =>
  [...verdicts].reduce(
    (worst, v) => (VERDICTS.indexOf(v) > VERDICTS.indexOf(worst) ? v : worst),
    "CONVERGED" as Verdict,
  );

const EXIT_CODE: Readonly<Record<Verdict, 0 | 1 | 2 | 3 | 4>> = {
  CONVERGED: 0,
  CORRECTED: 0,
  SUSPENDED: 0,
  DRIFTED: 2,
  STOOD_DOWN: 3,
  HELD: 3,
  INCOMPLETE: 4,
  FAILED: 1,
};

/** The process's exit code for a verdict. 5 is kept for a verification that answered no. */
export const exitCodeOf = (verdict: Verdict): number => EXIT_CODE[verdict];
