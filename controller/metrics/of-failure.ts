import type { ErrorCode } from "../domain/errors.ts";
import { metric, type Metric, type MetricName } from "./table.ts";

/** Failures that somebody must look at for what they may mean, and not only because a run failed. */
const GRAVE: Partial<Readonly<Record<ErrorCode, MetricName>>> = {
  "chain-broken": "EvidenceAltered",
  "publish-failed": "EvidenceRefused",
  "signer-unusable": "EvidenceRefused",
  "store-unreachable": "EvidenceRefused",
  "source-unverified": "DesiredStateUnverified",
};

/** Each of them, 0 where it was not that: an alarm ends when a run says so. */
export const ofFailureCode = (code: string | undefined): readonly Metric[] =>
  [...new Set(Object.values(GRAVE))].map((name) =>
    metric(name, code !== undefined && GRAVE[code as ErrorCode] === name ? 1 : 0),
  );

/** A run that ended without a report. `code`: HoldfastError's, or `internal`. */
export const metricsOfFailure = (code: ErrorCode): readonly Metric[] => [
  metric("RunsBroken", 1),
  ...ofFailureCode(code),
];

/** A run that gave way to another: neither a report nor a failure. */
export const metricsOfStandDown = (): readonly Metric[] => [metric("RunsStoodDown", 1), metric("RunsBroken", 0)];
