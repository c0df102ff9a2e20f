import type { BackupSelection } from "@aws-sdk/client-backup";
import { describe, expect, it } from "vitest";
import { fromSelection } from "../../../controller/kinds/selection/document.ts";
import { compileSelection, evaluate } from "../../../controller/kinds/selection/evaluate.ts";
import { typesOf } from "../../../controller/kinds/protectable.ts";

/** Every example of a selection that AWS publishes, with what its page says that it selects. */
const JSON_PAGE = "Developer Guide, Assign resources with AWS CLI";
const CLOUDFORMATION_PAGE = "Developer Guide, Assign AWS Backup resources through CloudFormation";
const API_PAGE = "API reference, BackupSelection";
const CONDITIONS_PAGE = "API reference, Conditions";
const KNOWLEDGE_CENTER = "re:Post knowledge center, How do I assign resources to a Backup plan";
const ORGANIZATIONS_PAGE = "Organizations guide, Backup policy syntax and examples";
const OPT_IN_PAGE = "Developer Guide, Select AWS services to backup";

const here = "eu-west-1:444455556666";
const volume = `arn:aws:ec2:${here}:volume/vol-1`;
const instance = `arn:aws:ec2:${here}:instance/i-1`;
const database = `arn:aws:rds:${here}:db:orders`;
const aurora = `arn:aws:rds:${here}:cluster:my-aurora-cluster`;
const otherCluster = `arn:aws:rds:${here}:cluster:other`;
const windows = `arn:aws:fsx:${here}:file-system/fs-1`;
const table = `arn:aws:dynamodb:${here}:table/orders`;
const bucket = "arn:aws:s3:::my-bucket-1";

const volumes = "arn:aws:ec2:*:*:volume/*";
const databases = "arn:aws:rds:*:*:db:*";
const on = (key: string, value: string) => ({ ConditionKey: `aws:ResourceTag/${key}`, ConditionValue: value });

type Content = Partial<BackupSelection>;
type Tags = Readonly<Record<string, string>>;
/** A resource with its tags, and the types that its Region has not opted in to. */
type Row = readonly [arn: string, tags?: Tags, optedOut?: readonly string[]];
interface Example {
  readonly page: string;
  readonly says: string;
  readonly selection: Content;
  readonly selects: readonly Row[];
  readonly leaves: readonly Row[];
}

