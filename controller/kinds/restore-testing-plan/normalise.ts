import { present } from "../present.ts";
import type { RecoveryPointSelection, RestoreTestingPlanSpec } from "./spec.ts";

/** What AWS reads back where a plan leaves it out (semantics §6.1). */
export const START_WINDOW_HOURS = 24;
const SELECTION_WINDOW_DAYS = 30;
const TIMEZONE = "Etc/UTC";

/** A plan with AWS's defaults spelled out and its sets in order. */
export const normaliseTestingPlan = (spec: RestoreTestingPlanSpec): RestoreTestingPlanSpec =>
  present({
    scheduleExpression: spec.scheduleExpression,
    scheduleExpressionTimezone: zone(spec.scheduleExpressionTimezone),
    startWindowHours: spec.startWindowHours ?? START_WINDOW_HOURS,
    recoveryPointSelection: normalisePoints(spec.recoveryPointSelection),
    tags: spec.tags,
  });

const normalisePoints = (points: RecoveryPointSelection): RecoveryPointSelection => ({
  algorithm: points.algorithm,
  recoveryPointTypes: asSet(points.recoveryPointTypes),
  includeVaults: asSet(points.includeVaults),
  excludeVaults: (points.excludeVaults ?? []).length > 0 ? asSet(points.excludeVaults ?? []) : undefined,
  selectionWindowDays: points.selectionWindowDays ?? SELECTION_WINDOW_DAYS,
});

/** UTC reads back under its IANA name elsewhere in AWS Backup (semantics §2.3); here both are taken for one. */
const zone = (timezone: string | undefined): string =>
  timezone === undefined || timezone === "UTC" ? TIMEZONE : timezone;

const asSet = <T extends string>(list: readonly T[]): T[] => [...new Set(list)].toSorted();
