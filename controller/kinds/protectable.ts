/** Which resources AWS Backup can protect, as their ARNs show it (semantics §4.1). */

interface Protectable {
  /** As AWS Backup spells it; where one form of ARN serves several types, all of them. */
  readonly type: string;
  /** As the Tagging API spells it, to narrow its listing (semantics §9.2). */
  readonly filter: string;
  readonly arn: RegExp;
}

const inService = (service: string, resource: string): RegExp =>
  new RegExp(`^arn:[^:]+:${service}:[^:]+:\\d{12}:${resource}$`);

const PROTECTABLE: readonly Protectable[] = [
  { type: "Aurora, DocumentDB, Neptune, RDS", filter: "rds:cluster", arn: inService("rds", "cluster:[^:]+") },
  { type: "CloudFormation", filter: "cloudformation:stack", arn: inService("cloudformation", "stack/.+") },
  { type: "DSQL", filter: "dsql:cluster", arn: inService("dsql", "cluster/[^/]+") },
  { type: "DynamoDB", filter: "dynamodb:table", arn: inService("dynamodb", "table/[^/]+") },
  { type: "EBS", filter: "ec2:volume", arn: inService("ec2", "volume/[^/]+") },
  { type: "EC2", filter: "ec2:instance", arn: inService("ec2", "instance/[^/]+") },
  { type: "EFS", filter: "elasticfilesystem:file-system", arn: inService("elasticfilesystem", "file-system/[^/]+") },
  { type: "EKS", filter: "eks:cluster", arn: inService("eks", "cluster/[^/]+") },
  { type: "FSx", filter: "fsx:file-system", arn: inService("fsx", "file-system/[^/]+") },
  { type: "FSx", filter: "fsx:volume", arn: inService("fsx", "volume/[^/]+/[^/]+") },
  { type: "RDS", filter: "rds:db", arn: inService("rds", "db:[^:]+") },
  { type: "Redshift", filter: "redshift:cluster", arn: inService("redshift", "cluster:[^:]+") },
  {
    type: "Redshift Serverless",
    filter: "redshift-serverless:namespace",
    arn: inService("redshift-serverless", "namespace/[^/]+"),
  },
  { type: "S3", filter: "s3", arn: /^arn:[^:]+:s3:::[^/:]+$/ },
  { type: "SAP HANA on Amazon EC2", filter: "ssm-sap:HANA", arn: inService("ssm-sap", "HANA/[^/]+/DB/[^/]+") },
  {
    type: "Storage Gateway",
    filter: "storagegateway:gateway",
    arn: inService("storagegateway", "gateway/[^/]+/volume/[^/]+"),
  },
  { type: "Timestream", filter: "timestream:database", arn: inService("timestream", "database/[^/]+/table/[^/]+") },
  { type: "VirtualMachine", filter: "backup-gateway:vm", arn: inService("backup-gateway", "vm/[^/]+") },
];

export const TAGGING_FILTERS: readonly string[] = PROTECTABLE.map(({ filter }) => filter);

/** The type of a resource that AWS Backup can protect; undefined for all else, AWS Backup's own vaults, plans and points among it. */
export const protectableType = (arn: string): string | undefined => PROTECTABLE.find((one) => one.arn.test(arn))?.type;
