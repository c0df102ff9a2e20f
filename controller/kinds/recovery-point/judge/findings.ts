import type { Bar, FieldDrift, Finding, Mend } from "../../../domain/change.ts";
import type { Target } from "../../../domain/identity.ts";
import type { Settled } from "../../../domain/inventory.ts";
import { coldDays, type LifecycleMend } from "../mend/lifecycle-input.ts";
import type { TagMend } from "../mend/tag.ts";
import { NO_MARK, ORPHAN_TAG } from "../examine/marks.ts";
import { tagger } from "../mend/taggers.ts";
import type { RecoveryPointRow } from "../../point-row.ts";
import { barsOf } from "./bars.ts";
import type { Breach, Copied } from "./breach.ts";
import { destructionInput, destructionOf } from "./destruction.ts";
import type { PointFold } from "./fold.ts";
import type { PointRule } from "./matching.ts";

/** What a finding says beyond its point: known only once the vault has been read. */
export type Setting = Pick<
  PointFold,
  "target" | "vault" | "vaultArn" | "facts" | "newest" | "now" | "existenceOf" | "keepLast"
> & { readonly status: Settled["status"] };

/** A finding as it is before anything is looked up for it: holds, marks, keys and proofs come with `examine`. */
export function toFinding(breach: Breach, setting: Setting): Finding {
  const bars = [...barsOf(breach, setting)];
  return {
    ...common(breach.row, breach.rule, setting),
    cause: breach.cause,
    because: sentence(breach),
    bars,
    ...mendOf(breach, setting),
  };
}

const common = (
  row: Pick<RecoveryPointRow, "arn" | "resourceArn" | "resourceType" | "bytes">,
  rule: PointRule,
  { target, vault }: Pick<Setting, "target" | "vault">,
) => ({
  key: { target, kind: "recovery-point", name: row.arn },
  subject: row.arn,
  partition: vault,
  judgedIn: target,
  within: { target, kind: "vault", name: vault },
  of: { resource: row.resourceArn, type: row.resourceType },
  rule: { name: rule.name, source: rule.source },
  bytes: row.bytes,
  management: rule.management.mode === "enforce" ? ("enforce" as const) : ("observe" as const),
});

/** Something that nobody can mend here, and what a person can do. */
export const reported = (
  place: { readonly target: Target; readonly vault: string },
  row: Parameters<typeof common>[0],
  rule: PointRule,
  { cause, because, bar }: { readonly cause: string; readonly because: string; readonly bar: Bar },
): Finding => ({ ...common(row, rule, place), cause, because, bars: [bar] });

function sentence({ row, rule, ...breach }: Breach): string {
  const kept = row.deleteAfterDays === undefined ? "kept for ever" : `kept ${row.deleteAfterDays} days`;
  switch (breach.does) {
    case "lengthen":
      return rule.spec.retention?.atLeastDays === undefined
        ? `${kept}, and rule ${row.ruleName} of its plan keeps ${breach.wantedDays} today, which ${rule.name} asks for`
        : `${kept}, and ${rule.name} asks for at least ${breach.wantedDays}`;
    case "shorten":
      return `${kept}, and ${rule.name} asks for at most ${breach.wantedDays}`;
    case "tag":
      return `it lacks ${Object.entries(breach.tags)
        .map(([key, value]) => `${key}=${value}`)
        .join(", ")}, which ${rule.name} asks for`;
    case "report":
      return breach.because;
    case "unmark":
      return `it is marked ${Object.entries(breach.marks)
        .map(([key, value]) => `${key}=${value}`)
        .join(", ")}, and is no orphan any more`;
    case "delete":
    case "mark":
      return breach.cause === "copied" ? standsIn(breach) : ORPHANED[breach.cause](row);
    default:
      return breach satisfies never;
  }
}

const standsIn = ({ copies, asked }: Pick<Copied, "copies" | "asked">): string =>
  [
    ...copies.map(
      ({ arn, vault, target }) => `its copy ${arn} stands in vault ${vault} of ${target.account}/${target.region}`,
    ),
    `and it is kept beside ${copies.length > 1 ? "them" : "that"} for ${asked.afterCopy?.keepLocalDays} days`,
  ].join(", ");

const ORPHANED = {
  planDeleted: ({ planArn }: RecoveryPointRow) => `its plan ${planArn} is deleted, and it has no delete date`,
  resourceDeleted: ({ resourceArn }: RecoveryPointRow) =>
    `${resourceArn} does not exist any more, and it has no delete date`,
  unowned: ({ resourceArn }: RecoveryPointRow) =>
    `neither it nor ${resourceArn} bears a tag that names an owner, and it has no delete date`,
  expired: ({ statusMessage }: RecoveryPointRow) =>
    `its retention is spent and AWS Backup could not delete it${statusMessage === undefined ? "" : `: ${statusMessage}`}`,
} as const;

function mendOf(breach: Breach, setting: Setting): { readonly mend?: Mend } {
  const { row } = breach;
  const { vault } = setting;
  switch (breach.does) {
    case "lengthen": {
      const input: LifecycleMend = lifecycleOf(row, vault);
      return { mend: { step: "lifecycle", fields: [daysField(row, breach.wantedDays, "strengthens")], input } };
    }
    case "shorten":
      return {
        mend: {
          step: "shorten",
          fields: [daysField(row, breach.wantedDays, "destroys")],
          input: { ...lifecycleOf(row, vault), destruction: destructionInput(breach, setting) },
          destruction: destructionOf(breach, setting),
        },
      };
    case "delete":
      return {
        mend: {
          step: "delete",
          fields: [field("recoveryPoint", row.status, undefined, "destroys")],
          input: destructionInput(breach, setting),
          destruction: destructionOf(breach, setting),
        },
      };
    case "mark":
      return taggingOf(row, vault, { [ORPHAN_TAG]: breach.cause });
    case "tag":
      return taggingOf(row, vault, breach.tags);
    case "unmark":
      return taggingOf(
        row,
        vault,
        Object.fromEntries(Object.keys(breach.marks).map((key) => [key, NO_MARK])),
        breach.marks,
      );
    case "report":
      return {};
    default:
      return breach satisfies never;
  }
}

function taggingOf(
  { arn }: RecoveryPointRow,
  vault: string,
  tags: Readonly<Record<string, string>>,
  live: Readonly<Record<string, string>> = {},
): { readonly mend?: Mend } {
  if (tagger(arn) === undefined) return {};
  const input: TagMend = { vault, arn, tags };
  const fields = Object.entries(tags).map(([key, value]) => field(`tags.${key}`, live[key], value, "neutral"));
  return { mend: { step: "tag", fields, input } };
}

const field = (path: string, live: unknown, desired: unknown, effect: FieldDrift["effect"]): FieldDrift => ({
  path,
  live,
  desired,
  effect,
  on: "in-place",
  hazards: [],
});

/** Less time for what is already stored is a deletion to come (rule 5). */
const daysField = (row: RecoveryPointRow, wantedDays: number, effect: FieldDrift["effect"]): FieldDrift =>
  field("lifecycle.deleteAfterDays", row.deleteAfterDays, wantedDays, effect);

const lifecycleOf = (row: RecoveryPointRow, vault: string): LifecycleMend => ({
  vault,
  arn: row.arn,
  judged: {
    deleteAfterDays: row.deleteAfterDays ?? null,
    moveToColdStorageAfterDays: row.moveToColdStorageAfterDays ?? null,
  },
  moveToColdStorageAfterDays: coldDays(row) ?? null,
  optInToArchive: row.optInToArchive === true,
});
