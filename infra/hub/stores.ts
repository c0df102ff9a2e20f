import type { Construct } from "constructs";
import { desiredBucket } from "../constructs/desired-bucket.ts";
import { evidenceBucket } from "../constructs/evidence-bucket.ts";
import { workBucket } from "../constructs/work-bucket.ts";
import type { Settings } from "../settings.ts";

/** The three buckets: what should be, what was proven, and scratch. */
export const createStores = (scope: Construct, { publishers, evidence, workDays }: Settings) => ({
  desired: desiredBucket(scope, "DesiredState", publishers),
  evidence: evidenceBucket(scope, "Evidence", evidence),
  work: workBucket(scope, "Work", workDays),
});
export type Stores = ReturnType<typeof createStores>;
