import type { Announcement } from "../../controller/domain/announcement.ts";
import {
  changeId,
  type Action,
  type Change,
  type FieldDrift,
  type Finding,
  type HoldReason,
} from "../../controller/domain/change.ts";
import type { Source, Wanted } from "../../controller/domain/desired.ts";
import type { Drift } from "../../controller/domain/drift.ts";
import { AccountId, Digest, Instant, Region, type ResourceKey, type Target } from "../../controller/domain/identity.ts";
import type { Live } from "../../controller/domain/live.ts";
import type { Hold, Plan } from "../../controller/domain/plan.ts";
import type { MisnamedRow } from "../../controller/domain/report-rows.ts";
import type { PlanView } from "../../controller/views/plan-scene.ts";

/** Hand-made plans. Every union is filled through a `Record`, so that a new member does not compile until it is seen in a golden. */

export const target = (account: string, region: string): Target => ({
  account: AccountId.parse(account),
  region: Region.parse(region),
});
export const ireland = target("444455556666", "eu-west-1");
export const frankfurt = target("444455556666", "eu-central-1");
export const central = target("777788889999", "eu-central-1");

export const source = (path: string, line: number): Source => ({ path, line, column: 3 });
export const vaults = (line: number): Source => source("desired-state/vaults.yaml", line);
export const plans = (line: number): Source => source("desired-state/plans.yaml", line);

export const at = (where: Target, kind: string, name: string): ResourceKey => ({ target: where, kind, name });

export const wanted = (key: ResourceKey, from: Source): Wanted => ({
  key,
  want: "present",
  spec: {},
  management: { mode: "enforce" },
  adopt: false,
  source: from,
});

export const live = (
  key: ResourceKey,
  id = `arn:aws:backup:${key.target.region}:${key.target.account}:${key.name}`,
): Live => ({
  key,
  id,
  state: {},
  ownership: "ours",
});

export const field = (
  path: string,
  from: unknown,
  to: unknown,
  rest: Partial<Pick<FieldDrift, "effect" | "on" | "hazards">> = {},
): FieldDrift => ({ path, live: from, desired: to, effect: "strengthens", on: "in-place", hazards: [], ...rest });

type Rest = Partial<Pick<Change, "effect" | "hazards" | "restores">>;
const common = (action: Action, key: ResourceKey, fields: readonly FieldDrift[], rest: Rest) => ({
  id: changeId({ key, action, fields }),
  key,
  effect: "strengthens" as const,
  hazards: [],
  restores: false,
  fields,
  ...rest,
});

export const creating = (key: ResourceKey, from: Source, fields: readonly FieldDrift[], rest: Rest = {}): Change => ({
  ...common("create", key, fields, rest),
  action: "create",
  source: from,
  desired: wanted(key, from),
});

export const mending = (
  action: "update" | "replace" | "adopt",
  key: ResourceKey,
  from: Source,
  fields: readonly FieldDrift[],
  rest: Rest = {},
): Change => ({
  ...common(action, key, fields, rest),
  action,
  source: from,
  desired: wanted(key, from),
  live: live(key),
});

export const pruning = (key: ResourceKey, fields: readonly FieldDrift[], rest: Rest = {}): Change => ({
  ...common("prune", key, fields, { effect: "weakens", ...rest }),
  action: "prune",
  live: live(key),
});

export function amending(
  where: Target,
  snapshot: string,
  fields: readonly FieldDrift[],
  finding: Partial<Finding> = {},
  rest: Rest = {},
): Extract<Change, { action: "amend" }> {
  const subject = `arn:aws:ec2:${where.region}::snapshot/${snapshot}`;
  const key = at(where, "recovery-point", subject);
  const partition = finding.partition ?? "nightly";
  const rule = { name: "production-retention", source: source("desired-state/retention.yaml", 2) };
  return {
    ...common("amend", key, fields, rest),
    id: changeId({ key, action: "amend", subject, fields }),
    action: "amend",
    source: rule.source,
    finding: {
      key,
      subject,
      partition,
      judgedIn: where,
      within: at(where, "vault", partition),
      of: { resource: `arn:aws:ec2:${where.region}:${where.account}:volume/vol-1`, type: "EBS" },
      rule,
      cause: "tooShort",
      because: "kept 7 days, and production-retention asks for at least 35",
      bars: [],
      bytes: 8 * 1024 ** 3,
      management: "enforce",
      mend: { step: "lifecycle", fields, input: {} },
      ...finding,
    },
  };
}

