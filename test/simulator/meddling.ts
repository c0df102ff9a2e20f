/** What people do to backups behind a controller's back. Each of these is one call at the console of one account, so the log shows it. */
import { coverageMeddlings } from "./coverage-meddling.ts";
import { graverMeddlings } from "./graver-meddling.ts";
import { pickPlan, pickVault, type Meddling, type Scene } from "./meddling-scene.ts";
import type { Random } from "./random.ts";

/** One thing a person did, told for logs and failing property tests. */
export interface Meddled {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly did: string;
}

export const meddlings = {
  /** The gravest of the quiet ones: backups go on, but are kept for less long. */
  "weaken-retention": ({ state, act, random }) => {
    const plan = pickPlan(state, random);
    const document = plan?.versions.at(-1)?.document;
    const rules = document?.Rules?.map((rule) => ({ ...rule, RuleId: undefined }));
    const rule = rules?.find(({ Lifecycle }) => (Lifecycle?.DeleteAfterDays ?? 0) > 7);
    if (plan === undefined || document === undefined || rules === undefined || rule === undefined) return undefined;
    const weakened = rules.map((one) =>
      one === rule ? Object.assign(one, { Lifecycle: { DeleteAfterDays: 7 } }) : one,
    );
    act("backup", "UpdateBackupPlan", { BackupPlanId: plan.id, BackupPlan: { ...document, Rules: weakened } });
    return `lowered the retention of rule ${rule.RuleName} of plan ${plan.id} to 7 days`;
  },
  "delete-vault-policy": ({ state, act, random }) => {
    const vault = pickVault(state, random, ({ accessPolicy }) => accessPolicy !== undefined);
    if (vault === undefined) return undefined;
    act("backup", "DeleteBackupVaultAccessPolicy", { BackupVaultName: vault.name });
    return `deleted the access policy of vault ${vault.name}`;
  },
  "remove-lock": ({ state, act, random }) => {
    const vault = pickVault(state, random, ({ lock }) => lock !== undefined && lock.lockDate === undefined);
    if (vault === undefined) return undefined;
    act("backup", "DeleteBackupVaultLockConfiguration", { BackupVaultName: vault.name });
    return `removed the lock of vault ${vault.name}`;
  },
  "mute-notifications": ({ state, act, random }) => {
    const vault = pickVault(state, random, ({ notifications }) => notifications !== undefined);
    if (vault === undefined) return undefined;
    act("backup", "DeleteBackupVaultNotifications", { BackupVaultName: vault.name });
    return `removed the notifications of vault ${vault.name}`;
  },
  "delete-selection": ({ state, act, random }) => {
    const plan = pickPlan(state, random, ({ selections }) => selections.size > 0);
    const selection = plan === undefined ? undefined : random.pick([...plan.selections]);
    if (plan === undefined || selection === undefined) return undefined;
    act("backup", "DeleteBackupSelection", { BackupPlanId: plan.id, SelectionId: selection.id });
    return `deleted selection ${selection.content.SelectionName ?? selection.id} of plan ${plan.id}`;
  },
  "add-foreign-plan": ({ state, act, random }) => {
    const vault = pickVault(state, random);
    if (vault === undefined) return undefined;
    const name = `hand-made-${random.letters(6).toLowerCase()}`;
    const rule = { RuleName: "weekly", TargetBackupVaultName: vault.name, ScheduleExpression: "cron(0 1 ? * SUN *)" };
    act("backup", "CreateBackupPlan", {
      BackupPlan: { BackupPlanName: name, Rules: [{ ...rule, Lifecycle: { DeleteAfterDays: 14 } }] },
    });
    return `made a plan ${name} by hand`;
  },
  "add-foreign-vault": ({ act, random }) => {
    const name = `hand-made-${random.letters(6).toLowerCase()}`;
    act("backup", "CreateBackupVault", { BackupVaultName: name });
    return `made a vault ${name} by hand`;
  },
  "retag-vault": ({ state, act, random }) => {
    const vault = pickVault(state, random);
    if (vault === undefined) return undefined;
    act("backup", "TagResource", { ResourceArn: vault.arn, Tags: { owner: "somebody-else" } });
    return `retagged vault ${vault.name}`;
  },
  "drop-tags": ({ state, act, random }) => {
    const vault = pickVault(state, random, ({ tags }) => Object.keys(tags).length > 0);
    if (vault === undefined) return undefined;
    const key = random.pick(Object.keys(vault.tags));
    act("backup", "UntagResource", { ResourceArn: vault.arn, TagKeyList: [key] });
    return `took the tag ${key} off vault ${vault.name}`;
  },
  "open-vault-policy": ({ state, act, random }) => {
    const vault = pickVault(state, random, ({ accessPolicy }) => accessPolicy !== undefined);
    if (vault === undefined) return undefined;
    const Principal = { AWS: `arn:aws:iam::${state.account}:root` };
    const Statement = [{ Effect: "Allow", Principal, Action: "backup:DeleteRecoveryPoint", Resource: "*" }];
    const Policy = JSON.stringify({ Version: "2012-10-17", Statement });
    act("backup", "PutBackupVaultAccessPolicy", { BackupVaultName: vault.name, Policy });
    return `replaced the access policy of vault ${vault.name} with a permissive one`;
  },
  "move-schedule": ({ state, act, random }) => {
    const plan = pickPlan(state, random);
    const document = plan?.versions.at(-1)?.document;
    if (plan === undefined || document?.Rules === undefined) return undefined;
    const Rules = document.Rules.map(({ RuleId: _made, ...rule }) =>
      Object.assign(rule, { ScheduleExpression: "cron(30 12 ? * SAT *)" }),
    );
    act("backup", "UpdateBackupPlan", { BackupPlanId: plan.id, BackupPlan: { ...document, Rules } });
    return `moved every rule of plan ${plan.id} to Saturday noon`;
  },
  "forget-point-lifecycle": ({ state, act, random }) => {
    const vault = pickVault(state, random, ({ lock, points }) => lock === undefined && points.size > 0);
    const point = [...(vault?.points ?? [])].find(({ status, continuous }) => status === "COMPLETED" && !continuous);
    if (vault === undefined || point === undefined) return undefined;
    const input = { BackupVaultName: vault.name, RecoveryPointArn: point.arn, Lifecycle: {} };
    act("backup", "UpdateRecoveryPointLifecycle", input);
    return `made recovery point ${point.arn} never expire`;
  },
} as const satisfies Readonly<Record<string, Meddling>>;

const every = { ...meddlings, ...graverMeddlings, ...coverageMeddlings } as const;

export type MeddlingName = keyof typeof every;

export function isMeddling(name: string): name is MeddlingName {
  return Object.hasOwn(every, name);
}

/** Does one thing somewhere: the named one, or one of `meddlings` that the seed picks among those there is something to do it to. */
export function meddle(scenes: readonly Scene[], random: Random, name?: MeddlingName): Meddled | undefined {
  const names = name === undefined ? shuffled(Object.keys(meddlings) as MeddlingName[], random) : [name];
  for (const one of names) {
    for (const scene of shuffled(scenes, random)) {
      const did = every[one](scene);
      if (did !== undefined) return { name: one, account: scene.state.account, region: scene.state.region, did };
    }
  }
  return undefined;
}

function shuffled<T>(items: readonly T[], random: Random): T[] {
  const left = [...items];
  const out: T[] = [];
  while (left.length > 0) out.push(...left.splice(random.below(left.length), 1));
  return out;
}
