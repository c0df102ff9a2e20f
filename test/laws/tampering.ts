import type { BackupState, Plan, Vault } from "../simulator/backup/state.ts";
import type { Operator } from "../simulator/operator.ts";
import type { Simulator } from "../simulator/simulator.ts";
import type { Place } from "./worlds.ts";

/**
 * What people do that the simulator's own meddlings leave out: mostly for the better, so that to undo it would weaken, and a few
 * things that only touch what nobody declared.
 */
interface Scene extends Place {
  readonly state: BackupState;
  readonly act: Operator;
  readonly now: Date;
}

/** Does nothing where there is nothing to do it to. */
type Tampering = (scene: Scene) => void;

export const tamperings = {
  "lengthen-retention": (scene) =>
    rewriteRules(scene, (rules) => rules.map((rule) => ({ ...rule, Lifecycle: { DeleteAfterDays: 3000 } }))),
  "add-rule": (scene) =>
    rewriteRules(scene, (rules) => [
      ...rules,
      { ...rules[0], RuleName: "extra", ScheduleExpression: "cron(0 3 ? * * *)" },
    ]),
  "drop-rule": (scene) => rewriteRules(scene, (rules) => (rules.length > 1 ? rules.slice(1) : rules)),
  "drop-copies": (scene) => rewriteRules(scene, (rules) => rules.map(({ CopyActions: _gone, ...rule }) => rule)),
  "more-events": ({ state, act, account, region }) => {
    const vault = vaultOf(state);
    if (vault)
      act("backup", "PutBackupVaultNotifications", {
        BackupVaultName: vault.name,
        SNSTopicArn: vault.notifications?.topicArn ?? `arn:aws:sns:${region}:${account}:theirs`,
        BackupVaultEvents: [...(vault.notifications?.events ?? []), "RESTORE_JOB_STARTED"],
      });
  },
  "add-deny": ({ state, act }) => {
    const vault = vaultOf(state);
    if (!vault) return;
    const document = JSON.parse(vault.accessPolicy ?? '{"Version":"2012-10-17","Statement":[]}') as {
      readonly Statement: readonly object[];
    };
    const deny = { Effect: "Deny", Principal: "*", Action: "backup:StartCopyJob", Resource: "*" };
    act("backup", "PutBackupVaultAccessPolicy", {
      BackupVaultName: vault.name,
      Policy: JSON.stringify({ ...document, Statement: [...document.Statement, deny] }),
    });
  },
  "raise-lock": ({ state, act }) => {
    const vault = vaultOf(state);
    if (vault && vault.lock?.lockDate === undefined)
      act("backup", "PutBackupVaultLockConfiguration", { BackupVaultName: vault.name, MinRetentionDays: 60 });
  },
  "make-compliance-lock": ({ state, act }) => {
    const vault = vaultOf(state);
    if (vault && vault.lock?.lockDate === undefined)
      act("backup", "PutBackupVaultLockConfiguration", {
        BackupVaultName: vault.name,
        MinRetentionDays: 7,
        ChangeableForDays: 3,
      });
  },
  "suspend-vault": ({ state, act, now }) => {
    const vault = vaultOf(state);
    if (vault) act("backup", "TagResource", { ResourceArn: vault.arn, Tags: suspension(now) });
  },
  "suspend-plan": ({ state, act, now }) => {
    const plan = planOf(state);
    if (plan) act("backup", "TagResource", { ResourceArn: plan.arn, Tags: suspension(now) });
  },
  /** By hand, into one of ours: a selection of somebody else's. */
  "add-selection": ({ state, act, account }) => {
    const plan = planOf(state);
    if (plan)
      act("backup", "CreateBackupSelection", {
        BackupPlanId: plan.id,
        BackupSelection: {
          SelectionName: "by-hand",
          IamRoleArn: `arn:aws:iam::${account}:role/service-role/AWSBackupDefaultServiceRole`,
          Resources: ["*"],
        },
      });
  },
  /** The ownership marks are tags like any other: without them a plan is not ours, whatever it was. */
  "take-plan": ({ state, act }) => {
    const plan = planOf(state);
    if (plan)
      act("backup", "UntagResource", { ResourceArn: plan.arn, TagKeyList: ["holdfast:fleet", "holdfast:resource"] });
  },
} as const satisfies Readonly<Record<string, Tampering>>;

export type TamperingName = keyof typeof tamperings;
export const isTampering = (name: string): name is TamperingName => Object.hasOwn(tamperings, name);

export function tamper(simulator: Simulator, { account, region }: Place, name: TamperingName): void {
  const [state, act] = [simulator.backup(account, region), simulator.operator(account, region)];
  tamperings[name]({ state, act, account, region, now: simulator.clock.now() });
}

const suspension = (now: Date) => ({
  "holdfast:suspend-until": new Date(now.getTime() + 48 * 3_600_000).toISOString(),
});

/** The first that people can reach: shrinking then needs no luck to keep meeting it. */
const vaultOf = ({ vaults }: BackupState): Vault | undefined => vaults.values().next().value;
const planOf = ({ plans }: BackupState): Plan | undefined =>
  [...plans.values()].find(({ deletionDate }) => deletionDate === undefined);

type Rules = readonly Readonly<Record<string, unknown>>[];

function rewriteRules({ state, act }: Scene, rewrite: (rules: Rules) => Rules): void {
  const plan = planOf(state);
  const document = plan?.versions.at(-1)?.document;
  if (!plan || !document) return;
  const rules = (document.Rules ?? []).map(({ RuleId: _made, ...rule }) => rule);
  act("backup", "UpdateBackupPlan", { BackupPlanId: plan.id, BackupPlan: { ...document, Rules: rewrite(rules) } });
}
