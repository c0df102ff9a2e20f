import type * as z from "zod";
import type { Management } from "../../../controller/domain/desired.ts";
import type { Finding } from "../../../controller/domain/change.ts";
import type { Target } from "../../../controller/domain/identity.ts";
import type { Settled } from "../../../controller/domain/inventory.ts";
import type { FleetView } from "../../../controller/domain/judging.ts";
import type { FoldContext, FoldMemory } from "../../../controller/kinds/kind.ts";
import type { Facts } from "../../../controller/kinds/recovery-point/facts.ts";
import { beginFold, foldRow, type PointFold, settleFold } from "../../../controller/kinds/recovery-point/judge/fold.ts";
import type { PointRule } from "../../../controller/kinds/recovery-point/judge/matching.ts";
import type { Survey } from "../../../controller/kinds/recovery-point/owners/survey.ts";
import type { RecoveryPointRow } from "../../../controller/kinds/point-row.ts";
import { RecoveryPointRuleSpec } from "../../../controller/kinds/recovery-point/spec.ts";
import { recoveryPoint } from "../../../controller/kinds/recovery-point/recovery-point.ts";
import { answering, source, target, viewOf } from "../answers.ts";

/** Rows, rules and vaults written down by hand, for tables about the judging of recovery points. */

export const DAY = 86_400_000;
export const ACCOUNT = target.account;
export const VOLUME = `arn:aws:ec2:eu-west-1:${ACCOUNT}:volume/vol-1`;
export const PLAN = `arn:aws:backup:eu-west-1:${ACCOUNT}:backup-plan:p-1`;
export const vaultArn = (name: string, { account, region }: Target = target): string =>
  `arn:aws:backup:${region}:${account}:backup-vault:${name}`;

/** A volume's snapshot made by hand at the epoch, kept for a week. */
export const row = (more: Partial<RecoveryPointRow> = {}): RecoveryPointRow => ({
  arn: "arn:aws:ec2:eu-west-1::snapshot/snap-1",
  resourceArn: VOLUME,
  resourceType: "EBS",
  status: "COMPLETED",
  createdOn: 0,
  deleteAfterDays: 7,
  deleteAfterEvent: false,
  bytes: 10,
  form: "snapshot",
  flagged: false,
  ...more,
});

interface RuleOptions {
  readonly name?: string;
  readonly management?: Management;
}
/** A rule from what a manifest says, defaults filled in. */
export const ruleOf = (
  spec: Partial<z.input<typeof RecoveryPointRuleSpec>>,
  { name = "policy", management = { mode: "enforce" } }: RuleOptions = {},
): PointRule => ({
  kind: "recovery-point",
  name,
  target,
  spec: RecoveryPointRuleSpec.parse({ match: {}, ...spec }),
  management,
  source,
});

export const NO_MEMORY: FoldMemory = {
  watched: new Set(),
  announced: new Set(),
  dueOn: new Map(),
  missing: new Map(),
  knownSince: () => undefined,
  tested: new Map(),
  handed: new Set(),
};

export interface Scene extends Partial<Facts> {
  readonly name?: string;
  readonly room?: number;
  readonly now?: Date;
  readonly view?: FleetView;
  readonly memory?: Partial<FoldMemory>;
  readonly survey?: (target: Target) => Survey | undefined;
  readonly status?: "complete" | "incomplete";
}

/** A vault about to be judged. */
export function begun(rules: readonly PointRule[], scene: Scene = {}): PointFold {
  const { name = "nightly", room = 10, now = new Date(0), view = viewOf({}), memory, survey = () => undefined } = scene;
  const { vaultType = "BACKUP_VAULT", locked = false, keys = {}, tagged = new Map(), marked = new Map() } = scene;
  const facts: Facts = { vaultType, locked, keys, tagged, marked };
  const context: FoldContext<RecoveryPointRuleSpec, Survey> = {
    target,
    partition: { name, id: vaultArn(name), createdOn: new Date(0), size: 0, facts: { ...facts } },
    targets: [],
    rules,
    now,
    room,
    view,
    survey,
    memory: { ...NO_MEMORY, ...memory },
  };
  return beginFold(context);
}

/** What some rows come to in one vault. */
export const settled = (rows: readonly RecoveryPointRow[], rules: readonly PointRule[], scene: Scene = {}): Settled =>
  settleFold(
    rows.reduce((sofar, one) => foldRow(sofar, one), begun(rules, scene)),
    scene.status ?? "complete",
  );

export const reasonsOf = (finding: Finding | undefined): readonly string[] | undefined =>
  finding?.bars.map(({ reason }) => reason);

/** A plan with one rule `daily` into `nightly`, as the controller lists it. */
export const planState = (days: number | undefined, more: object = {}) => ({
  versionId: "v1",
  rules: [
    {
      ruleName: "daily",
      targetBackupVaultName: "nightly",
      ...(days === undefined ? {} : { lifecycle: { deleteAfterDays: days } }),
      ...more,
    },
  ],
});

/** A fleet with one live plan. */
export const planned = (days: number | undefined, more: object = {}): FleetView =>
  viewOf({
    live: [
      {
        key: { target, kind: "plan", name: "daily" },
        id: PLAN,
        state: planState(days, more),
        ownership: "ours",
      },
    ],
  });

/** AWS with nothing in the way of a destruction: no holds, no marks, every key enabled, the role that deletes in place. */
export const QUIET = {
  ListLegalHolds: () => ({ LegalHolds: [] }),
  "tag:GetResources": () => ({ ResourceTagMappingList: [] }),
  "kms:DescribeKey": () => ({ KeyMetadata: { KeyState: "Enabled" } }),
  "iam:GetRole": () => ({
    Role: { AssumeRolePolicyDocument: encodeURIComponent('{"Service":"backup.amazonaws.com"}') },
  }),
  "ec2:DescribeImages": () => ({ Images: [] }),
  "ec2:DescribeInstances": () => ({ Reservations: [] }),
  ListCopyJobs: () => ({ CopyJobs: [] }),
};

type Answers = Parameters<typeof answering>[0];

/** What was kept of one vault, after everything it depends on has been looked up. */
export async function examined(
  settledPart: Settled,
  rules: readonly PointRule[],
  answers: Answers = QUIET,
  more: { readonly memory?: Partial<FoldMemory>; readonly now?: Date; readonly elsewhere?: Answers } = {},
) {
  const here = answering(answers);
  const [part] = await recoveryPoint.examine!(here.call, target, [{ ...settledPart, partition: "nightly" }], {
    rules,
    memory: { ...NO_MEMORY, ...more.memory },
    now: more.now ?? new Date(0),
    elsewhere: () => answering(more.elsewhere ?? answers).call,
  });
  return { ...part!, sent: here.names() };
}
