/** What AWS Backup can do for each type of resource (semantics §4.1, §6.5). Types are spelled as AWS Backup spells them. */

export interface ResourceType {
  /** Under AWS Backup's own key, ARN and tags. DynamoDB depends on the Region's management preference. */
  readonly fullyManaged: boolean;
  readonly cold: "yes" | "archive" | "no";
  readonly continuous: boolean;
  /** A parent with children, such as an application stack. */
  readonly composite: boolean;
  readonly stoppable: boolean;
  /** May be copied into a logically air-gapped vault. */
  readonly airGapped: boolean;
}

const usual: ResourceType = {
  fullyManaged: false,
  cold: "no",
  continuous: false,
  composite: false,
  stoppable: true,
  airGapped: true,
};
const managed: ResourceType = { ...usual, fullyManaged: true, cold: "yes" };
const unstoppable: ResourceType = { ...usual, stoppable: false };

const types = {
  Aurora: { ...unstoppable, continuous: true },
  CloudFormation: { ...managed, composite: true, airGapped: false },
  DSQL: { ...managed, cold: "no" },
  DocumentDB: unstoppable,
  DynamoDB: managed,
  EBS: { ...usual, cold: "archive" },
  EC2: usual,
  EFS: managed,
  EKS: { ...managed, cold: "no", composite: true },
  FSx: unstoppable,
  Neptune: unstoppable,
  RDS: { ...unstoppable, continuous: true, airGapped: false },
  Redshift: { ...usual, airGapped: false },
  "Redshift Serverless": { ...usual, airGapped: false },
  S3: { ...managed, cold: "no", continuous: true },
  "SAP HANA on Amazon EC2": { ...managed, continuous: true, stoppable: false },
  "Storage Gateway": usual,
  Timestream: managed,
  VirtualMachine: managed,
} as const satisfies Readonly<Record<string, ResourceType>>;

export function resourceType(name: string): ResourceType | undefined {
  return Object.hasOwn(types, name) ? types[name as keyof typeof types] : undefined;
}

export function supportedResourceTypes(): readonly string[] {
  return Object.keys(types);
}

/** A Region whose console has been opened once: everything opted in. Seeds and tests switch off what they need off. */
export function defaultOptIn(): Map<string, boolean> {
  return new Map(supportedResourceTypes().map((name) => [name, true]));
}

/** Regions without a vault before 2021-11-21 have advanced DynamoDB on; EFS cannot be turned off. */
export function defaultManagementPreference(): Map<string, boolean> {
  return new Map([
    ["DynamoDB", true],
    ["EFS", true],
  ]);
}
