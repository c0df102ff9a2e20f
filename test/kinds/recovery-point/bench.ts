import type { Finding } from "../../../controller/domain/change.ts";
import { fleetView } from "../../../controller/domain/fleet-view.ts";
import type { GovernedResult } from "../../../controller/domain/inventory.ts";
import type { Role } from "../../../controller/domain/outcome.ts";
import type { GovernedKind } from "../../../controller/kinds/define-governed-kind.ts";
import { kinds } from "../../../controller/kinds/index.ts";
import type { AmendResult, FoldMemory } from "../../../controller/kinds/kind.ts";
import { recoveryPoint } from "../../../controller/kinds/recovery-point/recovery-point.ts";
import type { PointRule } from "../../../controller/kinds/recovery-point/judge/matching.ts";
import { listKind } from "../../../controller/observe/declared.ts";
import { foldGoverned } from "../../../controller/observe/governed.ts";
import { addRecoveryPoint, addVault, type GivenPoint } from "../../simulator/backup/build.ts";
import type { RecoveryPoint } from "../../simulator/backup/state.ts";
import { createSimulator, type SimulatorOptions } from "../../simulator/simulator.ts";
import { ambientFleet, heldLease, target } from "../../support/fleet.ts";
import { NO_MEMORY } from "./facts.ts";

/** One account on the simulator with a vault `nightly`, judged and mended step by step as a run does it. */

export const HUB = "444455556666";
export const place = target(HUB, "eu-west-1");
export const over = target(HUB, "eu-central-1");
export const DAY_MS = 86_400_000;
export const VOLUME = `arn:aws:ec2:eu-west-1:${HUB}:volume/vol-1`;
export const FILES = `arn:aws:elasticfilesystem:eu-west-1:${HUB}:file-system/fs-1`;

const STEP_ROLES = { lifecycle: "retain", shorten: "retain", tag: "apply", copy: "apply", delete: "destroy" } as const;
type StepName = keyof typeof STEP_ROLES;

export function bench(options: Partial<SimulatorOptions> = {}, kind: GovernedKind = recoveryPoint) {
  const simulator = createSimulator({
    hubAccount: HUB,
    accounts: [{ id: HUB, name: "hub" }],
    regions: [place.region, over.region],
    pageSize: 2,
    start: new Date("2026-03-01T05:00:00Z"),
    ...options,
  });
  const trust = {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow" as const, Principal: { Service: "backup.amazonaws.com" }, Action: "sts:AssumeRole" }],
  };
  const role = simulator.iam.putRole(HUB, { name: "backup", path: "/", trust, policies: "administrator" }).arn;
  const state = simulator.backup(HUB, place.region);
  const vault = addVault(state, { name: "nightly" });
  const fleet = ambientFleet(simulator);
  const call = fleet.reader(place);

  /** A point taken so many days ago. */
  const point = (age: number, more: Partial<GivenPoint> = {}): RecoveryPoint =>
    addRecoveryPoint(state, {
      vault,
      resourceArn: VOLUME,
      resourceType: "EBS",
      creationDate: new Date(simulator.clock.now().getTime() - age * DAY_MS),
      iamRoleArn: role,
      sizeBytes: 1_000,
      ...more,
    });

  const judge = async (
    rules: readonly PointRule[],
    memory: Partial<FoldMemory> = {},
  ): Promise<readonly GovernedResult[]> => {
    const now = simulator.clock.now();
    const every = await Promise.all(
      [place, over].flatMap((at) =>
        kinds.map((other) => listKind(other, fleet.reader(at), at, { fleet: "acme", adopted: new Set() }, now)),
      ),
    );
    const survey = await kind.survey!(call, place, rules, now);
    return foldGoverned(kind, {
      call,
      elsewhere: (at) => (at.account === HUB ? fleet.reader(at) : undefined),
      target: place,
      targets: [place, over],
      rules,
      now,
      room: 100,
      sink: async () => {},
      view: fleetView({ resources: [] }, every),
      survey: (at) => (at.account === HUB && at.region === place.region ? survey : undefined),
      memory: { ...NO_MEMORY, ...memory },
    });
  };
  const findingOf = async (
    rules: readonly PointRule[],
    step: StepName,
    subject: string,
    memory: Partial<FoldMemory> = {},
  ): Promise<Finding> => {
    const found = (await judge(rules, memory)).flatMap(({ findings }) => findings);
    const finding = found.find((one) => one.subject === subject && one.mend?.step === step);
    if (!finding) throw new Error(`no finding of ${subject} asks for ${step}`);
    return finding;
  };
  const mend = (finding: Finding, step = finding.mend?.step as StepName, token = "token-1"): Promise<AmendResult> => {
    const writer = fleet.writer(finding.key.target, STEP_ROLES[step] satisfies Role, heldLease, () => {});
    const context = {
      token,
      run: "run-1",
      now: simulator.clock.now(),
      elsewhere: (at: typeof place) => fleet.reader(at),
    };
    return kind.apply[step]!.run(writer, finding.key.target, finding, context);
  };
  /** Calls of some operations that reached AWS, refused and lost ones too. */
  const calls = (...operations: readonly string[]): readonly string[] =>
    simulator.calls
      .all()
      .map(({ operation }) => operation)
      .filter((one) => operations.includes(one));
  const operator = simulator.operator(HUB, place.region);
  return { simulator, state, vault, fleet, call, role, point, judge, findingOf, mend, calls, operator };
}
export type Bench = ReturnType<typeof bench>;

