import type { FINDING_CAUSES } from "../load/manifests/waiver.ts";
import type { MetricName } from "./table.ts";

export type Cause = (typeof FINDING_CAUSES)[number];

/** What is wrong with recovery points, in classes that somebody would look at together: thirteen lines in a chart are none. */
export const FINDINGS: Readonly<Record<Cause, MetricName>> = {
  planDeleted: "PointsOrphaned",
  resourceDeleted: "PointsOrphaned",
  expired: "PointsOrphaned",
  neverExpires: "PointsMiskept",
  tooShort: "PointsMiskept",
  tooLong: "PointsMiskept",
  copyMissing: "PointsUncopied",
  copyTooShort: "PointsUncopied",
  unencrypted: "PointsMisencrypted",
  wrongKey: "PointsMisencrypted",
  missingTag: "PointsMisplaced",
  wrongVault: "PointsMisplaced",
  lastPointExpiring: "LastPointsExpiring",
};