const volume = (at: number): string => `arn:aws:ec2:eu-west-1:444455556666:volume/vol-gone-${at}`;
const until = (day: string): Instant => Instant.parse(`${day}T00:00:00.000Z`);

/** A finding mended by another step than lengthening. */
function stepping(
  where: Target,
  snapshot: string,
  step: string,
  fields: readonly FieldDrift[],
  finding: Partial<Finding>,
): Extract<Change, { action: "amend" }> {
  const effect = fields.some((one) => one.effect === "destroys") ? ("destroys" as const) : ("neutral" as const);
  return amending(where, snapshot, fields, { mend: { step, fields, input: {} }, ...finding }, { effect });
}

const gone = [field("recoveryPoint", "EXPIRED", undefined, { effect: "destroys" })];

/** What AWS Backup could not delete. */
const deleting = (where: Target, snapshot: string) =>
  stepping(where, snapshot, "delete", gone, {
    partition: "legacy",
    cause: "expired",
    because: "its retention is spent and AWS Backup could not delete it",
  });

export const denied = {
  kind: "denied",
  operation: "backup:ListBackupVaults",
  code: "AccessDeniedException",
  message:
    "User: arn:aws:sts::777788889999:assumed-role/holdfast-observe/2026-11-23T0200Z is not authorized to perform: backup:ListBackupVaults",
} as const;

const KEY = "arn:aws:kms:eu-west-1:444455556666:key/0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0";
const noDeletion = {
  Sid: "NoDeletion",
  Effect: "Deny",
  Principal: { AWS: ["*"] },
  Action: ["backup:DeleteRecoveryPoint", "backup:UpdateRecoveryPointLifecycle"],
  Resource: ["*"],
};
const copies = (account: string) => ({
  Sid: "CopiesFromProduction",
  Effect: "Allow",
  Principal: { AWS: [`arn:aws:iam::${account}:root`] },
  Action: ["backup:CopyIntoBackupVault"],
  Resource: ["*"],
});
const policy = (...Statement: readonly unknown[]) => ({ Version: "2012-10-17", Statement });

