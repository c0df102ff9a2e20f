import type { RecoveryPointRuleSpec } from "../../kinds/recovery-point/spec.ts";
import { didYouMean } from "../problems.ts";
import { warn, type Limit } from "./limit.ts";

/** Resource types as AWS Backup spells them (semantics §4.1, §6.5). New ones come without notice: an unknown one is a warning. */
export const RESOURCE_TYPES = [
  "Aurora",
  "CloudFormation",
  "DocumentDB",
  "DSQL",
  "DynamoDB",
  "EBS",
  "EC2",
  "EFS",
  "EKS",
  "FSx",
  "Neptune",
  "RDS",
  "Redshift",
  "Redshift Serverless",
  "S3",
  "SAP HANA on Amazon EC2",
  "Storage Gateway",
  "Timestream",
  "VirtualMachine",
];

export function* recoveryPointLimits({ match, retention }: RecoveryPointRuleSpec): Generator<Limit> {
  for (const [index, type] of (match.resourceTypes ?? []).entries())
    if (!RESOURCE_TYPES.includes(type))
      yield warn(
        ["match", "resourceTypes", index],
        `names ${type}, which is not a resource type that AWS Backup had when this was written`,
        didYouMean(type, RESOURCE_TYPES),
      );
  if (retention.atLeastDays === undefined && retention.atMostDays === undefined)
    yield warn(["retention"], "asks for nothing", "give atLeastDays, atMostDays or both");
}
