import { tagResource } from "../../../aws/backup-operations.ts";
import { addRdsTags, createEc2Tags, createRedshiftTags, tagFsxResource } from "../../../aws/owner-operations.ts";
import type { Call } from "../../../aws/operation.ts";

export const TAG_WRITES = [tagResource, createEc2Tags, addRdsTags, tagFsxResource, createRedshiftTags] as const;
export type TagCall = Call<(typeof TAG_WRITES)[number]>;
type Tags = Readonly<Record<string, string>>;

const pairs = (tags: Tags) => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
const afterLast = (arn: string, separator: string): string => arn.slice(arn.lastIndexOf(separator) + 1);

/** AWS Backup tags its own points only; for the others the service that keeps them does (rule 12). */
const TAGGERS: readonly (readonly [RegExp, (call: TagCall, arn: string, tags: Tags) => Promise<unknown>])[] = [
  [/^arn:[^:]+:backup:/, (call, ResourceArn, tags) => call(tagResource, { ResourceArn, Tags: { ...tags } })],
  [
    /^arn:[^:]+:ec2:[^:]*::(snapshot|image)\//,
    (call, arn, tags) => call(createEc2Tags, { Resources: [afterLast(arn, "/")], Tags: pairs(tags) }),
  ],
  [
    /^arn:[^:]+:rds:[^:]+:\d{12}:(cluster-)?snapshot:/,
    (call, ResourceName, tags) => call(addRdsTags, { ResourceName, Tags: pairs(tags) }),
  ],
  [
    /^arn:[^:]+:fsx:[^:]+:\d{12}:backup\//,
    (call, ResourceARN, tags) => call(tagFsxResource, { ResourceARN, Tags: pairs(tags) }),
  ],
  [
    /^arn:[^:]+:redshift:[^:]+:\d{12}:snapshot:/,
    (call, ResourceName, tags) => call(createRedshiftTags, { ResourceName, Tags: pairs(tags) }),
  ],
];

/** How a point is tagged; undefined where AWS takes no tags on it: DynamoDB's own backups, for one. */
export const tagger = (arn: string): ((call: TagCall, tags: Tags) => Promise<unknown>) | undefined => {
  const found = TAGGERS.find(([pattern]) => pattern.test(arn))?.[1];
  return found && ((call, tags) => found(call, arn, tags));
};
