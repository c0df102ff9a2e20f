import { addPlan, addRecoveryPoint, addSelection, addVault } from "../../../test/simulator/backup/build.ts";
import type { BackupState } from "../../../test/simulator/backup/state.ts";
import type { Simulator } from "../../../test/simulator/simulator.ts";
import { HUB, IRELAND, universe } from "../../../test/support/universe.ts";
import { FLEET, VAULT } from "../scene.ts";

/** The fleet, and the policy that asks whether everything was backed up. */
export const MANIFESTS: Readonly<Record<string, string>> = {
  "fleet.yaml": FLEET,
  "coverage.yaml": `
apiVersion: holdfast/v1
kind: CoveragePolicy
metadata: { name: every-day }
spec:
  targets: { groups: [all] }
  match: {}
  rpo: 24h
`,
};

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NIGHTS = 3;
const PLANS = 30;
export const SELECTIONS = 300;
/** Of two hundred resources one never was backed up, and one was not last night. */
const EACH = 200;
/** One in fifty never had a tag. */
const UNTAGGED_EACH = 50;

/**
 * An account and Region with so many resources: volumes, tables, databases and file systems, each with a point of each of three nights,
 * taken in by one of three hundred selections by its application's tag, of which every fifth is a selection of ARNs with conditions.
 */
export function wideAccount(resources: number): Simulator {
  // Whoever lists says how many rows a page shall have.
  const { simulator } = universe({ files: MANIFESTS, pageSize: 1_000_000 });
  const state = simulator.backup(HUB, IRELAND);
  const now = simulator.clock.now().getTime();
  const vault = addVault(state, { name: VAULT, creationDate: new Date(now - 90 * DAY) });
  selectAll(state);
  const made = Array.from({ length: resources }, (_, n) => resourceAt(n));
  made.forEach((resource, n) => {
    const tags = n % UNTAGGED_EACH === 0 ? {} : tagsAt(n);
    simulator.addResource(HUB, IRELAND, { ...resource, tags, created: new Date(now - 90 * DAY) });
  });
  for (let night = NIGHTS - 1; night >= 0; night -= 1)
    made.forEach(({ arn, type }, n) => {
      if (n % EACH === 1 || (night === 0 && n % EACH === 2)) return;
      const creationDate = new Date(now - night * DAY - 4 * HOUR + Math.floor((n / resources) * 3 * HOUR));
      const lifecycle = { DeleteAfterDays: 35 };
      addRecoveryPoint(state, { vault, resourceArn: arn, resourceType: type, creationDate, sizeBytes: 1e9, lifecycle });
    });
  return simulator;
}

const application = (n: number): string => `app-${n % SELECTIONS}`;
const tagsAt = (n: number) => ({
  app: application(n),
  env: "production",
  team: `team-${n % 40}`,
  "cost-center": "4711",
});

function resourceAt(n: number): { readonly arn: string; readonly type: string } {
  const name = n.toString(16).padStart(17, "0");
  const arn = (service: string, resource: string) => `arn:aws:${service}:${IRELAND}:${HUB}:${resource}`;
  const kind = n % 10;
  if (kind < 6) return { arn: arn("ec2", `volume/vol-${name}`), type: "EBS" };
  if (kind < 8) return { arn: arn("dynamodb", `table/orders-${name}`), type: "DynamoDB" };
  return kind === 8
    ? { arn: arn("rds", `db:orders-${name}`), type: "RDS" }
    : { arn: arn("elasticfilesystem", `file-system/fs-${name}`), type: "EFS" };
}

function selectAll(state: BackupState): void {
  const plans = Array.from({ length: PLANS }, (_, at) =>
    addPlan(state, {
      document: {
        BackupPlanName: `plan-${at}`,
        Rules: [
          { RuleName: "nightly", TargetBackupVaultName: VAULT, ScheduleExpression: "cron(0 1 * * ? *)" },
          { RuleName: "monthly", TargetBackupVaultName: VAULT, ScheduleExpression: "cron(0 3 1 * ? *)" },
        ],
      },
    }),
  );
  const IamRoleArn = `arn:aws:iam::${HUB}:role/service-role/AWSBackupDefaultServiceRole`;
  for (let n = 0; n < SELECTIONS; n += 1) {
    const common = { SelectionName: `selection-${n}`, IamRoleArn };
    addSelection(state, plans[n % PLANS]!, { content: { ...common, ...chosenBy(n) } });
  }
}

const chosenBy = (n: number) =>
  n % 5 === 0
    ? {
        Resources: ["arn:aws:ec2:*:*:volume/*", "arn:aws:dynamodb:*:*:table/*", "arn:aws:rds:*:*:db:*"],
        NotResources: ["arn:aws:ec2:*:*:volume/vol-f*"],
        Conditions: { StringEquals: [{ ConditionKey: "aws:ResourceTag/app", ConditionValue: application(n) }] },
      }
    : { ListOfTags: [{ ConditionType: "STRINGEQUALS" as const, ConditionKey: "app", ConditionValue: application(n) }] };
