/**
 * Which permissions calls to the owning services take, and on which ARN (Service Authorization Reference, one page a service).
 * Listings of EC2, FSx and DynamoDB know no resource.
 */
import type { Need } from "../iam/authorize.ts";
import { tagContext } from "../iam/tag-context.ts";
import type { Caller } from "../services.ts";
import { ownArn } from "./context.ts";
import { ec2Arn } from "./ec2-ids.ts";
import { roleNamed } from "./iam.ts";
import { ownerTags } from "./tags.ts";

type Input = Readonly<Record<string, unknown>>;
type NeedsOf = (operation: string, input: Input, caller: Caller) => readonly Need[];

/** The input's members that name a resource, with what stands before its id in the ARN. */
const scopes: Readonly<Record<string, readonly [member: string, sort: string]>> = {
  "rds:DescribeDBInstances": ["DBInstanceIdentifier", "db:"],
  "rds:DescribeDBClusters": ["DBClusterIdentifier", "cluster:"],
  "rds:DescribeDBSnapshots": ["DBSnapshotIdentifier", "snapshot:"],
  "rds:DescribeDBClusterSnapshots": ["DBClusterSnapshotIdentifier", "cluster-snapshot:"],
  "dynamodb:DescribeTable": ["TableName", "table/"],
  "dynamodb:DescribeContinuousBackups": ["TableName", "table/"],
  "elasticfilesystem:DescribeFileSystems": ["FileSystemId", "file-system/"],
  "redshift:DescribeClusters": ["ClusterIdentifier", "cluster:"],
};

/** A read, judged on what it names, or on all of its sort where it names nothing. */
export function readNeeds(service: string): NeedsOf {
  return (operation, input, caller) => {
    const action = `${service}:${operation}`;
    const scope = scopes[action];
    if (scope === undefined) return [{ action, resource: "*" }];
    const [member, sort] = scope;
    const id = (input[member] as string | undefined) ?? "*";
    return [{ action, resource: id.startsWith("arn:") ? id : ownArn(caller, service, sort, id) }];
  };
}

/** Writes of tags, judged on each thing that is tagged; everything else is a read. */
function needsWithTags(
  service: string,
  operation: string,
  resourcesIn: (input: Input, caller: Caller) => readonly string[],
): NeedsOf {
  const reads = readNeeds(service);
  return (asked, input, caller) => {
    if (asked !== operation) return reads(asked, input, caller);
    const requested = requestedTags(input);
    return resourcesIn(input, caller).map((resource) => ({
      action: `${service}:${operation}`,
      resource,
      context: tagContext(requested, tagsNow(caller, resource)),
    }));
  };
}

function requestedTags(input: Input): Readonly<Record<string, string>> {
  const tags = (input["Tags"] ?? []) as readonly { readonly Key?: string; readonly Value?: string }[];
  return Object.fromEntries(tags.map(({ Key = "", Value = "" }) => [Key, Value]));
}

function tagsNow({ world, account, region }: Caller, arn: string): Readonly<Record<string, string>> | undefined {
  const backup = world.backup(account, region);
  return backup && ownerTags({ backup, resources: world.resources(account, region) }, arn);
}

export const ec2Needs = needsWithTags("ec2", "CreateTags", (input, caller) =>
  ((input["Resources"] ?? []) as readonly string[]).map((id) => ec2Arn(caller, id)),
);
export const rdsNeeds = needsWithTags("rds", "AddTagsToResource", (input) => [String(input["ResourceName"])]);
export const fsxNeeds = needsWithTags("fsx", "TagResource", (input) => [String(input["ResourceARN"])]);
export const redshiftNeeds = needsWithTags("redshift", "CreateTags", (input) => [String(input["ResourceName"])]);

/** A role that is not there is asked about by the ARN it would have. */
export const iamNeeds: NeedsOf = (operation, input, { world, account }) => {
  const name = String(input["RoleName"]);
  const resource = roleNamed(world, account, name)?.arn ?? `arn:aws:iam::${account}:role/${name}`;
  return [{ action: `iam:${operation}`, resource }];
};