/** One change of each action, as they go in a run. */
export const everyAction: Readonly<Record<Action, readonly Change[]>> = {
  create: [
    creating(at(ireland, "vault", "nightly"), vaults(4), [
      field("encryptionKey", undefined, KEY),
      field("tags", undefined, { owner: "platform", "cost centre": "4711" }),
      field("vaultType", undefined, "standard"),
    ]),
    creating(at(ireland, "plan", "hourly"), plans(31), [
      field("rules[hourly]", undefined, {
        ruleName: "hourly",
        targetBackupVaultName: "nightly",
        scheduleExpression: "cron(0 * ? * MON,TUE,WED,THU,FRI *)",
        lifecycle: { deleteAfterDays: 14 },
        copyActions: [
          { destinationBackupVaultArn: "arn:aws:backup:eu-central-1:777788889999:backup-vault:central" },
          {
            destinationBackupVaultArn: "arn:aws:backup:eu-central-1:444455556666:backup-vault:nightly",
            lifecycle: { deleteAfterDays: 30 },
          },
        ],
      }),
    ]),
  ],
  update: [
    mending(
      "update",
      at(ireland, "plan", "daily"),
      plans(3),
      [
        field("rules[daily].lifecycle.deleteAfterDays", 14, 35),
        field("rules[daily].scheduleExpression", "cron(0 5 ? * SUN *)", "cron(0 5 ? * * *)"),
        field("rules[daily].scheduleExpressionTimezone", undefined, "Europe/Berlin", { effect: "neutral" }),
      ],
      { restores: true },
    ),
    mending("update", at(central, "vault-policy", "central"), vaults(40), [
      field(
        "policy",
        policy(copies("444455556666"), { ...noDeletion, Action: ["backup:DeleteRecoveryPoint"] }),
        policy(copies("444455556666"), noDeletion, {
          Sid: "NoUnlocking",
          Effect: "Deny",
          Principal: { AWS: ["*"] },
          Action: ["backup:DeleteBackupVaultLockConfiguration"],
          Resource: ["*"],
        }),
      ),
    ]),
  ],
  replace: [
    mending("replace", at(ireland, "selection", "daily/databases"), plans(22), [
      field(
        "iamRoleArn",
        "arn:aws:iam::444455556666:role/backup",
        "arn:aws:iam::444455556666:role/service-role/AWSBackupDefaultServiceRole",
        {
          effect: "neutral",
          on: "replace",
        },
      ),
      field(
        "listOfTags",
        [{ key: "tier", value: "gold" }],
        [
          { key: "tier", value: "gold" },
          { key: "tier", value: "silver" },
        ],
        { on: "replace" },
      ),
    ]),
  ],
  adopt: [mending("adopt", at(frankfurt, "vault", "legacy"), vaults(52), [], { effect: "neutral" })],
  prune: [
    pruning(at(frankfurt, "plan", "trial"), [
      field(
        "rules[trial]",
        { ruleName: "trial", targetBackupVaultName: "legacy", lifecycle: { deleteAfterDays: 3 } },
        undefined,
        { effect: "weakens" },
      ),
    ]),
  ],
  amend: [
    ...["0a11", "0b22", "0c33"].map((id) =>
      amending(ireland, `snap-${id}`, [field("lifecycle.deleteAfterDays", 7, 35)]),
    ),
    ...["0d44", "0e55"].map((id, at) =>
      stepping(
        ireland,
        `snap-${id}`,
        "tag",
        [field("tags.holdfast:orphan", undefined, "resourceDeleted", { effect: "neutral" })],
        {
          because: `${volume(at)} does not exist any more, and it has no delete date`,
          cause: "resourceDeleted",
          of: { resource: volume(at), type: "EBS" },
        },
      ),
    ),
    stepping(
      ireland,
      "snap-0f66",
      "copy",
      [field("copies[arn:aws:backup:eu-central-1:777788889999:backup-vault:central]", undefined, "copy")],
      { because: "it has no copy in central within 24 h, which production-retention asks for", cause: "copyMissing" },
    ),
    {
      ...deleting(ireland, "snap-0a77"),
      consent: { approval: "clean-up", digest: "c".repeat(64), expiresOn: until("2026-12-01"), ticket: "OPS-4711" },
    },
  ],
};

const held = (
  change: Change,
  reason: HoldReason,
  because: string,
  release: string,
  also: readonly HoldReason[] = [],
): Hold => ({
  change,
  reason,
  because,
  release,
  also,
});
const shorter = [field("rules[daily].lifecycle.deleteAfterDays", 35, 7, { effect: "weakens" })];
const weaker = mending("update", at(frankfurt, "plan", "daily"), plans(3), shorter, { effect: "weakens" });
const compliance = mending(
  "update",
  at(central, "vault-lock", "central"),
  vaults(47),
  [
    field("immutableFrom", undefined, "2027-01-01", { effect: "irreversible", hazards: ["irreversible"] }),
    field("mode", "governance", "compliance", { effect: "irreversible", hazards: ["irreversible"] }),
    field("minRetentionDays", 7, 30, { hazards: ["fails-jobs"] }),
  ],
  { effect: "irreversible", hazards: ["irreversible", "fails-jobs"] },
);
const daily = at(frankfurt, "plan", "daily");
const twins = at(ireland, "selection", "daily/volumes");
const ambiguous: Drift = {
  type: "ambiguous",
  key: twins,
  desired: wanted(twins, plans(27)),
  candidates: [live(twins, "5f0c7a1e"), live(twins, "91b2d4aa")],
};
const unreadable: Drift = {
  type: "unknown",
  key: at(central, "vault", "central"),
  desired: wanted(at(central, "vault", "central"), vaults(36)),
  failure: denied,
};
const lapsing = (snapshot: string, reason: HoldReason, because: string, release: string): Hold =>
  held(
    amending(
      frankfurt,
      snapshot,
      [field("lifecycle.deleteAfterDays", undefined, 35, { effect: "destroys" })],
      { because, mend: { step: "shorten", fields: [], input: {} } },
      { effect: "destroys" },
    ),
    reason,
    because,
    release,
  );

const { mend: _none, ...unencrypted } = amending(frankfurt, "snap-1a05", [], {
  cause: "unencrypted",
  because: "it is not encrypted, and production-retention asks for that",
}).finding;
const unmendable: Change = { ...amending(frankfurt, "snap-1a05", [], {}, { effect: "neutral" }), finding: unencrypted };

