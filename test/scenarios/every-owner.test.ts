import { describe, expect, it } from "vitest";
import { addRecoveryPoint, addVault } from "../simulator/backup/build.ts";
import { FRANKFURT, IRELAND, SHOP, universe, type Universe } from "../support/universe.ts";
import { files, type Given } from "./legacy-vault.ts";
import { told } from "./telling.ts";

const DAY_MS = 86_400_000;
const own = (service: string, resource: string) => `arn:aws:${service}:${IRELAND}:${SHOP}:${resource}`;

/** One resource of each service that can be asked whether it is still there, and the calls that show it is not. */
const RESOURCES = {
  EBS: [own("ec2", "volume/vol-1"), ["ec2:DescribeVolumes"]],
  EC2: [own("ec2", "instance/i-1"), ["ec2:DescribeInstances"]],
  RDS: [own("rds", "db:orders"), ["rds:DescribeDBInstances"]],
  Aurora: [own("rds", "cluster:ledger"), ["rds:DescribeDBClusters"]],
  DynamoDB: [own("dynamodb", "table/carts"), ["dynamodb:ListTables", "dynamodb:DescribeTable"]],
  EFS: [own("elasticfilesystem", "file-system/fs-1"), ["elasticfilesystem:DescribeFileSystems"]],
  FSx: [own("fsx", "file-system/fs-2"), ["fsx:DescribeFileSystems"]],
  S3: ["arn:aws:s3:::pictures", ["s3:ListAllMyBuckets", "s3:GetBucketLocation"]],
  Redshift: [own("redshift", "cluster:sales"), ["redshift:DescribeClusters"]],
} as const;
type Type = keyof typeof RESOURCES;
const TYPES = Object.keys(RESOURCES) as Type[];

/** By whom a point is marked. DynamoDB's are AWS Backup's own where its advanced features are on. */
const MARKED_BY: Readonly<Record<Type, string>> = {
  EBS: "ec2:CreateTags",
  EC2: "ec2:CreateTags",
  RDS: "rds:AddTagsToResource",
  Aurora: "rds:AddTagsToResource",
  DynamoDB: "backup:TagResource",
  EFS: "backup:TagResource",
  FSx: "fsx:TagResource",
  S3: "backup:TagResource",
  Redshift: "redshift:CreateTags",
};

const CLEAN_UP = `
apiVersion: holdfast/v1
kind: RecoveryPointPolicy
metadata: { name: clean-up }
spec:
  targets: { groups: [production] }
  match: { vaults: [legacy] }
  orphans: { when: [expired, resourceDeleted], action: tag }
`;

/** What is taken by hand is nobody's orphan (rule 2). */
const PLAN = {
  BackupPlanId: "gone",
  BackupPlanArn: own("backup", "backup-plan:gone"),
  BackupPlanVersion: "1",
  BackupRuleId: "11111111-1111-4111-8111-111111111111",
  BackupRuleName: "daily",
};

/** A vault with an old point of each resource that AWS Backup could not delete, under one that is kept for ever; and none of the resources any more. */
function leftBehind(): Universe {
  const u = universe({ files: files(CLEAN_UP) });
  const state = u.simulator.backup(SHOP, IRELAND);
  addVault(state, { name: "legacy" });
  const daysAgo = (days: number) => new Date(u.simulator.clock.now().getTime() - days * DAY_MS);
  for (const type of TYPES) {
    const of = {
      vault: "legacy",
      resourceArn: RESOURCES[type][0],
      resourceType: type,
      sizeBytes: 1_000,
      createdBy: PLAN,
    };
    addRecoveryPoint(state, { ...of, creationDate: daysAgo(40) });
    addRecoveryPoint(state, {
      ...of,
      creationDate: daysAgo(60),
      lifecycle: { DeleteAfterDays: 30 },
      status: "EXPIRED",
    });
  }
  return u;
}

const CONSENT = `---
apiVersion: holdfast/v1
kind: Approval
metadata: { name: clean }
spec: { standing: [{ policy: all, cause: expired }], reason: left behind, ticket: OPS-7, expires: "2026-04-01" }
`;

const takenAs = ({ simulator }: Universe, role: string): readonly string[] => [
  ...new Set(
    simulator.calls
      .all()
      .filter(
        ({ principal, outcome }) => principal.includes(`assumed-role/${role}/`) && !/Denied|Unauthorized/.test(outcome),
      )
      .flatMap(({ permissions }) => permissions),
  ),
];

describe("points of every service", () => {
  it("are marked by whoever owns them, and each owner is heard before a resource is held to be gone", async () => {
    const u = leftBehind();
    expect(told(await u.run()).result, "not long enough").toBe("HELD");
    const heard = takenAs(u, "holdfast-observe");
    for (const type of TYPES) expect(heard, type).toEqual(expect.arrayContaining([...RESOURCES[type][1]]));

    const points = [...u.simulator.backup(SHOP, IRELAND).vaults.get("legacy")!.points];
    const marked = points
      .filter(({ tags }) => tags["holdfast:orphan"] === "expired")
      .map((point) => point.resourceType);
    expect(marked.toSorted()).toEqual(TYPES.toSorted());
    expect(takenAs(u, "holdfast-apply")).toEqual(expect.arrayContaining([...new Set(Object.values(MARKED_BY))]));
  });
});

