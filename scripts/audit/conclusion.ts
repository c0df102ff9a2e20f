import type { Advisories } from "./advisories.ts";

export interface Looked {
  /** What is wrong with licences. */
  readonly licences: readonly string[];
  readonly advisories: Advisories;
  /** HOLDFAST_AUDIT: `required` where an audit that did not happen is a failure. */
  readonly required: string | undefined;
}

/** What to print, and whether the check failed. */
export function concluded({ licences, advisories, required }: Looked): {
  readonly lines: readonly string[];
  readonly failed: boolean;
} {
  if (required !== undefined && required !== "" && required !== "required")
    return { lines: [`HOLDFAST_AUDIT is ${required}: say required, or leave it out`], failed: true };
  const wrong = licences.map((one) => `licence: ${one}`);
  if (advisories.is === "not-audited") {
    const needed = required === "required";
    const then = needed ? "HOLDFAST_AUDIT=required asks for it" : "a pipeline with HOLDFAST_AUDIT=required fails here";
    return {
      lines: [...wrong, `NOT AUDITED for known vulnerabilities: ${advisories.because}; ${then}`],
      failed: needed || wrong.length > 0,
    };
  }
  const { known, lesser, dependencies } = advisories;
  return {
    lines: [
      ...wrong,
      ...known.map((one) => `vulnerability: ${one}`),
      `${dependencies} production dependencies audited: ${known.length} with vulnerabilities of level high or above, ${lesser} with lesser ones`,
    ],
    failed: wrong.length > 0 || known.length > 0,
  };
}