/** At least one hold of each reason. */
export const everyHold: Readonly<Record<HoldReason, readonly Hold[]>> = {
  "unknown-state": [
    {
      drift: unreadable,
      reason: "unknown-state",
      also: [],
      because: `${denied.operation} could not tell: ${denied.message}`,
      release: "a complete listing; unknown is never taken for absent",
    },
  ],
  ambiguous: [
    {
      drift: ambiguous,
      reason: "ambiguous",
      also: [],
      because: "2 live resources answer to this name: 5f0c7a1e, 91b2d4aa",
      release: "set adopt: <id> in the manifest, or remove the others",
    },
  ],
  "not-ours": [
    held(
      mending("adopt", at(frankfurt, "vault", "shared"), vaults(60), [], { effect: "neutral" }),
      "not-ours",
      "vault shared exists and is not managed by Holdfast",
      "set adopt: true in its manifest; it is marked first and changed from the next run on",
    ),
  ],
  contested: [
    held(
      mending("update", at(frankfurt, "vault-policy", "nightly"), vaults(12), [
        field("policy", policy(noDeletion), policy(noDeletion, copies("777788889999"))),
      ]),
      "contested",
      "CloudFormation stack backup-baseline manages it too",
      "take it out of CloudFormation stack backup-baseline, or drop it from the manifests",
    ),
  ],
  "observe-only": ["app-orders", "app-ledger"].map((name, index) =>
    held(
      creating(at(ireland, "vault", name), vaults(70 + index * 6), [field("vaultType", undefined, "standard")]),
      "observe-only",
      "its manifest, group or fleet is in observe mode",
      "set management: enforce",
    ),
  ),
  suspended: [
    held(
      mending(
        "update",
        at(ireland, "vault", "archive"),
        vaults(90),
        [field("tags", {}, { owner: "platform" }, { effect: "neutral" })],
        { effect: "neutral" },
      ),
      "suspended",
      "its tag holdfast:suspend-until asks for no writes until 2026-11-24T12:00:00.000Z",
      "wait until 2026-11-24T12:00:00.000Z, or remove the tag",
    ),
  ],
  "partial-scope": [
    held(
      weaker,
      "partial-scope",
      "it weakens, and this run looked at a part of the fleet only",
      "run over the whole fleet",
    ),
  ],
  frozen: [
    held(
      mending("update", at(frankfurt, "plan", "weekly"), plans(61), shorter, { effect: "weakens" }),
      "frozen",
      "a freeze holds changes until 2027-01-04T00:00 (Europe/Berlin): year's end",
      "wait until 2027-01-04T00:00, or change the Maintenance manifest",
    ),
  ],
  "not-announced": ["3c01", "3c02"].map((id) =>
    held(
      deleting(ireland, `snap-${id}`),
      "not-announced",
      "it has not been announced in a signed report yet",
      "the report of a run that announces it, and 14 days",
    ),
  ),
  "in-grace": [
    held(
      stepping(ireland, "snap-3c03", "shorten", [field("lifecycle.deleteAfterDays", 400, 90, { effect: "destroys" })], {
        because: "kept 400 days, and production-retention asks for at most 90",
        cause: "tooLong",
      }),
      "in-grace",
      "announced in report 116 of 2026-11-20, it may go no earlier than 2026-12-04T02:00Z",
      "wait until 2026-12-04T02:00Z; to object, tag it holdfast:keep, hold it, waive it, or change the policy",
    ),
  ],
  "not-proven": [
    held(
      stepping(ireland, "snap-3c05", "delete", gone, {
        cause: "resourceDeleted",
        of: { resource: volume(9), type: "EBS" },
        because: `${volume(9)} does not exist any more, and it has no delete date`,
      }),
      "not-proven",
      `${volume(9)} has been seen to be missing since 2026-11-20 only`,
      "30 days of being missing, seen by every run until 2026-12-20",
    ),
  ],
  waived: [
    held(
      deleting(ireland, "snap-3c04"),
      "waived",
      "waiver litigation (legal@acme.example, until 2026-12-31) covers it: case 12-34",
      "the waiver's end, or its removal",
    ),
  ],
  "waiver-expired": [
    {
      about: { key: at(ireland, "waiver", "old-exception"), source: source("desired-state/waivers.yaml", 3) },
      reason: "waiver-expired",
      also: [],
      because: "waiver old-exception of platform@acme.example ran out on 2026-11-01",
      release: "its removal, or a new end agreed to by its owner",
    },
  ],
  "immutable-field": [
    held(
      mending(
        "update",
        at(ireland, "vault", "keyed"),
        vaults(99),
        [field("encryptionKey", KEY, KEY.replace("0f1e2d3c", "99999999"), { effect: "weakens", on: "never" })],
        { effect: "weakens" },
      ),
      "immutable-field",
      "AWS never changes encryptionKey of a vault",
      "declare it as it is, or make a new resource under another name",
      ["needs-approval"],
    ),
  ],
  hazard: [
    held(
      compliance,
      "hazard",
      "it can never be undone; backup or copy jobs would fail under it",
      `an approval naming change ${compliance.id}, or a manifest without the hazard`,
      ["needs-approval"],
    ),
  ],
  "needs-approval": [
    ...Array.from({ length: 9 }, (_, n) => {
      const expired = deleting(ireland, `snap-4d${String(n).padStart(2, "0")}`);
      const resource = volume(n);
      const change = {
        ...expired,
        finding: {
          ...expired.finding,
          cause: "resourceDeleted",
          of: { resource, type: "EBS" },
          because: `${resource} does not exist any more, and it has no delete date`,
        },
      };
      return held(
        change,
        "needs-approval",
        "it deletes a stored backup",
        `another policy, or \`holdfast approve ${change.id}\`, committed`,
        ["in-grace"],
      );
    }),
    held(
      deleting(frankfurt, "snap-4e01"),
      "needs-approval",
      "it deletes a stored backup",
      "another policy, or an approval",
      ["in-grace", "kept"],
    ),
    held(weaker, "needs-approval", "it weakens protection", `an approval naming change ${weaker.id}`, ["over-budget"]),
  ],
  "last-point": [
    lapsing(
      "snap-1a01",
      "last-point",
      "it is the newest restorable point of vol-1",
      "a newer restorable recovery point of the same resource",
    ),
  ],
  "legal-hold": [lapsing("snap-1a02", "legal-hold", "legal hold lh-7 covers it", "the legal hold's cancellation")],
  locked: Array.from({ length: 12 }, (_, n) =>
    lapsing(
      `snap-2b${String(n).padStart(2, "0")}`,
      "locked",
      "its vault is locked",
      "Holdfast never unlocks a vault in order to act; while it is locked AWS refuses",
    ),
  ),
  kept: [lapsing("snap-1a03", "kept", "it carries the tag holdfast:keep", "remove the tag holdfast:keep")],
  "cannot-mend": [
    lapsing(
      "snap-1a04",
      "cannot-mend",
      "AWS refused it three times: the role backup-writer does not exist",
      "what the finding names as standing in the way",
    ),
    held(
      unmendable,
      "cannot-mend",
      "AWS cannot encrypt a recovery point afterwards",
      "encrypt the resource, or copy the point into a vault with a key",
    ),
  ],
  "no-room": [
    held(
      creating(at(ireland, "selection", "daily/tenth"), plans(44), [
        field("listOfTags", undefined, [{ key: "tier", value: "tenth" }]),
      ]),
      "no-room",
      "plan daily has 9 selections with tags, and one slot is kept free",
      "remove a selection, or give it a plan of its own",
    ),
  ],
  "over-budget": [
    held(
      pruning(at(frankfurt, "plan", "retired"), []),
      "over-budget",
      "the budget of weakening changes is spent: 1 in 444455556666/eu-central-1, 5 a run",
      "the next run, or a larger guardrails.budget in the Fleet manifest",
    ),
  ],
  "desired-state-shrank": ["one", "two", "three"].map((name) =>
    held(
      pruning(at(central, "plan", name), []),
      "desired-state-shrank",
      "the manifests declare 12 resources, and declared 40 at the last run: more than 50 % are gone",
      "restore the manifests, or let one run with the smaller set be approved",
    ),
  ),
  "stale-source": [
    held(
      creating(at(central, "vault-notifications", "central"), vaults(55), [
        field("events", undefined, ["BACKUP_JOB_FAILED", "COPY_JOB_FAILED"]),
      ]),
      "stale-source",
      "HEAD has sequence 41, and a report acted on 42 already",
      "sync the newest commit; a rollback is a new commit",
    ),
  ],
};

