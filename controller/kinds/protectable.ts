/** Which resources AWS Backup can protect, as their ARNs show it (semantics §4.1). */

interface Protectable {
  /** As AWS Backup and a Region's opt-ins spell it; where one form of ARN serves several types, all of them. */
  readonly types: readonly string[];
  /** As the Tagging API spells it, to narrow its listing (semantics §9.2). */
  readonly filter: string;
  readonly arn: RegExp;
}

const inService = (service: string, resource: string): RegExp =>
  new RegExp(`^arn:[^:]+:${service}:[^:]+:\\d{12}:${resource}$`);

const PROTECTABLE: readonly Protectable[] = [
  { types: ["Aurora", "DocumentDB", "Neptune", "RDS"], filter: "rds:cluster", arn: inService("rds", "cluster:[^:]+") },
  { types: ["CloudFormation"], filter: "cloudformation:stack", arn: inService("cloudformation", "stack/.+") },
  { types: ["DSQL"], filter: "dsql:cluster", arn: inService("dsql", "cluster/[^/]+") },
  { types: ["DynamoDB"], filter: "dynamodb:table", arn: inService("dynamodb", "table/[^/]+") },
  { types: ["EBS"], filter: "ec2:volume", arn: inService("ec2", "volume/[^/]+") },
  { types: ["EC2"], filter: "ec2:instance", arn: inService("ec2", "instance/[^/]+") },
  { types: ["EFS"], filter: "elasticfilesystem:file-system", arn: inService("elasticfilesystem", "file-system/[^/]+") },
  { types: ["EKS"], filter: "eks:cluster", arn: inService("eks", "cluster/[^/]+") },
  { types: ["FSx"], filter: "fsx:file-system", arn: inService("fsx", "file-system/[^/]+") },
  { types: ["FSx"], filter: "fsx:volume", arn: inService("fsx", "volume/[^/]+/[^/]+") },
  { types: ["RDS"], filter: "rds:db", arn: inService("rds", "db:[^:]+") },
  { types: ["Redshift"], filter: "redshift:cluster", arn: inService("redshift", "cluster:[^:]+") },
  {
    types: ["Redshift Serverless"],
    filter: "redshift-serverless:namespace",
    arn: inService("redshift-serverless", "namespace/[^/]+"),
  },
  { types: ["S3"], filter: "s3", arn: /^arn:[^:]+:s3:::[^/:]+$/ },
  { types: ["SAP HANA on Amazon EC2"], filter: "ssm-sap:HANA", arn: inService("ssm-sap", "HANA/[^/]+/DB/[^/]+") },
  {
    types: ["Storage Gateway"],
    filter: "storagegateway:gateway",
    arn: inService("storagegateway", "gateway/[^/]+/volume/[^/]+"),
  },
  { types: ["Timestream"], filter: "timestream:database", arn: inService("timestream", "database/[^/]+/table/[^/]+") },
  { types: ["VirtualMachine"], filter: "backup-gateway:vm", arn: inService("backup-gateway", "vm/[^/]+") },
];

export const TAGGING_FILTERS: readonly string[] = PROTECTABLE.map(({ filter }) => filter);

/** The types that a resource can be of, going by its ARN: none where AWS Backup protects nothing of that form, several where they share it. */
export const typesOf = (arn: string): readonly string[] => PROTECTABLE.find((one) => one.arn.test(arn))?.types ?? [];

/** The same as one text; undefined for all that AWS Backup cannot protect, its own vaults, plans and points among it. */
export function protectableType(arn: string): string | undefined {
  const types = typesOf(arn);
  return types.length === 0 ? undefined : types.join(", ");
}
