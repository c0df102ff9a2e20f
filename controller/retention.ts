import { HoldfastError } from "./domain/errors.ts";

/** How long Object Lock keeps what is put, and in which mode: GOVERNANCE while trying, COMPLIANCE in production (evidence §2.8). */
export interface Retention {
  readonly mode: "GOVERNANCE" | "COMPLIANCE";
  readonly days: number;
}

/** S3 locks nothing for longer than a hundred years (S3 User Guide, "Object Lock limits"). */
const MOST_DAYS = 36_500;

/** Reads `governance:2557d`. Throws HoldfastError `setting-refused`. */
export function parseRetention(text: string): Retention {
  const [, mode, digits] = /^(governance|compliance):(\d{1,5})d$/.exec(text) ?? [];
  const days = Number(digits);
  if (mode === undefined || days < 1 || days > MOST_DAYS)
    throw new HoldfastError(
      "setting-refused",
      `the retention ${text} is not governance:DAYSd or compliance:DAYSd, with 1 to ${MOST_DAYS} days, such as governance:2557d`,
    );
  return { mode: mode === "governance" ? "GOVERNANCE" : "COMPLIANCE", days };
}