const inSync = (name: string): Drift => {
  const key = at(ireland, "vault", name);
  return { type: "in-sync", key, desired: wanted(key, vaults(1)), live: live(key) };
};

/** At least one drift of each type. Those that changes and holds speak of already are seen through them. */
export const everyDrift: Readonly<Record<Drift["type"], readonly Drift[]>> = {
  "in-sync": Array.from({ length: 37 }, (_, n) => inSync(`steady-${n}`)),
  missing: [
    {
      type: "missing",
      key: at(ireland, "vault", "nightly"),
      desired: wanted(at(ireland, "vault", "nightly"), vaults(4)),
    },
  ],
  different: [
    {
      type: "different",
      key: daily,
      desired: wanted(daily, plans(3)),
      live: live(daily),
      fields: shorter,
      digests: { desired: "d".repeat(64), observed: "0".repeat(64) },
    },
  ],
  unadopted: [
    {
      type: "unadopted",
      key: at(frankfurt, "vault", "shared"),
      desired: wanted(at(frankfurt, "vault", "shared"), vaults(60)),
      live: live(at(frankfurt, "vault", "shared")),
      fields: [],
    },
  ],
  foreign: [
    {
      type: "foreign",
      key: at(ireland, "vault", "theirs"),
      desired: wanted(at(ireland, "vault", "theirs"), vaults(80)),
      live: live(at(ireland, "vault", "theirs")),
    },
  ],
  ambiguous: [ambiguous],
  surplus: [{ type: "surplus", key: at(frankfurt, "plan", "trial"), live: live(at(frankfurt, "plan", "trial")) }],
  superseded: [
    {
      type: "superseded",
      key: twins,
      desired: wanted(twins, plans(27)),
      live: live(twins, "5f0c7a1e"),
      by: live(twins, "91b2d4aa"),
    },
  ],
  unmanaged: ["Default", "aws/efs/automatic-backup-vault"].map((name) => ({
    type: "unmanaged",
    key: at(ireland, "vault", name),
    live: live(at(ireland, "vault", name)),
  })),
  unknown: [
    unreadable,
    { type: "unknown", key: at(central, "vault", "*"), failure: denied },
    {
      type: "unknown",
      key: at(ireland, "plan", "arn:aws:backup:eu-west-1:444455556666:backup-plan:1b2c"),
      failure: {
        kind: "throttled",
        operation: "backup:GetBackupPlan",
        message: "Rate exceeded",
        code: "ThrottlingException",
      },
    },
  ],
};

