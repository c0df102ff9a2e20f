import type { RunRecord } from "../report/record.ts";

/** Whether a run saw and judged the whole fleet: only then does it say what is gone. Others hand on what they were given. */
export const isWhole = ({ desired, run, failure }: RunRecord): boolean =>
  desired !== undefined && run.scope === undefined && failure === undefined;
