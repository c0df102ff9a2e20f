import type { Construct } from "constructs";
import { accessLogs } from "../constructs/access-logs.ts";
import { desiredBucket } from "../constructs/desired-bucket.ts";
import { evidenceBucket } from "../constructs/evidence-bucket.ts";
import { workBucket } from "../constructs/work-bucket.ts";
import { evidenceElsewhere, type Store } from "../evidence-place.ts";
import type { Settings } from "../settings.ts";

export interface Stores {
  readonly desired: Store;
  readonly evidence: Store;
  readonly work: Store;
}

/** The three buckets: what should be, what was proven, and scratch. What was proven may be in another account. */
export function createStores(scope: Construct, settings: Settings): Stores {
  const desired = desiredBucket(scope, "DesiredState", settings.publishers);
  const work = workBucket(scope, "Work", settings.workDays);
  const elsewhere = evidenceElsewhere(settings);
  if (elsewhere !== undefined) {
    accessLogs(scope, "AccessLogs", { desired, work });
    return { desired, evidence: elsewhere, work };
  }
  const evidence = evidenceBucket(scope, "Evidence", settings.evidence);
  accessLogs(scope, "AccessLogs", { desired, evidence, work });
  return { desired, evidence, work };
}
