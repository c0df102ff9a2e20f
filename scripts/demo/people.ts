import type { Simulator } from "../../test/simulator/simulator.ts";
import { BACKUP, FRANKFURT, HUB, IRELAND, PRODUCTION } from "./company.ts";

/** What people did at the console, each in their own good reason's name. */
export interface Deed {
  readonly account: string;
  readonly region: string;
  readonly did: string;
  readonly act: (hands: Hands) => void;
}

/** A weekend's worth: fourteen distinct ways in which a fleet comes apart. The last two leave more protection than git asks for. */
export const WEEKEND: readonly Deed[] = [
  deed(PRODUCTION, IRELAND, "cut the daily backups of plan gold from 35 days to 7", ({ rule }) =>
    rule("gold", "daily", { Lifecycle: { DeleteAfterDays: 7 } }),
  ),
  deed(PRODUCTION, FRANKFURT, "dropped the copies of plan silver", ({ rule }) =>
    rule("silver", "weekly", { CopyActions: [] }),
  ),
  deed(PRODUCTION, FRANKFURT, "deleted the monthly rule of plan gold", ({ withoutRule }) =>
    withoutRule("gold", "monthly"),
  ),
  deed(HUB, FRANKFURT, "moved plan bronze from every night to Sundays", ({ rule }) =>
    rule("bronze", "daily", { ScheduleExpression: "cron(0 1 ? * SUN *)" }),
  ),
  deed(HUB, IRELAND, "deleted plan bronze, selection and all", ({ deletePlan }) => deletePlan("bronze")),
  deed(HUB, FRANKFURT, "deleted the selection of plan silver", ({ deleteSelections }) => deleteSelections("silver")),
  deed(HUB, IRELAND, "deleted the access policy of vault nightly", ({ call }) =>
    call("DeleteBackupVaultAccessPolicy", { BackupVaultName: "nightly" }),
  ),
  deed(PRODUCTION, IRELAND, "silenced the notifications of vault nightly", ({ call }) =>
    call("DeleteBackupVaultNotifications", { BackupVaultName: "nightly" }),
  ),
  deed(PRODUCTION, IRELAND, "put another owner's tag on vault nightly", ({ tag }) =>
    tag("nightly", { owner: "mallory" }),
  ),
  deed(BACKUP, FRANKFURT, "removed the lock of vault central", ({ call }) =>
    call("DeleteBackupVaultLockConfiguration", { BackupVaultName: "central" }),
  ),
  deed(BACKUP, IRELAND, "lowered the lock of vault central from 35 days to 1", ({ lock }) => lock("central", 1)),
  deed(PRODUCTION, IRELAND, "made a vault of their own", ({ call }) =>
    call("CreateBackupVault", { BackupVaultName: "mine-do-not-touch" }),
  ),
  deed(PRODUCTION, IRELAND, "raised the daily backups of plan bronze from 14 days to 30", ({ rule }) =>
    rule("bronze", "daily", { Lifecycle: { DeleteAfterDays: 30 } }),
  ),
  deed(HUB, IRELAND, "raised the daily backups of plan silver from 35 days to 60", ({ rule }) =>
    rule("silver", "daily", { Lifecycle: { DeleteAfterDays: 60 } }),
  ),
];

/** And what somebody does afterwards who means harm. */
export const INTRUDER: readonly Deed[] = [
  deed(PRODUCTION, IRELAND, "cut the daily backups of plan gold to 1 day", ({ rule }) =>
    rule("gold", "daily", { Lifecycle: { DeleteAfterDays: 1 } }),
  ),
  deed(BACKUP, FRANKFURT, "removed the lock of vault central", ({ call }) =>
    call("DeleteBackupVaultLockConfiguration", { BackupVaultName: "central" }),
  ),
];

function deed(account: string, region: string, did: string, act: Deed["act"]): Deed {
  return { account, region, did, act };
}

/** Lets people do as they please, through AWS's own calls. */
export function doAll(simulator: Simulator, deeds: readonly Deed[]): void {
  for (const { account, region, act } of deeds) act(handsOf(simulator, account, region));
}

interface Hands {
  readonly call: (operation: string, input: Readonly<Record<string, unknown>>) => void;
  readonly rule: (plan: string, rule: string, change: Readonly<Record<string, unknown>>) => void;
  readonly withoutRule: (plan: string, rule: string) => void;
  readonly deletePlan: (plan: string) => void;
  readonly deleteSelections: (plan: string) => void;
  readonly tag: (vault: string, tags: Readonly<Record<string, string>>) => void;
  readonly lock: (vault: string, minimum: number) => void;
}

function handsOf(simulator: Simulator, account: string, region: string): Hands {
  const act = simulator.operator(account, region);
  const call: Hands["call"] = (operation, input) => void act("backup", operation, input);
  const planOf = (name: string) => {
    const plans = [...simulator.backup(account, region).plans.values()];
    const plan = plans.find(
      (one) => one.deletionDate === undefined && one.versions.at(-1)?.document.BackupPlanName === name,
    );
    const document = plan?.versions.at(-1)?.document;
    if (plan === undefined || document?.Rules === undefined)
      throw new RangeError(`there is no plan ${name} in ${account} ${region}`);
    const rules = document.Rules.map(({ RuleId: _made, ...rule }) => rule);
    const update = (Rules: readonly object[]) =>
      call("UpdateBackupPlan", {
        BackupPlanId: plan.id,
        BackupPlan: { BackupPlanName: name, Rules, AdvancedBackupSettings: plan.versions.at(-1)?.settings },
      });
    return { id: plan.id, rules, update, selections: [...plan.selections] };
  };
  const deleteSelections = (name: string) => {
    const { id, selections } = planOf(name);
    for (const selection of selections) call("DeleteBackupSelection", { BackupPlanId: id, SelectionId: selection.id });
  };
  return {
    call,
    rule: (name, ruleName, change) => {
      const { rules, update } = planOf(name);
      update(rules.map((one) => (one.RuleName === ruleName ? { ...one, ...change } : one)));
    },
    withoutRule: (name, ruleName) => {
      const { rules, update } = planOf(name);
      update(rules.filter((one) => one.RuleName !== ruleName));
    },
    deleteSelections,
    deletePlan: (name) => {
      deleteSelections(name);
      call("DeleteBackupPlan", { BackupPlanId: planOf(name).id });
    },
    tag: (vault, Tags) =>
      call("TagResource", { ResourceArn: `arn:aws:backup:${region}:${account}:backup-vault:${vault}`, Tags }),
    lock: (vault, minimum) =>
      call("PutBackupVaultLockConfiguration", {
        BackupVaultName: vault,
        MinRetentionDays: minimum,
        MaxRetentionDays: 2555,
      }),
  };
}
