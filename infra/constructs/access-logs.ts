import { Aws, Duration } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { Statement } from "../policy-document.ts";
import { PrivateBucket } from "./bucket.ts";

/** Days: whoever audits a year sees all of it. */
const KEPT = Duration.days(400);

/**
 * Who read and wrote what: S3's own record of the requests to other buckets, written below a prefix for each. It comes late and now and
 * then not at all (S3 User Guide, "Logging requests with server access logging"); evidence rests on signatures and not on it.
 */
export function accessLogs(
  scope: Construct,
  id: string,
  logged: Readonly<Record<string, PrivateBucket>>,
): PrivateBucket {
  const sources = Object.values(logged).map(({ arn }) => arn);
  const logs = new PrivateBucket(
    scope,
    id,
    {
      lifecycleRules: [
        { id: "drop-old-logs", expiration: KEPT },
        { id: "drop-unfinished-uploads", abortIncompleteMultipartUploadAfter: Duration.days(7) },
      ],
    },
    (arn) => [takeFrom(arn, sources)],
  );
  for (const [prefix, bucket] of Object.entries(logged)) bucket.logTo(logs.name, `${prefix}/`);
  return logs;
}

const takeFrom = (logs: string, sources: readonly string[]): Statement => ({
  Sid: "TakeAccessLogs",
  Effect: "Allow",
  Principal: { Service: "logging.s3.amazonaws.com" },
  Action: ["s3:PutObject"],
  Resource: [`${logs}/*`],
  Condition: { ArnEquals: { "aws:SourceArn": sources }, StringEquals: { "aws:SourceAccount": Aws.ACCOUNT_ID } },
});
