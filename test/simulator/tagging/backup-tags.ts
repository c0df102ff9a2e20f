/** What AWS Backup keeps as things with tags: for Resource Groups Tagging and for `aws:ResourceTag` conditions. */
import { findPoint } from "../backup/points.ts";
import type { BackupState, Tags } from "../backup/state.ts";
import { takesTags } from "../owners/tags.ts";

/** The object's tags, to read or to change; undefined where there is no such object. A deleted plan is one no more. */
export function backupTags(state: BackupState, arn: string): Tags | undefined {
  const prefix = `arn:aws:backup:${state.region}:${state.account}:`;
  if (!arn.startsWith(prefix)) return undefined;
  const [type = "", ...rest] = arn.slice(prefix.length).split(":");
  const id = rest.join(":");
  switch (type) {
    case "backup-vault":
      return state.vaults.get(id)?.tags;
    case "backup-plan": {
      const plan = state.plans.get(id);
      return plan?.deletionDate === undefined ? plan?.tags : undefined;
    }
    case "recovery-point":
      return findPoint(state, arn)?.tags;
    case "legal-hold":
      return state.legalHolds.get(id)?.tags;
    case "restore-testing-plan":
      return Iterator.from(state.restoreTestingPlans).find((plan) => plan.arn === arn)?.tags;
    default:
      return undefined;
  }
}

/** Every taggable object of AWS Backup there is, native backups with the rest, in no particular order. */
export function* taggableObjects(state: BackupState): Generator<{ readonly arn: string; readonly tags: Tags }> {
  for (const vault of state.vaults.values()) {
    yield { arn: vault.arn, tags: vault.tags };
    for (const point of vault.points) if (takesTags(point.arn)) yield point;
  }
  for (const plan of state.plans.values())
    if (plan.deletionDate === undefined) yield { arn: plan.arn, tags: plan.tags };
  yield* state.restoreTestingPlans;
  for (const hold of state.legalHolds.values()) yield { arn: hold.arn, tags: hold.tags };
}