/** A point of each ARN that AWS Backup has for points: those of other services first. */
const POINTS = [
  ["EBS", RESOURCES.EBS[0], `arn:aws:ec2:${IRELAND}::snapshot/snap-`],
  ["EC2", RESOURCES.EC2[0], `arn:aws:ec2:${IRELAND}::image/ami-a`],
  ["RDS", RESOURCES.RDS[0], own("rds", "snapshot:awsbackup:job-")],
  ["Aurora", RESOURCES.Aurora[0], own("rds", "cluster-snapshot:awsbackup:job-")],
  ["DynamoDB", RESOURCES.DynamoDB[0], own("dynamodb", "table/carts/backup/01547087347000-")],
  ["FSx", RESOURCES.FSx[0], own("fsx", "backup/backup-")],
  ["Redshift", RESOURCES.Redshift[0], own("redshift", "snapshot:sales/awsbackup:job-")],
  [
    "Redshift Serverless",
    own("redshift-serverless", "namespace/n"),
    own("redshift-serverless", "snapshot:n/awsbackup:job-"),
  ],
  ["EFS", RESOURCES.EFS[0], own("backup", "recovery-point:")],
] as const;
const SERVICES = POINTS.map(([type]) => type);

/** Each type's in a vault of its own, with budget for one deletion a day: the second is older. */
function standing(manifest: string, points: readonly Given[]): Universe {
  const u = universe({ files: files(manifest) });
  const state = u.simulator.backup(SHOP, IRELAND);
  addVault(u.simulator.backup(SHOP, FRANKFURT), {
    name: "away",
    encryptionKeyArn: u.simulator.addKey(SHOP, FRANKFURT).arn,
  });
  for (const [index, [resourceType, resourceArn, arn]] of POINTS.entries()) {
    addVault(state, { name: `legacy-${index}` });
    u.simulator.addResource(SHOP, IRELAND, { arn: resourceArn, type: resourceType });
    for (const [age, given] of points.entries())
      addRecoveryPoint(state, {
        vault: `legacy-${index}`,
        arn: `${arn}0000${age}`,
        resourceArn,
        resourceType,
        creationDate: new Date(u.simulator.clock.now().getTime() - (40 + age) * DAY_MS),
        iamRoleArn: `arn:aws:iam::${SHOP}:role/service-role/AWSBackupDefaultServiceRole`,
        sizeBytes: 1_000,
        ...given,
      });
  }
  return u;
}

/** The types whose points were the subject of that call, and it was carried out. */
const touched = ({ simulator }: Universe, operation: string): readonly string[] => {
  const arns = simulator.calls
    .writes()
    .filter((call) => call.operation === operation && call.outcome === "ok")
    .map(({ input }) => String(input["RecoveryPointArn"]));
  return POINTS.filter(([, , arn]) => arns.some((one) => one.startsWith(arn))).map(([type]) => type);
};

const policy = (what: string) => `
apiVersion: holdfast/v1
kind: RecoveryPointPolicy
metadata: { name: all }
spec:
  targets: { groups: [production] }
  match: { vaults: ["legacy-*"] }
  ${what}
`;

describe("points of every service, whichever service's their ARN is", () => {
  it("are kept longer", async () => {
    const u = standing(policy("retention: { atLeastDays: 100 }"), [{ lifecycle: { DeleteAfterDays: 60 } }]);
    expect(told(await u.run()).result).toBe("CORRECTED");
    expect(touched(u, "UpdateRecoveryPointLifecycle")).toEqual(SERVICES);
  });

  it("are copied", async () => {
    const copies = `copies: [{ to: { account: "${SHOP}", region: ${FRANKFURT}, vault: away }, since: "2026-01-01T00:00:00Z", remedy: copyAgain }]`;
    const u = standing(policy(copies), [{ lifecycle: { DeleteAfterDays: 90 } }]);
    told(await u.run());
    expect(touched(u, "StartCopyJob")).toEqual(SERVICES);
  });

  it("go, where they are expired, consented to and not the last", async () => {
    const cleanUp = policy("orphans: { when: [expired], action: delete, grace: 14d }");
    const u = standing(cleanUp, [{}, { status: "EXPIRED", lifecycle: { DeleteAfterDays: 30 } }]);
    await u.run();
    u.simulator.clock.advance(14 * DAY_MS + 3_600_000);
    u.commit(files(cleanUp, CONSENT));
    await u.run();
    expect(touched(u, "DeleteRecoveryPoint")).toEqual(SERVICES);
  });
});
