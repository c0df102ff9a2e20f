import { addPlan, addRecoveryPoint, addVault } from "../../../test/simulator/backup/build.ts";
import type { BackupState, Plan, Vault } from "../../../test/simulator/backup/state.ts";
import { seededRandom, type Random } from "../../../test/simulator/random.ts";
import type { Simulator } from "../../../test/simulator/simulator.ts";
import { HUB, IRELAND, universe } from "../../../test/support/universe.ts";
import { FLEET, VAULT } from "../scene.ts";

/** The fleet, and the policy that judges the vault. */
export const MANIFESTS: Readonly<Record<string, string>> = {
  "fleet.yaml": FLEET,
  "points.yaml": `
apiVersion: holdfast/v1
kind: RecoveryPointPolicy
metadata: { name: nightly }
spec:
  targets: { groups: [all] }
  match: { vaults: [${VAULT}] }
  retention: { atLeastDays: 35, atMostDays: 3000 }
  orphans: { when: [planDeleted, resourceDeleted, expired], action: delete, grace: 14d, keepLast: 2 }
  encryption: { required: true }
  placement: asPlanned
`,
};

const DAY = 86_400_000;
const HOUR = 3_600_000;
/** The same in vaults of every size: memory may grow with resources and with findings, and is not to grow with points. */
const RESOURCES = 1_000;
const BROKEN_EACH = 333;

/**
 * A vault of that many points as years of nights leave it behind: seven in ten are of the last ninety nights, the others go back
 * two years. One resource in twenty is gone, one plan of four is, and some three thousand points break the policy in all its ways.
 */
export function nightlyVault(points: number): Simulator {
  const { simulator } = universe({ files: MANIFESTS, pageSize: 1_000 });
  const state = simulator.backup(HUB, IRELAND);
  const now = simulator.clock.now().getTime();
  const vault = addVault(state, { name: VAULT, creationDate: new Date(now - 730 * DAY) });
  // A multiple of twenty, as what breaks and what is gone go together, and no divisor of the resources' number.
  const stride = Math.max(320, 20 * Math.ceil(points / BROKEN_EACH / 20) + 20);
  const makers = { stride, plans: plansOf(state), gone: planGone(state), random: seededRandom(7) };
  for (let n = 0; n < RESOURCES; n += 1) if (n % 20 !== 0) simulator.addResource(HUB, IRELAND, resourceAt(n));
  for (let n = 0; n < points; n += 1) place(state, vault, makers, { n, at: new Date(creationOf(n / points, now)) });
  return simulator;
}

/** In order of age, the oldest first: `share` of all points are older. Backups are made between one and four at night. */
function creationOf(share: number, now: number): number {
  const daysAgo = share < 0.3 ? 730 - (share / 0.3) * 640 : 90 - ((share - 0.3) / 0.7) * 89;
  const days = now / DAY - daysAgo;
  const night = Math.floor(days);
  return Math.floor(night * DAY + HOUR + (days - night) * 3 * HOUR);
}

function resourceAt(n: number) {
  const name = n.toString(16).padStart(17, "0");
  return n % 4 === 0
    ? { arn: `arn:aws:dynamodb:${IRELAND}:${HUB}:table/orders-${name}`, type: "DynamoDB" }
    : { arn: `arn:aws:ec2:${IRELAND}:${HUB}:volume/vol-${name}`, type: "EBS" };
}

const planNamed = (state: BackupState, name: string, vault = VAULT): Plan =>
  addPlan(state, {
    document: {
      BackupPlanName: name,
      Rules: [{ RuleName: "nightly", TargetBackupVaultName: vault, Lifecycle: { DeleteAfterDays: 1_000 } }],
    },
  });

const plansOf = (state: BackupState): readonly Plan[] =>
  ["web", "shop", "ledger"].map((name) => planNamed(state, name));

function planGone(state: BackupState): Plan {
  const plan = planNamed(state, "gone");
  state.plans.delete(plan.id);
  return plan;
}

interface Makers {
  /** Points from one that is broken in some way to the next that is so. */
  readonly stride: number;
  readonly plans: readonly Plan[];
  readonly gone: Plan;
  readonly random: Random;
}

function place(
  state: BackupState,
  vault: Vault,
  { stride, plans, gone, random }: Makers,
  { n, at }: { readonly n: number; readonly at: Date },
): void {
  const resource = resourceAt(n % RESOURCES);
  const broken = BROKEN[n % stride];
  const plan = broken === "planDeleted" ? gone : plans[n % plans.length]!;
  addRecoveryPoint(state, {
    vault,
    resourceArn: resource.arn,
    resourceType: resource.type,
    creationDate: at,
    sizeBytes: 1_000_000 + random.below(1_000_000_000),
    iamRoleArn: `arn:aws:iam::${HUB}:role/service-role/AWSBackupDefaultServiceRole`,
    lifecycle: broken === "planDeleted" || broken === "neverExpires" ? {} : { DeleteAfterDays: daysOf(broken) },
    ...(broken === "expired" ? { status: "EXPIRED", statusMessage: "AWS Backup cannot delete it." } : {}),
    ...(broken === "unencrypted" ? {} : { encryptionKeyArn: vault.encryptionKeyArn }),
    ...(broken === "byHand" ? {} : { createdBy: creatorOf(plan) }),
  });
}

const BROKEN: Readonly<Record<number, string>> = {
  0: "planDeleted",
  30: "planDeleted",
  60: "neverExpires",
  92: "neverExpires",
  123: "tooLong",
  154: "tooLong",
  185: "tooLong",
  217: "unencrypted",
  247: "expired",
  278: "byHand",
};

/** Nothing here is due within the run. Points are not too short: those would not be there any more. */
const daysOf = (broken: string | undefined): number => (broken === "tooLong" ? 3_650 : 1_000);

const creatorOf = ({ id, arn, versions }: Plan) => ({
  BackupPlanId: id,
  BackupPlanArn: arn,
  BackupPlanVersion: versions.at(-1)!.id,
  BackupRuleName: "nightly",
});
