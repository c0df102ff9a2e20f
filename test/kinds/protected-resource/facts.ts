import type { BackupVaultListMember, RecoveryPointByBackupVault } from "@aws-sdk/client-backup";
import type * as z from "zod";
import type { Finding } from "../../../controller/domain/change.ts";
import type { Settled } from "../../../controller/domain/inventory.ts";
import type { PlanState } from "../../../controller/kinds/plan-state.ts";
import { beginFold, foldRow, settleFold } from "../../../controller/kinds/protected-resource/judge/fold.ts";
import { RESOURCES } from "../../../controller/kinds/protected-resource/population/stream.ts";
import type { ResourceRow } from "../../../controller/kinds/protected-resource/row.ts";
import { ProtectedResourceRuleSpec } from "../../../controller/kinds/protected-resource/spec.ts";
import type { Survey } from "../../../controller/kinds/protected-resource/survey/survey.ts";
import { holdingOf } from "../../../controller/kinds/protected-resource/survey/vault-points.ts";
import type { SelectionState } from "../../../controller/kinds/selection-state.ts";
import { liveOf, source, target, viewOf } from "../answers.ts";
import { NO_MEMORY } from "../recovery-point/facts.ts";

/** One database and what vaults say of it, written down by hand, for tables about coverage. Ages are in hours. */

const HOUR = 3_600_000;
export const NOW = new Date("2026-03-01T05:00:00Z");
export const hoursAgo = (hours: number): Date => new Date(NOW.getTime() - hours * HOUR);

export const DATABASE = `arn:aws:rds:${target.region}:${target.account}:db:orders`;

/** A live database that AWS Backup never backed up, made long ago. */
const row = (more: Partial<ResourceRow> = {}): ResourceRow => ({
  arn: DATABASE,
  type: "RDS",
  existence: "live",
  tags: {},
  createdOn: hoursAgo(10_000).getTime(),
  lastBackupOn: null,
  ...more,
});

/** A whole snapshot of the database, so many hours old. */
export const point = (age: number, more: Partial<RecoveryPointByBackupVault> = {}): RecoveryPointByBackupVault => ({
  RecoveryPointArn: `arn:aws:rds:${target.region}:${target.account}:snapshot:awsbackup:job-${age}`,
  ResourceArn: DATABASE,
  ResourceType: "RDS",
  CreationDate: hoursAgo(age),
  Status: "COMPLETED",
  ...more,
});

/** Of the same the continuous point that began so many hours ago. */
export const continuous = (age: number, more: Partial<RecoveryPointByBackupVault> = {}): RecoveryPointByBackupVault =>
  point(age, {
    RecoveryPointArn: `arn:aws:rds:${target.region}:${target.account}:snapshot:awsbackup:continuous:db-1`,
    Status: "AVAILABLE",
    ...more,
  });

type Vault = Survey["vaults"][number];

/** A vault as it is listed, with what lies in it; `unread`: it broke off there; `large`: only what is young enough was read. */
export function vault(
  points: readonly RecoveryPointByBackupVault[],
  listed: BackupVaultListMember = {},
  { unread = false, large = false } = {},
): Vault {
  const member = { ...listed, name: "nightly", arn: "arn:aws:backup:::nightly" };
  const held = { ...holdingOf(member, points, NOW.getTime()), ...(large ? { since: hoursAgo(48).getTime() } : {}) };
  return unread ? { ...held, failure: { kind: "denied", operation: "list", message: "denied" } } : held;
}

export const AIR_GAPPED = { VaultType: "LOGICALLY_AIR_GAPPED_BACKUP_VAULT" } as const;
export const LOCKED = { Locked: true } as const;

/** A plan `name` whose one selection takes in what is named, by rules that run by some schedules. */
export interface Plan {
  readonly name: string;
  /** AWS's; where it is not that of its name. */
  readonly id?: string;
  /** By name, their schedules. */
  readonly rules?: Readonly<Record<string, string>>;
  readonly takes?: { readonly resources?: readonly string[]; readonly tag?: readonly [string, string] };
}

const planOf = ({ name, id = `id-of-${name}`, rules = { daily: "cron(0 1 * * ? *)" } }: Plan) =>
  liveOf<PlanState>("plan", name, {
    planId: id,
    rules: Object.entries(rules).map(([ruleName, scheduleExpression]) => ({
      ruleName,
      targetBackupVaultName: "nightly",
      scheduleExpression,
    })),
    name,
    versionId: "v1",
    advancedBackupSettings: [],
    scanSettings: [],
    tags: {},
  });

const selectionOf = ({ name, id = `id-of-${name}`, takes = { resources: [DATABASE] } }: Plan) => {
  const { resources, tag } = takes;
  return liveOf<SelectionState>("selection", `${name}/all`, {
    planId: id,
    selectionName: "all",
    generation: 0,
    iamRoleArn: "arn:aws:iam::444455556666:role/backup",
    ...(resources ? { resources: [...resources] } : {}),
    ...(tag ? { listOfTags: [{ key: tag[0], value: tag[1] }] } : {}),
  });
};

export interface Scene {
  readonly row?: Partial<ResourceRow>;
  readonly vaults?: readonly Vault[];
  readonly plans?: readonly Plan[];
  readonly optIns?: Survey["optIns"];
}

/** The database judged by one policy, which asks for a point every 24 hours where nothing else is said. */
export function judged(spec: Partial<z.input<typeof ProtectedResourceRuleSpec>>, scene: Scene): Settled {
  const { vaults = [vault([])], plans = [], optIns = { RDS: true } } = scene;
  const fold = beginFold({
    target,
    targets: [target],
    partition: { name: RESOURCES, id: RESOURCES, createdOn: new Date(0), size: 0, facts: {} },
    rules: [
      {
        kind: "protected-resource",
        name: "every-day",
        target,
        spec: ProtectedResourceRuleSpec.parse({ match: {}, rpo: "24h", ...spec }),
        management: { mode: "enforce" },
        source,
      },
    ],
    now: NOW,
    room: 100,
    view: viewOf({ live: [...plans.map(planOf), ...plans.map(selectionOf)] }),
    survey: () => ({ vaults, optIns }),
    memory: NO_MEMORY,
  });
  return settleFold(foldRow(fold, row(scene.row)), "complete");
}

export const causes = ({ findings }: Settled): readonly string[] => findings.map(({ cause }) => cause);

/** The one finding that there is. */
export function only({ findings }: Settled): Finding {
  const [finding, ...others] = findings;
  if (!finding || others.length > 0) throw new Error(`there are ${findings.length} findings and not one`);
  return finding;
}
