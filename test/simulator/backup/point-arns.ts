/** ARNs of recovery points per resource type (semantics §4.1). To clients they are opaque; many belong to other services. */
import { backupArn, parseArn, partitionOf } from "./arns.ts";
import { resourceType } from "./resource-types.ts";
import type { BackupState } from "./state.ts";
import type { ProtectableResource } from "./world.ts";

/** Where the backup is made: into an air-gapped vault, everything gets AWS Backup's own ARN. */
export type PointKind = "snapshot" | "continuous" | "air-gapped";

export interface Making {
  readonly kind: PointKind;
  readonly uuid: string;
  readonly at: Date;
  /** RDS-family ids tell backups (`job`) from copies (`copyjob`). */
  readonly by: "job" | "copyjob";
}

/** Under the vault's key, with AWS Backup's own ARN and tags. DynamoDB is so where its advanced features are on. */
export function isFullyManaged({ managementPreference }: BackupState, type: string): boolean {
  if (type === "DynamoDB") return managementPreference.get("DynamoDB") === true;
  return resourceType(type)?.fullyManaged === true;
}

export function newPointArn(
  state: BackupState,
  resource: Pick<ProtectableResource, "arn" | "type">,
  making: Making,
): string {
  const { kind, uuid } = making;
  if (resource.type === "S3") return backupArn(state, `recovery-point:${bucketPoint(resource.arn, making)}`);
  if (kind === "continuous" && !isFullyManaged(state, resource.type)) {
    return backupArn(state, `recovery-point:continuous:${lastPart(resource.arn)}-${hex(uuid, 8)}`);
  }
  if (kind === "air-gapped" || isFullyManaged(state, resource.type)) {
    return backupArn(state, `recovery-point:${resource.type === "Timestream" ? `${uuid}_beta` : uuid}`);
  }
  return nativeArn(state, resource, making);
}

function nativeArn(
  state: BackupState,
  { arn, type }: Pick<ProtectableResource, "arn" | "type">,
  making: Making,
): string {
  const { uuid, by } = making;
  const native = (service: string, account: string, resource: string) =>
    `arn:${partitionOf(state.region)}:${service}:${state.region}:${account}:${resource}`;
  const job = `awsbackup:${by}-${uuid}`;
  switch (type) {
    case "EBS":
    case "Storage Gateway":
      return native("ec2", "", `snapshot/snap-${hex(uuid, 17)}`);
    case "EC2":
      return native("ec2", "", `image/ami-${hex(uuid, 17)}`);
    case "RDS":
      return native("rds", state.account, `${isCluster(arn) ? "cluster-snapshot" : "snapshot"}:${job}`);
    case "Aurora":
    case "DocumentDB":
    case "Neptune":
      return native("rds", state.account, `cluster-snapshot:${job}`);
    case "DynamoDB":
      return native("dynamodb", state.account, `table/${lastPart(arn)}/backup/${dynamoId(making)}`);
    case "FSx":
      return native("fsx", state.account, `backup/backup-${hex(uuid, 17)}`);
    case "Redshift":
      return native("redshift", state.account, `snapshot:${lastPart(arn)}/${job}`);
    case "Redshift Serverless":
      return native("redshift-serverless", state.account, `snapshot:${lastPart(arn)}/${job}`);
    default:
      throw new Error(`AWS Backup knows no recovery points of ${type}`);
  }
}

export function isCluster(arn: string): boolean {
  return parseArn(arn)?.resource.startsWith("cluster:") === true;
}

/** A bucket's continuous point has no time in its name. */
function bucketPoint(arn: string, { kind, uuid, at }: Making): string {
  const time = at.toISOString().replace(/\D/g, "").slice(0, 14);
  return kind === "continuous" ? `${lastPart(arn)}-${hex(uuid, 8)}` : `${lastPart(arn)}-${time}-${hex(uuid, 8)}`;
}

function dynamoId({ uuid, at }: Making): string {
  return `${String(at.getTime()).padStart(14, "0")}-${hex(uuid, 8)}`;
}

function lastPart(arn: string): string {
  return arn.split(/[:/]/).at(-1) ?? arn;
}

/** The tail of a UUID's hex digits, which differs between two of them whatever their source. */
function hex(uuid: string, length: number): string {
  return uuid.replaceAll("-", "").slice(-length);
}
