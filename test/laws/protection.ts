import type { BackupRule } from "@aws-sdk/client-backup";
import { selected } from "../simulator/backup/matching.ts";
import type { BackupState, Plan, RecoveryPoint, Selection, Vault } from "../simulator/backup/state.ts";
import type { Simulator } from "../simulator/simulator.ts";
import { SCHEDULES } from "./manifests.ts";

/**
 * How well everything is protected, measured on the simulator's own state and by nothing of the controller's: names of measures to
 * how much there is of each. More is more protection, whatever the measure; what is not in the map is not there at all.
 */
export type Protection = ReadonlyMap<string, number>;

const FOREVER = Number.MAX_SAFE_INTEGER;
const DAY_MS = 86_400_000;

export function protectionIn(simulator: Simulator, accounts: readonly string[]): Protection {
  const states = accounts.flatMap((account) => simulator.regions.map((region) => simulator.backup(account, region)));
  return new Map(states.flatMap((state) => [...measuresOf(state, simulator.clock.now())]));
}

function* measuresOf(state: BackupState, now: Date): Generator<readonly [string, number]> {
  for (const vault of state.vaults.values()) yield* vaultMeasures(vault, now);
  for (const plan of state.plans.values()) if (plan.deletionDate === undefined) yield* planMeasures(state, plan);
}

function* vaultMeasures(vault: Vault, now: Date): Generator<readonly [string, number]> {
  const { arn, lock, accessPolicy, notifications, points } = vault;
  yield [`vault ${arn}`, 1];
  if (lock) yield [`lock of ${arn}`, lock.lockDate === undefined ? 1 : 2];
  if (lock) yield [`minimum retention by lock of ${arn}`, lock.minRetentionDays ?? 0];
  for (const deny of deniesOf(accessPolicy)) yield [`policy of ${arn} denies ${deny}`, 1];
  for (const event of notifications?.events ?? []) yield [`${arn} announces ${event}`, 1];
  for (const point of points) {
    const due = deletedOn(point);
    // What its lifecycle takes within the hour is nobody's doing.
    if (due > now.getTime() + 3_600_000) yield [`recovery point ${point.arn} stays`, due];
  }
}

const deletedOn = ({ lifecycle: { DeleteAfterDays: days }, creationDate }: RecoveryPoint): number =>
  days === undefined || days < 0 ? FOREVER : creationDate.getTime() + days * DAY_MS;

/** Statements that deny, whatever they are called and in whatever order. */
export function deniesOf(policy: string | undefined): readonly string[] {
  const { Statement = [] } = JSON.parse(policy ?? "{}") as { Statement?: readonly { Effect: string; Sid?: string }[] };
  return Statement.filter(({ Effect }) => Effect === "Deny").map(({ Sid: _name, ...statement }) => sorted(statement));
}

/** One spelling for all that mean the same. */
export const sorted = (value: unknown): string =>
  JSON.stringify(value, (_name, part: unknown) =>
    Array.isArray(part)
      ? part.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
      : typeof part === "object" && part !== null
        ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
        : part,
  );

/** A selection by itself is no measure: another may take its place. What the plan covers is. */
function* planMeasures(state: BackupState, plan: Plan): Generator<readonly [string, number]> {
  yield [`plan ${plan.arn}`, 1];
  for (const rule of plan.versions.at(-1)?.document.Rules ?? [])
    yield* ruleMeasures(`${plan.arn} rule ${rule.RuleName}`, rule);
  for (const resource of coveredBy(state, plan)) yield [`${plan.arn} covers ${resource}`, 1];
}

function* ruleMeasures(name: string, rule: BackupRule): Generator<readonly [string, number]> {
  const keeps = rule.Lifecycle?.DeleteAfterDays ?? FOREVER;
  yield [`${name} keeps`, keeps];
  yield [`${name} writes into ${rule.TargetBackupVaultName}`, 1];
  yield [`${name} runs often enough`, -(SCHEDULES[rule.ScheduleExpression ?? ""] ?? 7 * 24)];
  for (const copy of rule.CopyActions ?? [])
    yield [`${name} copies to ${copy.DestinationBackupVaultArn}`, copy.Lifecycle?.DeleteAfterDays ?? keeps];
}

export const isOurs = ({ creatorRequestId }: Selection): boolean => creatorRequestId?.startsWith("hf.") === true;

/** What a plan backs up, by the selections that AWS shows by now. */
export function coveredBy(state: BackupState, plan: Plan, now = state.world.now()): ReadonlySet<string> {
  const visible = [...plan.selections].filter(
    ({ creationDate }) => creationDate.getTime() + state.world.options.lag.selectionVisible * 1000 <= now.getTime(),
  );
  return new Set(visible.flatMap(({ content }) => selected(state, content).map(({ arn }) => arn)));
}

/** Measures of which there is less than there was. */
export const weakened = (before: Protection, after: Protection): readonly string[] =>
  [...before].flatMap(([measure, much]) => {
    const now = after.get(measure);
    if (now === undefined) return [`${measure}: gone`];
    return now < much ? [`${measure}: ${much} → ${now}`] : [];
  });
