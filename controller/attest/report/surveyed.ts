import { instant } from "../../domain/identity.ts";
import type { Carried } from "../../domain/carried.ts";
import type { ReportBody } from "../../domain/report.ts";
import { restoreTimesOf } from "../../domain/restore-times.ts";
import { testedClasses } from "../memory/carry-tested.ts";
import { oldestPointIn, policiesOf, rpoBreachesIn } from "./covered.ts";
import type { RunRecord } from "./record.ts";
import { withTargets } from "./restore-testing.ts";

type Surveyed = Pick<ReportBody, "coverage" | "jobs" | "restoreTests" | "vaults" | "observations">;

/** What a run says of the whole population or of its part of it, and every read that all of its report rests on. */
export const surveyed = (
  record: RunRecord,
  now: Date,
): Surveyed & Pick<ReportBody, "jobsSinceSurvey" | "restoreTimes"> => {
  const { startedOn, survey, sinceSurvey, vaults, observations } = record;
  const governed = governedIn(record);
  const classes = testedClasses(record);
  const times = classes.flatMap((one) => restoreTimesOf(one) ?? []);
  return {
    ...notSurveyed(startedOn, now),
    ...(survey && {
      coverage: { ...survey.coverage, ...policiesOf(governed) },
      jobs: {
        ...survey.jobs,
        oldestRecoveryPointOn: oldestPointIn(governed),
        rpoBreaches: rpoBreachesIn(governed),
      },
      restoreTests: withTargets(survey.restoreTests, classes),
    }),
    ...(sinceSurvey && { jobsSinceSurvey: sinceSurvey }),
    ...(times.length > 0 ? { restoreTimes: times } : {}),
    vaults: [...vaults],
    observations: [...observations],
  };
};

const governedIn = ({ seen, before }: Pick<RunRecord, "seen" | "before">) => (seen ?? before)?.governed ?? [];

/** Where the next survey goes on: where this one left off; without one, where the last did. */
export const carrySurvey = (
  { survey }: Pick<RunRecord, "survey">,
  before: Carried,
  since: number,
): Pick<Carried, "surveyed"> => {
  const left = survey ? { ...survey.leftOff, since } : before.surveyed;
  return left ? { surveyed: left } : {};
};

export const surveyLimitations = (
  record: Pick<RunRecord, "survey" | "sinceSurvey" | "seen" | "before">,
): readonly string[] => {
  const { survey, sinceSurvey } = record;
  if (survey) return [...LIMITATIONS, oldestPointIn(governedIn(record)) === null ? NO_OLDEST : OLDEST];
  return sinceSurvey
    ? [
        "What there is to protect was not looked at; of jobs only those of the targets looked at, and only what went wrong.",
      ]
    : ["What there is to protect, and how its jobs went, was not looked at."];
};

const LIMITATIONS = [
  "Coverage is of what has or once had a tag and of what AWS Backup made a recovery point of, deleted resources among it: no listing shows what never had either.",
  "A resource counts by its ARN: instances of a database cluster, volumes of an instance and file systems backed up by their volumes count by themselves.",
  "Jobs count by when they ended. How old a recovery point may be is told of resources that a CoveragePolicy matches.",
];

const OLDEST = "The oldest recovery point is told of the vaults that a RecoveryPointPolicy reaches.";
const NO_OLDEST =
  "How old the oldest recovery point is, is not told: no RecoveryPointPolicy reaches a vault, those that it reaches are empty, or not all of them could be read.";

/** What a report says of the population where nobody looked: nothing, and that it is nothing whole. */
export const notSurveyed = (from: Date, to: Date): Surveyed => ({
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
