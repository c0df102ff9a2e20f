import { describe, expect, it } from "vitest";
import { addRecoveryPoint, addVault } from "../simulator/backup/build.ts";
import { IRELAND, SHOP, universe, type Universe } from "../support/universe.ts";
import { files } from "./legacy-vault.ts";
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
