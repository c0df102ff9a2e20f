/** What people do that touches what may be destroyed: done only when it is asked for by name, never as the seed will have it. */
import type { RecoveryPoint } from "./backup/state.ts";
import { day } from "./backup/time.ts";
import { pickPlan, pickVault, type Meddling } from "./meddling-scene.ts";
import type { Operator } from "./operator.ts";
import { takesTags } from "./owners/tags.ts";

const keepMark = { Key: "holdfast:keep", Value: "somebody still needs this" } as const;

/** Marks a point by the API of the service in its ARN (semantics §0.7). */
const marking: Readonly<Record<string, (act: Operator, arn: string) => unknown>> = {
  backup: (act, arn) => act("backup", "TagResource", { ResourceArn: arn, Tags: { [keepMark.Key]: keepMark.Value } }),
  ec2: (act, arn) => act("ec2", "CreateTags", { Resources: [arn.slice(arn.lastIndexOf("/") + 1)], Tags: [keepMark] }),
  rds: (act, arn) => act("rds", "AddTagsToResource", { ResourceName: arn, Tags: [keepMark] }),
  fsx: (act, arn) => act("fsx", "TagResource", { ResourceARN: arn, Tags: [keepMark] }),
  redshift: (act, arn) => act("redshift", "CreateTags", { ResourceName: arn, Tags: [keepMark] }),
};

export const graverMeddlings = {
  /** Its selections first, as AWS wants it, and a moment in between for AWS to see that they are gone. */
  "delete-plan": ({ state, act, random, wait }) => {
    const plan = pickPlan(state, random);
    if (plan === undefined) return undefined;
    const BackupPlanId = plan.id;
    for (const { id } of plan.selections) act("backup", "DeleteBackupSelection", { BackupPlanId, SelectionId: id });
    wait(state.world.options.lag.selectionDeleted + 1);
    act("backup", "DeleteBackupPlan", { BackupPlanId });
    return `deleted plan ${plan.id} and its selections`;
  },
  /** At its own service, where no simulated call does it: the log has nothing of it. */
  "delete-resource": ({ resources, removeResource, random }) => {
    const arns = [...resources.keys()];
    if (arns.length === 0) return undefined;
    const arn = random.pick(arns);
    removeResource(arn);
    return `deleted resource ${arn}`;
  },
  "keep-point": ({ state, act, random }) => {
    const vault = pickVault(state, random, ({ points }) => unmarked(points).length > 0);
    const point = vault && random.pick(unmarked(vault.points));
    if (point === undefined) return undefined;
    marking[serviceOf(point)]?.(act, point.arn);
    return `marked recovery point ${point.arn} to be kept`;
  },
  "hold-points": ({ state, act, random }) => {
    const vault = pickVault(state, random, ({ points }) => points.size > 0);
    if (vault === undefined) return undefined;
    const ToDate = state.world.now();
    const DateRange = { FromDate: new Date(ToDate.getTime() - 30 * day), ToDate };
    act("backup", "CreateLegalHold", {
      Title: `matter-${random.letters(6).toLowerCase()}`,
      Description: "Counsel asked for it",
      RecoveryPointSelection: { VaultNames: [vault.name], DateRange },
    });
    return `put a legal hold on the last 30 days of vault ${vault.name}`;
  },
  /** Governance mode: it can be taken off again. */
  "lock-vault": ({ state, act, random }) => {
    const vault = pickVault(state, random, ({ lock }) => lock === undefined);
    if (vault === undefined) return undefined;
    act("backup", "PutBackupVaultLockConfiguration", { BackupVaultName: vault.name, MinRetentionDays: 7 });
    return `locked vault ${vault.name}`;
  },
} as const satisfies Readonly<Record<string, Meddling>>;

/** Points that could be marked and are not yet. */
function unmarked(points: Iterable<RecoveryPoint>): RecoveryPoint[] {
  return [...points].filter(
    (point) => takesTags(point.arn) && serviceOf(point) in marking && !(keepMark.Key in point.tags),
  );
}

function serviceOf({ arn }: RecoveryPoint): string {
  return arn.split(":")[2] ?? "";
}