const backup = { backup: "true" };
const EXAMPLES: readonly Example[] = [
  {
    page: JSON_PAGE,
    says: "assigns all Amazon EC2 instances",
    selection: { Resources: ["arn:aws:ec2:*:*:instance/*"] },
    selects: [[instance], [instance, {}, ["EC2"]]],
    leaves: [[volume], [database]],
  },
  {
    page: JSON_PAGE,
    says: "by service name only where the opt-in of the resource's type is on",
    selection: { Resources: ["arn:aws:ec2:*"] },
    selects: [[instance], [volume], [volume, {}, ["EC2"]]],
    leaves: [[instance, {}, ["EC2"]], [database]],
  },
  {
    page: JSON_PAGE,
    says: "by resource type whatever the opt-in",
    selection: { Resources: ["arn:aws:ec2:*:*:instance/*"] },
    selects: [[instance, {}, ["EC2", "EBS"]]],
    leaves: [[volume, {}, ["EC2"]]],
  },
  {
    page: JSON_PAGE,
    says: "Aurora databases need Aurora's opt-in",
    selection: { Resources: ["arn:aws:rds:*:*:cluster:*"] },
    selects: [[aurora]],
    leaves: [[aurora, {}, ["Aurora", "RDS", "DocumentDB", "Neptune"]]],
  },
  {
    page: JSON_PAGE,
    says: "FSx file systems need their opt-in",
    selection: { Resources: ["arn:aws:fsx:*:*:file-system/*"] },
    selects: [[windows]],
    leaves: [[windows, {}, ["FSx"]]],
  },
  {
    page: JSON_PAGE,
    says: "all resources in my account",
    selection: { Resources: ["*"] },
    selects: [[volume], [instance], [database], [aurora], [windows], [table], [bucket]],
    leaves: [[volume, {}, ["EBS"]], [`arn:aws:lambda:${here}:function:f`]],
  },
  {
    page: JSON_PAGE,
    says: "all resources in my account, but exclude EBS volumes",
    selection: { Resources: ["*"], NotResources: [volumes] },
    selects: [[instance], [bucket]],
    leaves: [[volume]],
  },
  {
    page: JSON_PAGE,
    says: 'all resources tagged with "backup":"true", but exclude EBS volumes',
    selection: { Resources: ["*"], NotResources: [volumes], Conditions: { StringEquals: [on("backup", "true")] } },
    selects: [[instance, backup]],
    leaves: [[volume, backup], [instance], [instance, { backup: "True" }], [instance, { Backup: "true" }]],
  },
  {
    page: JSON_PAGE,
    says: 'all EBS volumes and RDS DB instances tagged with both "backup":"true" and "stage":"prod"',
    selection: {
      Resources: [volumes, databases],
      Conditions: { StringEquals: [on("backup", "true"), on("stage", "prod")] },
    },
    selects: [
      [volume, { backup: "true", stage: "prod" }],
      [database, { backup: "true", stage: "prod" }],
    ],
    leaves: [
      [volume, backup],
      [database, { stage: "prod" }],
      [aurora, { backup: "true", stage: "prod" }],
    ],
  },
  {
    page: JSON_PAGE,
    says: 'all EBS volumes and RDS instances tagged with "backup":"true" but not "stage":"test"',
    selection: {
      Resources: [volumes, databases],
      Conditions: { StringEquals: [on("backup", "true")], StringNotEquals: [on("stage", "test")] },
    },
    selects: [
      [volume, backup],
      [database, { backup: "true", stage: "prod" }],
    ],
    leaves: [[volume, { backup: "true", stage: "test" }], [volume]],
  },
  {
    page: JSON_PAGE,
    says: '"key1" and a value which begins with "include" but not "key2" and a value that contains "exclude"',
    selection: {
      Resources: ["*"],
      Conditions: { StringLike: [on("key1", "include*")], StringNotLike: [on("key2", "*exclude*")] },
    },
    selects: [
      [table, { key1: "include" }],
      [table, { key1: "included", key2: "other" }],
    ],
    leaves: [[table, { key1: "included", key2: "an-exclude-d" }], [table, { key1: "not-include" }], [table]],
  },
  {
    page: JSON_PAGE,
    says: '"backup":"true" except FSx file systems and RDS, Aurora, Neptune, and DocumentDB resources',
    selection: {
      Resources: ["*"],
      NotResources: ["arn:aws:fsx:*", "arn:aws:rds:*"],
      Conditions: { StringEquals: [on("backup", "true")] },
    },
    selects: [[volume, backup]],
    leaves: [
      [windows, backup],
      [database, backup],
      [aurora, backup],
    ],
  },
  {
    page: JSON_PAGE,
    says: 'a tag "backup" and any value',
    selection: { Resources: ["*"], Conditions: { StringLike: [on("backup", "*")] } },
    selects: [
      [volume, backup],
      [volume, { backup: "" }],
    ],
    leaves: [[volume], [volume, { Backup: "true" }]],
  },
  {
    page: JSON_PAGE,
    says: 'all FSx file systems, the Aurora cluster "my-aurora-cluster", and all "backup":"true", except "stage":"test"',
    selection: {
      Resources: ["arn:aws:fsx:*", "arn:aws:rds:*:*:cluster:my-aurora-cluster"],
      ListOfTags: [{ ConditionType: "STRINGEQUALS", ConditionKey: "backup", ConditionValue: "true" }],
      Conditions: { StringNotEquals: [on("stage", "test")] },
    },
    selects: [[windows], [aurora], [table, backup], [otherCluster, backup]],
    leaves: [[otherCluster], [table], [windows, { stage: "test" }], [table, { backup: "true", stage: "test" }]],
  },
  {
    page: JSON_PAGE,
    says: '"backup":"true" except for EBS volumes tagged with "stage":"test": the second of two selections',
    selection: {
      Resources: [volumes],
      Conditions: { StringEquals: [on("backup", "true")], StringNotEquals: [on("stage", "test")] },
    },
    selects: [[volume, backup]],
    leaves: [
      [volume, { backup: "true", stage: "test" }],
      [table, backup],
    ],
  },
  {
    page: API_PAGE,
    says: "arn:aws:s3:::my-bucket-* is valid",
    selection: { Resources: ["arn:aws:s3:::my-bucket-*"] },
    selects: [[bucket]],
    leaves: [["arn:aws:s3:::another"]],
  },
  {
    page: API_PAGE,
    says: "several conditions of ListOfTags: any of them",
    selection: {
      ListOfTags: [
        { ConditionType: "STRINGEQUALS", ConditionKey: "backup", ConditionValue: "daily" },
        { ConditionType: "STRINGEQUALS", ConditionKey: "backup", ConditionValue: "weekly" },
      ],
    },
    selects: [
      [volume, { backup: "daily" }],
      [table, { backup: "weekly" }],
    ],
    leaves: [[volume, { backup: "monthly" }]],
  },
  {
    page: CONDITIONS_PAGE,
    says: '"prod*" matches the tag value "production"',
    selection: { Resources: ["*"], Conditions: { StringLike: [on("stage", "prod*")] } },
    selects: [[volume, { stage: "production" }]],
    leaves: [[volume, { stage: "Production" }]],
  },
  {
    page: CONDITIONS_PAGE,
    says: '"*rod*" matches the tag value "production"',
    selection: { Resources: ["*"], Conditions: { StringLike: [on("stage", "*rod*")] } },
    selects: [[volume, { stage: "production" }]],
    leaves: [[volume, { stage: "test" }]],
  },
  {
    page: OPT_IN_PAGE,
    says: "with tags alone, the service opt-in settings still apply",
    selection: { ListOfTags: [{ ConditionType: "STRINGEQUALS", ConditionKey: "backup", ConditionValue: "true" }] },
    selects: [[volume, backup]],
    leaves: [[volume, backup, ["EBS"]]],
  },
  {
    page: KNOWLEDGE_CENTER,
    says: "EBS volumes that are tagged with backup:yes and owner:example",
    selection: {
      Resources: [volumes],
      Conditions: { StringEquals: [on("backup", "yes"), on("owner", "example")] },
    },
    selects: [[volume, { backup: "yes", owner: "example" }]],
    leaves: [
      [volume, { backup: "yes" }],
      [instance, { backup: "yes", owner: "example" }],
    ],
  },
  {
    page: KNOWLEDGE_CENTER,
    says: "all EBS volumes or any resource tagged with backup:yes",
    selection: {
      Resources: [volumes],
      ListOfTags: [{ ConditionType: "STRINGEQUALS", ConditionKey: "backup", ConditionValue: "yes" }],
    },
    selects: [[volume], [table, { backup: "yes" }]],
    leaves: [[table], [table, { backup: "no" }]],
  },
  {
    // What its page says of prod and of prod/… is meant as either, which Conditions cannot say: all of them must hold.
    page: CLOUDFORMATION_PAGE,
    says: "no cluster of RDS, Aurora, Neptune or DocumentDB, and nothing tagged test or test/…",
    selection: {
      ListOfTags: [{ ConditionType: "STRINGEQUALS", ConditionKey: "backupplan", ConditionValue: "dsi-sandbox-daily" }],
      NotResources: ["arn:aws:rds:*:*:cluster:*"],
      Conditions: { StringNotEquals: [on("path", "test")], StringNotLike: [on("path", "test/*")] },
    },
    selects: [
      [table, { backupplan: "dsi-sandbox-daily" }],
      [table, { backupplan: "dsi-sandbox-daily", path: "prod/eu" }],
    ],
    leaves: [
      [aurora, { backupplan: "dsi-sandbox-daily" }],
      [table, { backupplan: "dsi-sandbox-daily", path: "test" }],
      [table, { backupplan: "dsi-sandbox-daily", path: "test/1" }],
      [table, { path: "prod" }],
    ],
  },
  {
    page: ORGANIZATIONS_PAGE,
    says: "env is prod or gamma, but not where backup is false",
    selection: {
      ListOfTags: ["prod", "gamma"].map((value) => ({
        ConditionType: "STRINGEQUALS",
        ConditionKey: "env",
        ConditionValue: value,
      })),
      Conditions: { StringNotEquals: [on("backup", "false")] },
    },
    selects: [
      [volume, { env: "prod" }],
      [volume, { env: "gamma", backup: "true" }],
    ],
    leaves: [
      [volume, { env: "prod", backup: "false" }],
      [volume, { env: "beta" }],
    ],
  },
  {
    page: ORGANIZATIONS_PAGE,
    says: '"backup":"true" except FSx file systems and RDS instances',
    selection: {
      Resources: ["*"],
      NotResources: ["arn:aws:fsx:*:*:file-system/*", databases],
      Conditions: { StringEquals: [on("backup", "true")] },
    },
    selects: [[aurora, backup]],
    leaves: [
      [windows, backup],
      [database, backup],
    ],
  },
];

