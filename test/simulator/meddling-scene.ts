/** Where somebody meddles, with what, and what there is to pick from. */
import type { BackupState, Plan, Vault } from "./backup/state.ts";
import type { Operator } from "./operator.ts";
import type { Random } from "./random.ts";
import type { Resource } from "./world.ts";

export interface Scene {
  readonly state: BackupState;
  readonly act: Operator;
  readonly random: Random;
  /** What could be backed up there, by ARN. */
  readonly resources: ReadonlyMap<string, Resource>;
  /** Deletes a resource at the service that owns it. */
  readonly removeResource: (arn: string) => void;
  /** Lets virtual time pass, as people do who wait for AWS to catch up. */
  readonly wait: (seconds: number) => void;
}

/** Returns what was done in a few words, or undefined where there is nothing to do it to. */
export type Meddling = (scene: Scene) => string | undefined;

/** Vaults a person could reach: AWS's own are read-only. */
export function pickVault(
  state: BackupState,
  random: Random,
  wanted: (vault: Vault) => boolean = () => true,
): Vault | undefined {
  const found = [...state.vaults.values()].filter(
    (vault) =>
      vault.type === "BACKUP_VAULT" && vault.name !== "Default" && !vault.name.startsWith("aws/") && wanted(vault),
  );
  return found.length === 0 ? undefined : random.pick(found);
}

/** Plans a person could edit: those of the organization and of EFS are read-only. */
export function pickPlan(
  state: BackupState,
  random: Random,
  wanted: (plan: Plan) => boolean = () => true,
): Plan | undefined {
  const found = [...state.plans.values()].filter(
    (plan) => plan.deletionDate === undefined && !plan.id.includes("/") && wanted(plan),
  );
  return found.length === 0 ? undefined : random.pick(found);
}
