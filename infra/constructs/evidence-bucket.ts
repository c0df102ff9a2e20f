import { Duration } from "aws-cdk-lib";
import { ObjectLockRetention } from "aws-cdk-lib/aws-s3";
import type { Construct } from "constructs";
import type { Statement } from "../policy-document.ts";
import type { Settings } from "../settings.ts";
import { PrivateBucket } from "./bucket.ts";

export interface EvidenceBucketProps {
  /** Absent: CloudFormation makes one up. */
  readonly name?: string;
  /** Statements beside the refusals, about the bucket of that ARN. */
  readonly also?: (arn: string) => readonly Statement[];
}

/** Where reports are kept: written once, locked by default, deleted by nobody. */
export const evidenceBucket = (
  scope: Construct,
  id: string,
  evidence: Settings["evidence"],
  { name, also = () => [] }: EvidenceBucketProps = {},
): PrivateBucket => {
  const lasting = Duration.days(evidence.days);
  const lock =
    evidence.mode === "compliance" ? ObjectLockRetention.compliance(lasting) : ObjectLockRetention.governance(lasting);
  return new PrivateBucket(
    scope,
    id,
    {
      ...(name === undefined ? {} : { bucketName: name }),
      versioned: true,
      objectLockEnabled: true,
      objectLockDefaultRetention: lock,
    },
    (arn) => [...evidenceStatements(arn, evidence), ...also(arn)],
  );
};

/**
 * Refusals for everybody, the controller and administrators included. Object Lock protects versions, not keys: a plain delete would
 * still lay a marker over a report, a later write another version, and after a marker even a conditional write would succeed (S3 User
 * Guide, "Deleting object versions", "Conditional writes"). So none of those is left possible.
 */
export function evidenceStatements(
  bucket: string,
  { mode, days }: Pick<Settings["evidence"], "mode" | "days">,
): readonly Statement[] {
  const objects = [`${bucket}/*`];
  const keys = `${bucket}/keys.json`;
  const refuse = (Sid: string, rest: Omit<Statement, "Sid" | "Effect" | "Principal">): Statement => ({
    Sid,
    Effect: "Deny",
    Principal: "*",
    ...rest,
  });
  return [
    refuse("KeepEveryReport", {
      Action: ["s3:BypassGovernanceRetention", "s3:DeleteObject*"],
      Resource: objects,
    }),
    // Rules that expire objects lay delete markers; replication writes past the condition below.
    refuse("NoOtherWayIn", { Action: ["s3:ReplicateDelete", "s3:ReplicateObject"], Resource: objects }),
    refuse("NoOtherWayOut", { Action: ["s3:DeleteBucket", "s3:PutLifecycleConfiguration"], Resource: [bucket] }),
    // Only the call that makes the object carries the condition: the parts of a multipart upload do not.
    refuse("WriteOnce", {
      Action: ["s3:PutObject"],
      NotResource: [keys],
      Condition: { Null: { "s3:if-none-match": true }, BoolIfExists: { "s3:ObjectCreationOperation": true } },
    }),
    // A chain that does not verify is begun anew by naming another one here, in the place of what was looked at (`report rechain`).
    refuse("NameAnotherChainOnCondition", {
      Action: ["s3:PutObject"],
      Resource: [keys],
      Condition: {
        Null: { "s3:if-none-match": true, "s3:if-match": true },
        BoolIfExists: { "s3:ObjectCreationOperation": true },
      },
    }),
    // Every put names its lock. The bucket's default would lock as well, and whoever may change the default may end it.
    refuse("LockEverything", {
      Action: ["s3:PutObject", "s3:PutObjectRetention"],
      Resource: objects,
      // A negated operator holds of a key that is not there; the parts of a multipart upload name no lock.
      Condition: {
        StringNotEquals: { "s3:object-lock-mode": mode.toUpperCase() },
        BoolIfExists: { "s3:ObjectCreationOperation": true },
      },
    }),
    refuse("NoShorterLock", {
      Action: ["s3:PutObject", "s3:PutObjectRetention"],
      Resource: objects,
      // Whole days, so that a lock of exactly `days` may count as one less by the time S3 looks.
      Condition: { NumericLessThan: { "s3:object-lock-remaining-retention-days": days - 1 } },
    }),
  ];
}