const TYPES = ["Aurora", "DocumentDB", "DynamoDB", "EBS", "EC2", "FSx", "Neptune", "RDS", "S3"];

function taken(content: Content, [arn, tags = {}, optedOut = []]: Row): string {
  const selection = compileSelection(fromSelection({ SelectionName: "one", IamRoleArn: "role", ...content }));
  const optIns = Object.fromEntries(TYPES.map((type) => [type, !optedOut.includes(type)]));
  return evaluate(selection, { arn, types: typesOf(arn), tags }, optIns).taken;
}

describe("AWS's own examples", () => {
  it.each(EXAMPLES.map((example) => [`${example.page}: ${example.says}`, example] as const))("%s", (_says, example) => {
    const answers = (rows: readonly Row[]) => rows.map((row) => [row, taken(example.selection, row)]);
    expect(answers(example.selects)).toEqual(example.selects.map((row) => [row, "yes"]));
    expect(answers(example.leaves)).toEqual(example.leaves.map((row) => [row, "no"]));
  });

  it("does not know what a pattern does that the API's page calls unsupported", () => {
    expect(taken({ Resources: ["arn:aws:s3:::*-1"] }, [bucket])).toBe("unknown");
    expect(taken({ Resources: ["*"], NotResources: ["arn:aws:s3:::*-1"] }, [bucket])).toBe("unknown");
  });
});
