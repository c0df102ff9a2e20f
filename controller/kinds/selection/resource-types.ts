/** AWS Backup's types by the form of their resources' ARNs (semantics §4.1), spelled as in a Region's opt-ins. */
const FORMS: readonly (readonly [form: RegExp, types: readonly string[]])[] = [
  [/^arn:[^:]+:ec2:[^:]+:\d+:volume\//, ["EBS"]],
  [/^arn:[^:]+:ec2:[^:]+:\d+:instance\//, ["EC2"]],
  [/^arn:[^:]+:rds:[^:]+:\d+:db:/, ["RDS"]],
  [/^arn:[^:]+:rds:[^:]+:\d+:cluster:/, ["Aurora", "DocumentDB", "Neptune", "RDS"]],
  [/^arn:[^:]+:dynamodb:[^:]+:\d+:table\/[^/]+$/, ["DynamoDB"]],
  [/^arn:[^:]+:elasticfilesystem:[^:]+:\d+:file-system\//, ["EFS"]],
  [/^arn:[^:]+:fsx:[^:]+:\d+:(file-system|volume)\//, ["FSx"]],
  [/^arn:[^:]+:s3:::[^/]+$/, ["S3"]],
  [/^arn:[^:]+:storagegateway:[^:]+:\d+:gateway\/[^/]+\/volume\//, ["Storage Gateway"]],
  [/^arn:[^:]+:backup-gateway:[^:]+:\d+:vm\//, ["VirtualMachine"]],
  [/^arn:[^:]+:timestream:[^:]+:\d+:database\/[^/]+\/table\//, ["Timestream"]],
  [/^arn:[^:]+:cloudformation:[^:]+:\d+:stack\//, ["CloudFormation"]],
  [/^arn:[^:]+:ssm-sap:[^:]+:\d+:HANA\//, ["SAP HANA on Amazon EC2"]],
  [/^arn:[^:]+:redshift:[^:]+:\d+:cluster:/, ["Redshift"]],
  [/^arn:[^:]+:redshift-serverless:[^:]+:\d+:namespace\//, ["Redshift Serverless"]],
  [/^arn:[^:]+:dsql:[^:]+:\d+:cluster\//, ["DSQL"]],
  [/^arn:[^:]+:eks:[^:]+:\d+:cluster\//, ["EKS"]],
];

/** The types that a resource can be of, going by its ARN: none where AWS Backup protects nothing of that form, several where they share it. */
export const typesOf = (arn: string): readonly string[] => FORMS.find(([form]) => form.test(arn))?.[1] ?? [];
