import fc from "fast-check";
import { stringify } from "yaml";
import { FRANKFURT, IRELAND, SHOP, VAULTS } from "../support/universe.ts";

/** Arbitrary desired states, as a person would write them: few names, so that they meet each other and what is there. */

export const ACCOUNTS = [SHOP, VAULTS, "333344445555"] as const;
export const REGIONS = [IRELAND, FRANKFURT] as const;
export const FLEET_NAME = "acme";
export const VAULT_NAMES = ["alpha", "beta"] as const;
export const PLAN_NAMES = ["nightly", "weekly"] as const;
/** Where every copy goes: into the first account's first Region. */
export const CENTRAL = { account: ACCOUNTS[0], region: REGIONS[0], name: "central" } as const;

export interface Manifest {
  readonly kind: string;
  readonly name: string;
  readonly spec: Readonly<Record<string, unknown>>;
}
export type Manifests = readonly Manifest[];

/** Accounts and Regions by number, from the front of the lists above. */
export interface Extent {
  readonly accounts: number;
  readonly regions: number;
}

const everywhere = { groups: ["everywhere"] };
const first = { groups: ["first"] };
const TARGETS = fc.constantFrom(everywhere, everywhere, everywhere, first);
const optional = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined, freq: 3 });
const some = <T>(members: readonly T[]): fc.Arbitrary<T[]> => fc.subarray([...members], { minLength: 1 });

/** Mostly enforced: the other modes change nothing, and little follows from nothing. */
const management = fc.oneof(
  { weight: 8, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: fc.constant({ management: "observe" }) },
  { weight: 1, arbitrary: fc.constant({ management: "suspended", suspendReason: "moving house" }) },
);
const adoption = fc.oneof(
  { weight: 1, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: fc.constant({ adopt: true }) },
);

const STATEMENTS = [
  {
    Sid: "NoDeletion",
    Effect: "Deny",
    Principal: "*",
    Action: ["backup:DeleteRecoveryPoint", "backup:DeleteBackupVault"],
    Resource: "*",
  },
  { Effect: "Deny", Principal: "*", Action: "backup:StartRestoreJob", Resource: "*" },
  {
    Sid: "Copies",
    Effect: "Allow",
    Principal: { AWS: ACCOUNTS.map((account) => `arn:aws:iam::${account}:root`) },
    Action: "backup:CopyIntoBackupVault",
    Resource: "*",
  },
] as const;
export const policy = some(STATEMENTS).map((Statement) => ({ Version: "2012-10-17", Statement }));

export const EVENTS = ["BACKUP_JOB_COMPLETED", "COPY_JOB_FAILED", "RESTORE_JOB_COMPLETED"] as const;
const notifications = some(EVENTS).map((events) => ({
  snsTopicArn: "arn:aws:sns:${region}:${account}:backup-events",
  events,
}));

/** Rules keep for 7 days at least and 400 at most: within every lock, for a plan outside a lock's bounds is refused unread. */
const lock = fc.record(
  { mode: fc.constant("governance"), minRetentionDays: fc.constantFrom(1, 7), maxRetentionDays: fc.constant(400) },
  { requiredKeys: ["mode"] },
);

const tags = fc.constantFrom({ owner: "platform" }, { owner: "data", tier: "gold" });
const NONE = fc.constant("none" as const);

const vaultSpec = fc
  .record({
    targets: TARGETS,
    encryptionKey: optional(fc.constant("alias/backup")),
    tags: optional(tags),
    lock: optional(fc.oneof({ weight: 5, arbitrary: lock }, { weight: 1, arbitrary: NONE })),
    accessPolicy: optional(fc.oneof({ weight: 5, arbitrary: policy }, { weight: 1, arbitrary: NONE })),
    notifications: optional(fc.oneof({ weight: 5, arbitrary: notifications }, { weight: 1, arbitrary: NONE })),
    management,
    adoption,
  })
  .map(flat);

/** Hours between two runs: what the ratchet's oracle compares schedules by. */
export const SCHEDULES: Readonly<Record<string, number>> = {
  "cron(0 3 ? * * *)": 24,
  "cron(0 3 ? * SUN *)": 7 * 24,
  "cron(0 3 1 * ? *)": 31 * 24,
};
const days = fc.constantFrom(7, 35, 90, 400);

const copy = fc.record(
  {
    destinationBackupVaultArn: fc.constant(
      `arn:aws:backup:${CENTRAL.region}:${CENTRAL.account}:backup-vault:${CENTRAL.name}`,
    ),
    lifecycle: fc.record({ deleteAfterDays: days }),
  },
  { requiredKeys: ["destinationBackupVaultArn"] },
);

const rule = fc.record(
  {
    ruleName: fc.constantFrom("daily", "weekly", "monthly"),
    targetBackupVaultName: fc.constantFrom(...VAULT_NAMES),
    scheduleExpression: fc.constantFrom(...Object.keys(SCHEDULES)),
    lifecycle: fc.record({ deleteAfterDays: days }),
    copyActions: fc.array(copy, { minLength: 1, maxLength: 1 }),
    startWindowMinutes: fc.constantFrom(60, 480),
    recoveryPointTags: fc.constant({ made: "by-plan" }),
  },
  { requiredKeys: ["ruleName", "targetBackupVaultName", "lifecycle"] },
);

export const ROLE = "arn:aws:iam::${account}:role/service-role/AWSBackupDefaultServiceRole";
const tagTest = (key: string, value: string) => ({ key, value });

