import type { POINT_CAUSES } from "../load/manifests/waiver.ts";
import type { MetricName } from "./table.ts";

export type Cause = (typeof POINT_CAUSES)[number];

/** What is wrong with recovery points, in classes that somebody would look at together: seventeen lines in a chart are none. */
export const OF_POINTS = {
  planDeleted: "PointsOrphaned",
  resourceDeleted: "PointsOrphaned",
  expired: "PointsOrphaned",
  neverExpires: "PointsMiskept",
  tooShort: "PointsMiskept",
  tooLong: "PointsMiskept",
  unowned: "PointsOrphaned",
  copied: "PointsMiskept",
  copyMissing: "PointsUncopied",
  copyFailed: "PointsUncopied",
  copyTooShort: "PointsUncopied",
  unencrypted: "PointsMisencrypted",
  wrongKey: "PointsMisencrypted",
  missingTag: "PointsMisplaced",
  wrongVault: "PointsMisplaced",
  lastPointExpiring: "LastPointsExpiring",
} as const satisfies Readonly<Record<string, MetricName>>;

/** What is wrong with the protection of resources, and with tests of restoring them. */
const OF_RESOURCES = {
  unprotected: "RequiredUnprotected",
  "rpo-breach": "RpoBreaches",
  uncopied: "RequiredUncopied",
  unlocked: "RequiredUncopied",
  "remedy-uncopied": "RequiredUncopied",
  overlap: "PlansOverlapping",
  "restore-test-failed": "RestoreTestsFailed",
  "validation-failed": "RestoreTestsFailed",
  "validation-overdue": "RestoreTestsOverdue",
  "restore-untested": "RestoreTestsOverdue",
  "rto-missed": "RestoreTestsSlow",
  "restore-leftover": "RestoreLeftovers",
} as const satisfies Readonly<Record<string, MetricName>>;

export const FINDINGS: Readonly<Record<Cause, MetricName> & Record<string, MetricName>> = {
  ...OF_POINTS,
  ...OF_RESOURCES,
};
