import { instant } from "../domain/identity.ts";
import type { ReportBody } from "../domain/report.ts";

/** What a report says of the population where nobody looked: nothing, and that it is nothing whole. */
export const notSurveyed = (
  from: Date,
  to: Date,
): Pick<ReportBody, "coverage" | "jobs" | "restoreTests" | "vaults" | "observations"> => ({
  coverage: { complete: false, population: 0, protected: 0, unprotected: [], byPlan: {} },
  jobs: {
    complete: false,
    window: { from: instant(from), to: instant(to) },
    byState: {},
    copyByState: {},
    failed: [],
    oldestRecoveryPointOn: null,
    rpoBreaches: [],
  },
  restoreTests: [],
  vaults: [],
  observations: [],
});
