import type { BackupState, RecoveryPoint, Vault } from "../simulator/backup/state.ts";
import type { Simulator } from "../simulator/simulator.ts";
import { OWNER_TAG } from "./desired.ts";

/** The truth about a point, read off the world as it is, by nothing that asks AWS. */

const DAY_MS = 86_400_000;
const RESTORABLE: ReadonlySet<string> = new Set(["COMPLETED", "AVAILABLE", "PARTIAL", "STOPPED", "EXPIRED"]);
export const KEEP = "holdfast:keep";

export const stateOf = (simulator: Simulator, { vault }: RecoveryPoint): BackupState =>
  simulator.backup(vault.account, vault.region);

export function isHeld({ legalHolds }: BackupState, point: RecoveryPoint): boolean {
  return [...legalHolds.values()].some(({ status, points }) => status !== "CANCELED" && points.has(point));
}

/** A survivor has a key that works (rule 1). */
function hasKey(simulator: Simulator, { encryptionKeyArn: arn }: RecoveryPoint): boolean {
  if (arn === undefined) return true;
  const [, , , region = "", account = ""] = arn.split(":");
  const key = simulator.kms(account, region).keys.get(arn.slice(arn.lastIndexOf("/") + 1));
  // Keys of `aws/backup` are AWS's own, and always work.
  return key === undefined || key.state === "Enabled";
}

const isNewer = (a: RecoveryPoint, b: RecoveryPoint): boolean =>
  a.creationDate > b.creationDate || (a.creationDate.getTime() === b.creationDate.getTime() && a.arn > b.arn);

const siblingsOf = (point: RecoveryPoint): readonly RecoveryPoint[] =>
  [...point.vault.points].filter(
    (one) => one !== point && one.resourceArn === point.resourceArn && RESTORABLE.has(one.status),
  );

/** Newer points that a person could restore from, if their keys work and no scan flagged them. */
export const newerThan = (point: RecoveryPoint): readonly RecoveryPoint[] =>
  siblingsOf(point).filter((one) => isNewer(one, point));

/** Whether it could stand in for another (rule 1). */
export const isFit = (simulator: Simulator, point: RecoveryPoint): boolean =>
  !point.flagged && hasKey(simulator, point);

/** Its plan, as it is in the account that had it. */
export function planOf(simulator: Simulator, { createdBy }: RecoveryPoint): "none" | "live" | "gone" {
  const arn = createdBy?.BackupPlanArn;
  if (arn === undefined) return "none";
  const [, , , region = "", account = ""] = arn.split(":");
  const plan = simulator.backup(account, region).plans.get(arn.slice(arn.indexOf(":backup-plan:") + 13));
  return plan !== undefined && plan.deletionDate === undefined ? "live" : "gone";
}

/** The resource lives under its name, or under another one with the same id. */
export function resourceLives(
  simulator: Simulator,
  { resourceArn, sourceResourceId }: RecoveryPoint,
  home: string,
): boolean {
  const [, , service, region = "", account = ""] = resourceArn.split(":");
  if (service === "s3") return simulator.regions.some((one) => simulator.resources(home, one).has(resourceArn));
  const living = simulator.resources(account, region);
  return (
    living.has(resourceArn) ||
    (sourceResourceId !== undefined && [...living.values()].some(({ resourceId }) => resourceId === sourceResourceId))
  );
}

/** Whether a tag says whose it is: the point's own, or its resource's. */
export const isOwned = (
  simulator: Simulator,
  { resourceArn, tags, vault: { region } }: RecoveryPoint,
  home: string,
): boolean => OWNER_TAG in tags || OWNER_TAG in (simulator.resources(home, region).get(resourceArn)?.tags ?? {});

/** What a vault has of the very resource and moment, and may be a copy of it: one that does not say whose may be (rule 20). */
export const copiesIn = (vault: Vault | undefined, point: RecoveryPoint): readonly RecoveryPoint[] =>
  [...(vault?.points ?? [])].filter(
    (one) =>
      one !== point &&
      one.resourceArn === point.resourceArn &&
      one.creationDate.getTime() === point.creationDate.getTime() &&
      one.status !== "DELETING" &&
      (one.sourceBackupVaultArn ?? point.vault.arn) === point.vault.arn,
  );

/** Why a point has nothing in a vault that could stand in for it, read off the world (rule 20). */
export function copyProblem(simulator: Simulator, point: RecoveryPoint, vault: Vault | undefined): string | undefined {
  const found = copiesIn(vault, point);
  const [copy] = found;
  if (!copy || found.length > 1) return `${vault?.name} has ${found.length} copies of it`;
  if (copy.status !== "COMPLETED") return `its copy ${copy.arn} is ${copy.status}`;
  if (copy.sourceBackupVaultArn === undefined) return `its copy ${copy.arn} does not say where it is from`;
  if (untouchable(copy) !== undefined) return `its copy ${copy.arn} is no snapshot of its own: ${untouchable(copy)}`;
  if (!isFit(simulator, copy)) return `its copy ${copy.arn} is flagged, or its key does not work`;
  return deleteOn(copy, daysOf(copy)) < deleteOn(point, daysOf(point))
    ? `its copy ${copy.arn} goes before it would`
    : undefined;
}

/** Why nobody may judge or touch it (rule 10). */
export function untouchable({ vault, continuous, isParent, parentArn, lifecycle }: RecoveryPoint): string | undefined {
  if (/^(aws|orgs)\//.test(vault.name)) return "it is in a vault of AWS's own";
  if (vault.type !== "BACKUP_VAULT") return "it is in an air-gapped vault";
  if (continuous) return "it is continuous";
  if (isParent || parentArn !== undefined) return "it is nested";
  return lifecycle.DeleteAfterEvent === undefined ? undefined : "an event deletes it";
}

export const daysOf = ({ lifecycle: { DeleteAfterDays: days } }: Pick<RecoveryPoint, "lifecycle">): number =>
  days === undefined || days === -1 ? Number.POSITIVE_INFINITY : days;

export const deleteOn = ({ creationDate }: RecoveryPoint, days: number): number =>
  creationDate.getTime() + days * DAY_MS;

/** A person asked for no writes in its vault (rule 27). */
export function isSuspended({ vault }: RecoveryPoint, now: Date): boolean {
  const until = Date.parse(vault.tags["holdfast:suspend-until"] ?? "") - now.getTime();
  return until > 0 && until <= 72 * 3_600_000;
}
