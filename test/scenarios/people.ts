import type { Operator } from "../simulator/operator.ts";
import type { Plan } from "../simulator/backup/state.ts";
import { IRELAND, SHOP, type Universe } from "../support/universe.ts";

/** What people do at the console of the shop's account, in Ireland. */

export const consoleOf = ({ simulator }: Universe): Operator => simulator.operator(SHOP, IRELAND);

/** The one plan that is there. */
export function planOf({ simulator }: Universe): Plan {
  const plans = [...simulator.backup(SHOP, IRELAND).plans.values()].filter((one) => one.deletionDate === undefined);
  const [plan] = plans;
  if (!plan || plans.length > 1) throw new RangeError(`there are ${plans.length} plans`);
  return plan;
}

/** Days that the plan's daily rule keeps what it makes. */
export const retentionOf = (u: Universe): number | undefined =>
  planOf(u).versions.at(-1)?.document.Rules?.[0]?.Lifecycle?.DeleteAfterDays;

/** Edits the plan's one rule as the console would: the whole document is sent back. */
export function editRule(u: Universe, change: Readonly<Record<string, unknown>>): void {
  const plan = planOf(u);
  const version = plan.versions.at(-1);
  const [{ RuleId: _made, ...rule } = {}] = version?.document.Rules ?? [];
  consoleOf(u)("backup", "UpdateBackupPlan", {
    BackupPlanId: plan.id,
    BackupPlan: {
      BackupPlanName: "nightly",
      Rules: [{ ...rule, ...change }],
      AdvancedBackupSettings: version?.settings,
    },
  });
}

export const setRetention = (u: Universe, DeleteAfterDays: number): void =>
  editRule(u, { Lifecycle: { DeleteAfterDays } });

export const unlock = (u: Universe): void =>
  void consoleOf(u)("backup", "DeleteBackupVaultLockConfiguration", { BackupVaultName: "nightly" });

export const tag = (u: Universe, ResourceArn: string, Tags: Readonly<Record<string, string>>): void =>
  void consoleOf(u)("backup", "TagResource", { ResourceArn, Tags });

const DAY_MS = 86_400_000;

/** Time passes: plans run, jobs finish, leases run out. */
export const later = ({ simulator }: Universe, days = 1): void => simulator.clock.advance(days * DAY_MS);
