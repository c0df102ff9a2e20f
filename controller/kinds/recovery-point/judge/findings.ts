import type { Bar, FieldDrift, Finding, Mend } from "../../../domain/change.ts";
import { canonical, digestOf } from "../../../domain/digest.ts";
import { partitionOf, type Target } from "../../../domain/identity.ts";
import type { Settled } from "../../../domain/inventory.ts";
import { coldDays, type LifecycleMend } from "../mend/lifecycle-input.ts";
import type { DestructionInput } from "../mend/destruction-input.ts";
import type { TagMend } from "../mend/tag.ts";
import { NO_MARK, ORPHAN_TAG } from "../examine/marks.ts";
import { tagger } from "../mend/taggers.ts";
import { ownerKeys } from "../spec.ts";
import type { RecoveryPointRow } from "../../point-row.ts";
import { durationMs } from "../../duration.ts";
import type { Existence } from "../owners/survey.ts";
import { LOCKED } from "../../locked.ts";
import type { Breach, Copied, Destroying } from "./breach.ts";
import type { PointFold } from "./fold.ts";
import type { PointRule } from "./matching.ts";
import { newerThan } from "./survivors.ts";

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

/** Minimum in code, and what holds where no policy says (rule 6). Milliseconds. */
const LEAST_GRACE_MS = 72 * 3_600_000;
const USUAL_GRACE = "14d";

function destructionOf(
  breach: Destroying,
  { target, vaultArn, newest, keepLast }: Setting,
): NonNullable<Mend["destruction"]> {
  const { row, rule } = breach;
  return {
    identity: {
      partition: partitionOf(target.region),
      vault: vaultArn,
      point: row.arn,
      createdOn: row.createdOn,
      action: breach.does,
      cause: breach.cause,
      policy: rule.name,
      block: digestOf(canonical(blockOf(breach))),
    },
    ...(breach.does === "shorten" ? { shorten: { createdOn: row.createdOn, wantedDays: breach.wantedDays } } : {}),
    beside: {
      status: row.status,
      rank: Math.min(keepLast, newerThan(row, newest.get(row.resourceArn)).length),
      bytes: row.bytes,
    },
    graceMs: Math.max(LEAST_GRACE_MS, durationMs(graceOf(breach) ?? USUAL_GRACE)),
    state: digestOf(canonical([row.status, row.statusMessage ?? null, row.roleArn ?? null])),
    last: false,
  };
}

/** What of the policy asks for it: an announcement lapses with a change of that. Another copy is another proof. */
const blockOf = (breach: Destroying): object => {
  const { retention, orphans } = breach.rule.spec;
  if (breach.cause !== "copied") return { retention, orphans };
  const [copy, ...others] = breach.copies.map(({ arn }) => arn);
  return { retention, copies: breach.asked, copy, ...(others.length > 0 ? { others } : {}) };
};

const graceOf = (breach: Destroying): string | undefined =>
  breach.cause === "copied" ? breach.asked.afterCopy?.grace : breach.rule.spec.orphans?.grace;

/** Everything a deletion or a shortening must look up again, as data: the finding may be read back elsewhere before it is applied. */
function destructionInput(breach: Destroying, { vault, newest, existenceOf, keepLast }: Setting): DestructionInput {
  const { row } = breach;
  const existence = breach.cause === "resourceDeleted" ? existenceOf(row) : undefined;
  return {
    vault,
    arn: row.arn,
    status: row.status,
    deleteAfterDays: row.deleteAfterDays ?? null,
    resource: row.resourceArn,
    type: row.resourceType,
    roleArn: row.roleArn ?? null,
    newest: newest.get(row.resourceArn)?.any.arn ?? null,
    newer: newerThan(row, newest.get(row.resourceArn)).map((one) => ({
      arn: one.arn,
      status: one.status,
      deleteOn: one.deleteOn ?? null,
      keyArn: one.keyArn ?? null,
    })),
    keepLast,
    proof: proofOf(breach, existence),
  };
}

function proofOf(breach: Destroying, existence: Existence | undefined): DestructionInput["proof"] {
  const { row } = breach;
  if (breach.cause === "copied") return { of: "copies", copies: [...breach.copies] };
  if (breach.cause === "unowned") return { of: "owner", keys: [...ownerKeys(breach.rule.spec)] };
  if (breach.cause === "planDeleted" && row.planArn !== undefined) return { of: "plan", arn: row.planArn };
  return existence?.is === "absent" ? { of: "resource", owner: existence.owner } : null;
}

const DAY_MS = 86_400_000;

function* barsOf(breach: Breach, { facts, status, now }: Setting): Generator<Bar> {
  const { row } = breach;
  if (breach.does === "report") yield REPORT_ONLY[breach.cause];
  if (breach.cause === "copied") yield* breach.bars;
  if ((breach.does === "mark" || breach.does === "tag") && tagger(row.arn) === undefined)
    yield {
      reason: "cannot-mend",
      because: "AWS takes no tags on this kind of backup",
      release: "nothing: keep it by a Waiver or a legal hold instead of a tag",
    };
  if (breach.does === "delete" || breach.does === "shorten") {
    // Which point is the last of its resource follows from the whole vault only.
    if (status === "incomplete")
      yield {
        reason: "unknown-state",
        because: "its vault could not be read whole",
        release: "a complete listing of its vault",
      };
  }
  const touchesLock = breach.does === "delete" || breach.does === "shorten" || breach.does === "lengthen";
  // Refused even when lengthening, in both modes and in grace time (semantics §4.3).
  if (touchesLock && facts.locked) yield LOCKED;
  if (breach.does === "delete" && now.getTime() < row.createdOn + breach.keptDays * DAY_MS)
    yield {
      reason: "cannot-mend",
      because: `a policy keeps it for ${breach.keptDays} days at least`,
      release: `wait until ${new Date(row.createdOn + breach.keptDays * DAY_MS).toISOString().slice(0, 10)}`,
    };
  if (breach.does === "lengthen" || breach.does === "shorten") yield* coldBars(row, breach.wantedDays);
}

/** AWS refuses a retention that leaves less than its least time in cold storage (rule 5). */
export function coldBars(row: RecoveryPointRow, wantedDays: number): readonly Bar[] {
  const cold = coldDays(row);
  if (cold === undefined || wantedDays >= cold + LEAST_COLD) return [];
  return [
    {
      reason: "cannot-mend",
      because: `it moves to cold storage after ${cold} days and must stay there for ${LEAST_COLD}`,
      release: `a retention of ${cold + LEAST_COLD} days or more`,
    },
  ];
}

const REPORT_ONLY: Readonly<Record<"unencrypted" | "wrongKey" | "wrongVault", Bar>> = {
  unencrypted: {
    reason: "cannot-mend",
    because: "AWS cannot encrypt a recovery point afterwards",
    release: "encrypt the resource, or copy the point into a vault with a key; accept it in a Waiver meanwhile",
  },
  wrongKey: {
    reason: "cannot-mend",
    because: "AWS cannot change the key of a recovery point",
    release: "copy the point into a vault with the right key; accept it in a Waiver meanwhile",
  },
  wrongVault: {
    reason: "cannot-mend",
    because: "AWS cannot move a recovery point",
    release: "copy it into the right vault; accept it in a Waiver meanwhile",
  },
};

/** Days in cold storage that AWS insists on (semantics §2.4). */
const LEAST_COLD = 90;