export const digest = (letter: string): Digest => Digest.parse(letter.repeat(64));

export const planOf = (
  changes: readonly Change[],
  holds: readonly Hold[],
  drift: readonly Drift[],
  deferred = 0,
): Plan => ({
  waves: [changes],
  held: holds,
  drift,
  deferred,
  announcements: [],
  unproven: [],
  groups: [],
  followUps: [],
  deletions: [],
  canaries: [],
  tallies: [],
  digest: digest("e"),
});

const announcement = (snapshot: string, change: string, rest: Partial<Announcement> = {}): Announcement => {
  const subject = `arn:aws:ec2:eu-west-1::snapshot/${snapshot}`;
  return {
    change,
    mark: change,
    key: at(ireland, "recovery-point", subject),
    subject,
    partition: "legacy",
    policy: "production-retention",
    cause: "expired",
    deleteOn: null,
    graceMs: 14 * 86_400_000,
    announcedOn: Instant.parse("2026-11-20T02:00:00.000Z"),
    beside: { status: "EXPIRED", rank: 1, bytes: 8 * 1024 ** 3 },
    pausedMs: 0,
    ...rest,
  };
};

const deletion = (snapshot: string, refusals = 0) => ({
  change: "deletion2aaa",
  key: at(ireland, "recovery-point", snapshot),
  subject: `arn:aws:ec2:eu-west-1::snapshot/${snapshot}`,
  partition: "legacy",
  type: "EBS",
  acceptedOn: Instant.parse("2026-11-22T02:00:00.000Z"),
  refusals,
  state: "",
});