/** Wide ones and narrow ones, so that one takes another's place with more, with less, or with other resources. */
const PICKS = [
  { listOfTags: [tagTest("backup", "nightly")] },
  { listOfTags: [tagTest("backup", "nightly"), tagTest("team", "data")] },
  { resources: ["arn:aws:ec2:*:*:volume/*"] },
  { resources: ["arn:aws:ec2:*:*:volume/*", "arn:aws:dynamodb:*:*:table/*"] },
  { resources: ["*"], conditions: { stringEquals: [tagTest("aws:ResourceTag/team", "data")] } },
  { resources: ["*"], notResources: ["arn:aws:dynamodb:*:*:table/*"] },
  { resources: ["*"] },
] as const;
const picks = fc.constantFrom(...PICKS).map((pick) => ({ iamRoleArn: ROLE, ...pick }));
const selection = fc
  .record({ name: fc.constantFrom("tagged", "wide"), picks })
  .map(({ name, picks }) => ({ name, ...picks }));

const planSpec = fc
  .record({
    targets: TARGETS,
    rules: fc.uniqueArray(rule, { minLength: 1, maxLength: 3, selector: ({ ruleName }) => ruleName }),
    tags: optional(tags),
    selections: optional(fc.uniqueArray(selection, { minLength: 1, maxLength: 2, selector: ({ name }) => name })),
    management,
    adoption,
  })
  .map(flat);

const pointPolicySpec = fc
  .record({
    targets: TARGETS,
    match: fc.record({ vaults: some([...VAULT_NAMES, CENTRAL.name]) }, { requiredKeys: [] }),
    retention: fc.record(
      { atLeastDays: fc.constantFrom(30, 60), atMostDays: fc.constant(100) },
      { requiredKeys: ["atLeastDays"] },
    ),
    management,
  })
  .map(flat);

const guestSpec = fc
  .record({ targets: TARGETS, plan: fc.constantFrom(...PLAN_NAMES), picks, management })
  .map(({ picks, ...rest }) => ({ ...flat(rest), ...picks }));

/** The central vault stands in one target and lets everyone's copies in. */
const central: fc.Arbitrary<Manifest> = vaultSpec.map((spec) => ({
  kind: "BackupVault",
  name: CENTRAL.name,
  spec: { ...spec, targets: first, accessPolicy: { Version: "2012-10-17", Statement: [STATEMENTS[2]] } },
}));

const named = (
  kind: string,
  names: readonly string[],
  spec: fc.Arbitrary<Manifest["spec"]>,
  least = 0,
): fc.Arbitrary<Manifest[]> =>
  fc.uniqueArray(fc.record({ kind: fc.constant(kind), name: fc.constantFrom(...names), spec }), {
    minLength: least,
    maxLength: names.length,
    selector: ({ name }) => name,
  });

/** A plan into a vault that nobody declares is held: one rule in eight stays astray, the others find their way. */
const astray = fc.integer({ min: 0, max: 7 }).map((n) => n === 7);

export const manifests: fc.Arbitrary<Manifests> = fc
  .record({
    vaults: named("BackupVault", VAULT_NAMES, vaultSpec, 1),
    central: fc.option(central, { nil: undefined }),
    plans: named("BackupPlan", PLAN_NAMES, planSpec, 1),
    guests: named("BackupSelection", ["guest"], guestSpec),
    policies: named("RecoveryPointPolicy", ["five-weeks", "two-months"], pointPolicySpec),
    astray,
  })
  .map(({ vaults, central, plans, guests, policies, astray }) => [
    ...vaults,
    ...(central ? [central] : []),
    ...(astray ? plans : plans.map((plan) => intoVault(plan, vaults[0]?.name, central !== undefined))),
    ...guests,
    ...policies,
  ]);

/** The plan with every rule into one declared vault, and without copies where there is nothing to copy into. */
function intoVault({ spec, ...plan }: Manifest, vault: string | undefined, copies: boolean): Manifest {
  const rules = (spec["rules"] as readonly Readonly<Record<string, unknown>>[]).map(({ copyActions, ...rule }) => ({
    ...rule,
    targetBackupVaultName: vault ?? rule["targetBackupVaultName"],
    ...(copies && copyActions ? { copyActions } : {}),
  }));
  return { ...plan, spec: { ...spec, rules } };
}

export const extent: fc.Arbitrary<Extent> = fc.record({
  accounts: fc.integer({ min: 1, max: ACCOUNTS.length }),
  regions: fc.integer({ min: 1, max: REGIONS.length }),
});

/** The files of a desired state, the Fleet first. Budgets are wide open: what is let through here is for the ratchet to stop. */
export function filesOf(manifests: Manifests, { accounts, regions }: Extent): Readonly<Record<string, string>> {
  const fleet = {
    accounts: { ids: ACCOUNTS.slice(0, accounts) },
    regions: REGIONS.slice(0, regions),
    externalId: "holdfast",
    management: "enforce",
    groups: { everywhere: {}, first: { accounts: { ids: [ACCOUNTS[0]] }, regions: [REGIONS[0]] } },
    guardrails: { budget: { perTarget: 100, perRun: 100, percent: 100 }, shrinkPercent: 100 },
  };
  const all = [{ kind: "Fleet", name: FLEET_NAME, spec: fleet }, ...manifests];
  return Object.fromEntries(
    all.map(({ kind, name, spec }) => [
      `${kind}-${name}.yaml`,
      stringify({ apiVersion: "holdfast/v1", kind, metadata: { name }, spec }, { aliasDuplicateObjects: false }),
    ]),
  );
}

/** Without absent members, and with the fragments that are drawn together laid flat. */
function flat({ management, adoption, ...spec }: Readonly<Record<string, unknown>>): Manifest["spec"] {
  const present = Object.entries(spec).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(present), ...(management as object), ...(adoption as object | undefined) };
}
