/** AWS Backup's own objects as things with tags: for Resource Groups Tagging and for `aws:ResourceTag` conditions. */
import type { BackupState, Tags } from "../backup/state.ts";

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
      return pointTags(state, arn);
    case "legal-hold":
      return state.legalHolds.get(id)?.tags;
    default:
      return undefined;
  }
}

function pointTags(state: BackupState, arn: string): Tags | undefined {
  for (const vault of state.vaults.values()) {
    const point = vault.points.get(arn);
    if (point !== undefined) return point.tags;
  }
  return undefined;
}

/** Every taggable object of AWS Backup there is, in no particular order. */
export function* taggableObjects(state: BackupState): Generator<{ readonly arn: string; readonly tags: Tags }> {
  for (const vault of state.vaults.values()) {
    yield { arn: vault.arn, tags: vault.tags };
    for (const point of vault.points) if (point.arn.startsWith("arn:aws:backup:")) yield point;
  }
  for (const plan of state.plans.values())
    if (plan.deletionDate === undefined) yield { arn: plan.arn, tags: plan.tags };
  for (const hold of state.legalHolds.values()) yield { arn: hold.arn, tags: hold.tags };
}
