import { Duration } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { PrivateBucket } from "./bucket.ts";

/** Lease, journals and shards: scratch that a lifecycle may drop once no run can need it. The lease is not under `runs/` and stays. */
export const workBucket = (scope: Construct, id: string, days: number): PrivateBucket =>
  new PrivateBucket(
    scope,
    id,
    {
      lifecycleRules: [
        { id: "drop-old-runs", prefix: "runs/", expiration: Duration.days(days) },
        { id: "drop-unfinished-uploads", abortIncompleteMultipartUploadAfter: Duration.days(7) },
      ],
    },
    () => [],
  );