/** What AWS says of a point that a rule `daily` of a plan made. */
export const madeBy = (planArn: string) => ({
  BackupPlanId: planArn.slice(planArn.lastIndexOf(":") + 1),
  BackupPlanArn: planArn,
  BackupPlanVersion: "v1",
  BackupRuleId: "r",
  BackupPlanName: "daily",
  BackupRuleName: "daily",
  BackupRuleCron: "cron(0 1 * * ? *)",
  BackupRuleTimezone: "Etc/UTC",
});
/** A plan that is not there. */
export const GONE_PLAN = `arn:aws:backup:eu-west-1:${HUB}:backup-plan:gone`;

const arnOf = (service: string, rest: string) => `arn:aws:${service}:${place.region}:${HUB}:${rest}`;

/** One resource of every sort that can be proven gone: its type, its ARN, and the calls of the two halves of the proof. */
export const SORTS = {
  volume: ["EBS", arnOf("ec2", "volume/vol-1"), "DescribeVolumes", "DescribeVolumes"],
  instance: ["EC2", arnOf("ec2", "instance/i-1"), "DescribeInstances", "DescribeInstances"],
  db: ["RDS", arnOf("rds", "db:orders"), "DescribeDBInstances", "DescribeDBInstances"],
  cluster: ["Aurora", arnOf("rds", "cluster:orders"), "DescribeDBClusters", "DescribeDBClusters"],
  table: ["DynamoDB", arnOf("dynamodb", "table/orders"), "ListTables", "DescribeTable"],
  fileSystem: ["EFS", arnOf("elasticfilesystem", "file-system/fs-1"), "DescribeFileSystems", "DescribeFileSystems"],
  fsxFileSystem: ["FSx", arnOf("fsx", "file-system/fs-1"), "DescribeFileSystems", "DescribeFileSystems"],
  fsxVolume: ["FSx", arnOf("fsx", "volume/fs-1/fsvol-1"), "DescribeVolumes", "DescribeVolumes"],
  bucket: ["S3", "arn:aws:s3:::documents", "ListBuckets", "GetBucketLocation"],
  redshiftCluster: ["Redshift", arnOf("redshift", "cluster:orders"), "DescribeClusters", "DescribeClusters"],
} as const;
export type Sort = keyof typeof SORTS;
export const SORT_NAMES = Object.keys(SORTS) as Sort[];

/** What was asked of AWS in vain, by the kind of its failure; or what came of it. */
export const outcomeOf = async (work: Promise<AmendResult>): Promise<unknown> =>
  work.catch((error: { readonly failure?: { readonly kind: string }; readonly code?: string }) => ({
    failed: error.failure?.kind ?? error.code,
  }));