const tally = (where: Target, partition: string, cause: string, points: number) => ({
  target: where,
  partition,
  policy: "production-retention",
  cause,
  points,
  bytes: points * 8 * 1024 ** 3,
});

/** What stands beyond a plan's changes: something of each sort. */
export const outlook: Pick<Plan, "announcements" | "groups" | "followUps" | "tallies"> = {
  announcements: [
    announcement("snap-3c03", "announced2aa", { since: 116, deleteOn: Instant.parse("2026-12-24T02:00:00.000Z") }),
    announcement("snap-4d00", "announced2bb", { since: 115, announcedOn: Instant.parse("2026-11-19T02:00:00.000Z") }),
    announcement("snap-4d01", "announced2cc"),
    announcement("snap-4d02", "announced2dd", { since: 90, pausedOn: Instant.parse("2026-11-21T02:00:00.000Z") }),
  ],
  groups: [
    {
      id: "gabcdefghijklmnopqrstuvwx",
      target: ireland,
      partition: "legacy",
      policy: "production-retention",
      cause: "resourceDeleted",
      step: "delete",
      bytes: 72 * 1024 ** 3,
      members: Array.from({ length: 9 }, (_, n) => `member${n}aaaaa`),
    },
    {
      id: "gzyxwvutsrqponmlkjihgfedc",
      target: frankfurt,
      partition: "nightly",
      policy: "production-retention",
      cause: "tooLong",
      step: "shorten",
      bytes: 8 * 1024 ** 3,
      members: ["member9aaaaa"],
    },
  ],
  followUps: [
    { deletion: deletion("snap-5e01"), result: "confirmed" },
    { deletion: deletion("snap-5e02"), result: "confirmed" },
    { deletion: deletion("snap-5e03", 1), result: "refused" },
    { deletion: deletion("snap-5e04"), result: "pending" },
    { deletion: deletion("snap-5e05"), result: "unknown" },
  ],
  tallies: [
    tally(ireland, "legacy", "resourceDeleted", 9),
    tally(frankfurt, "legacy", "resourceDeleted", 120),
    tally(ireland, "legacy", "expired", 4),
    tally(ireland, "nightly", "tooShort", 3),
  ],
};

export const viewOf = (plan: Plan, targets: readonly Target[], rest: Partial<PlanView> = {}): PlanView => ({
  plan,
  fleet: { name: "acme", targets, excluded: [] },
  revision: { digest: digest("a"), commit: "3f2a91c0de7b64f5a8c1d2e3f4a5b6c7d8e9f0a1", dirty: false, sequence: 42 },
  warnings: [],
  ...rest,
});

const misnamed = (key: ResourceKey, of: MisnamedRow["of"], name: string, pattern: string): MisnamedRow => ({
  key,
  id: `arn:aws:backup:${key.target.region}:${key.target.account}:${key.name}`,
  of,
  name,
  pattern,
  because: `${name} is not called as the Fleet has ${of} called: ${pattern}`,
});

/** The same vault in two targets, a rule and a selection. */
export const otherNames: readonly MisnamedRow[] = [
  misnamed(at(frankfurt, "vault", "scratch"), "vaults", "scratch", "{prod,test}-*"),
  misnamed(at(ireland, "vault", "scratch"), "vaults", "scratch", "{prod,test}-*"),
  misnamed(at(ireland, "plan", "weekly"), "rules", "Sundays\u202e", "*ly"),
  misnamed(at(ireland, "selection", "weekly/all"), "selections", "all", "by-*"),
];

/** Every drift, every hold, every action, in three targets, and a fourth with nothing to do. */
export const everything: PlanView = viewOf(
  {
    ...planOf(
      Object.values(everyAction).flat(),
      Object.values(everyHold).flat(),
      Object.values(everyDrift).flat(),
      340,
    ),
    ...outlook,
  },
  [ireland, frankfurt, central, target("111122223333", "eu-west-1")],
  {
    fleet: {
      name: "acme",
      targets: [ireland, frankfurt, central, target("111122223333", "eu-west-1")],
      excluded: [{ account: "999900001111", reason: "Organizations says it is SUSPENDED" }],
    },
    misnamed: otherNames,
    warnings: [
      {
        ...vaults(12),
        severity: "warning",
        message: "targets.groups names sandbox, which matches no account",
        hint: "add an account to the group, or drop it here",
      },
    ],
  },
);
