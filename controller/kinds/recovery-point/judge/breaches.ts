import { announcedAs } from "../../../domain/announcement.ts";
import type { RecoveryPointRow } from "../../point-row.ts";
import { DELETE_AFTER_TAG, NO_MARK, ORPHAN_TAG } from "../examine/marks.ts";
import { inheritedKeys, type OrphanCause } from "../spec.ts";
import { tagger } from "../mend/taggers.ts";
import type { Existence } from "../owners/survey.ts";
import type { Breach } from "./breach.ts";
import { judgeEncryption } from "./encryption.ts";
import type { PointFold } from "./fold.ts";
import type { PointRule } from "./matching.ts";
import { type Origin, plannedDays, ruleOf } from "./origin.ts";
import { judgeOrphan, judgeUnowned } from "./orphan.ts";
import { ownerIn } from "./owner.ts";
import { judgeRetention, protectedDays } from "./retention.ts";

/** Every way in which a point breaks the rules that match it, and what it counts as. */
export function breachesOf(
  fold: PointFold,
  row: RecoveryPointRow,
  matching: readonly PointRule[],
): { readonly breaches: readonly Breach[]; readonly counted: readonly string[] } {
  const origin = fold.originOf(row);
  const planned = plannedDays(row, origin, fold.vaultArn);
  const breaches = [
    ...retentionBreaches(row, matching, planned),
    ...orphanBreaches(fold, row, matching, origin, planned),
    ...encryptionBreaches(fold, row, matching),
    ...tagBreaches(fold, row, matching),
    ...placementBreaches(fold, row, matching, origin),
  ];
  if (breaches.length === 0) return row.status === "EXPIRED" ? SPENT : IN_ORDER;
  const found = breaches.filter(({ does }) => does !== "mark" && does !== "unmark").map(({ cause }) => cause);
  const marks = breaches.filter(({ does }) => does === "mark").map(({ cause }) => cause);
  const counted = [...new Set([...found, ...marks])];
  return { breaches, counted: counted.length === 0 ? IN_ORDER.counted : counted };
}

/** What most points come to, made once: there may be a million of them. */
const IN_ORDER = { breaches: [], counted: ["within-bounds"] } as const;
const SPENT = { breaches: [], counted: ["expired"] } as const;

/** What AWS Backup could not delete has spent its retention (rule 2). */
function retentionBreaches(
  row: RecoveryPointRow,
  matching: readonly PointRule[],
  planned: number | undefined,
): readonly Breach[] {
  if (row.status === "EXPIRED") return [];
  const { verdict, ...rest } = judgeRetention(row, matching, planned);
  if (verdict === "not-asked" || verdict === "within-bounds" || !("rule" in rest)) return [];
  return verdict === "tooShort"
    ? [{ row, does: "lengthen", cause: verdict, ...rest }]
    : [{ row, does: "shorten", cause: verdict, ...rest }];
}

function orphanBreaches(
  fold: PointFold,
  row: RecoveryPointRow,
  matching: readonly PointRule[],
  origin: Origin,
  planned: number | undefined,
): readonly Breach[] {
  const left = judgeOrphan(row, matching, origin, () => existenceOf(fold, row));
  const orphan = left.is === "owned" ? judgeUnowned(row, matching, (rule) => ownerIn(fold, row, rule)) : left;
  if (orphan.is === "unknown") noteUndecided(fold, row, origin);
  if (orphan.is !== "orphan") return orphan.is === "unknown" ? [] : markBreaches(fold, row, matching);
  const { cause, rule } = orphan;
  if (cause === "resourceDeleted") noteAbsent(fold, row, rule);
  const mark: Breach = { row, rule, cause, does: "mark" };
  if (rule.spec.orphans?.action !== "delete") return [mark];
  const deletion: Breach = { row, rule, cause, does: "delete", keptDays: protectedDays(matching, planned) };
  // Where AWS takes no tags, the announcement alone tells of it.
  return tagger(row.arn) === undefined ? [deletion] : [mark, deletion];
}

/** A listing of resources that broke off leaves it open whether their points are orphans: that is in doubt, not in order (law 1). */
function existenceOf(fold: PointFold, row: RecoveryPointRow): Existence {
  const existence = fold.existenceOf(row);
  if (existence.is === "unknown" && existence.failure) fold.doubt ??= existence.failure;
  return existence;
}

/** What it was announced for that cannot be told now: of a plan that is out of sight nothing follows for a resource that is not. */
function noteUndecided(fold: PointFold, row: RecoveryPointRow, { plan }: Origin): void {
  const { memory, undecided, facts } = fold;
  const doubtful: OrphanCause[] = [];
  if (plan === "unknown") doubtful.push("planDeleted");
  const isInSight = fold.existenceOf(row).is !== "unknown";
  if (!isInSight) doubtful.push("resourceDeleted");
  if (!isInSight || "failure" in facts.tagged) doubtful.push("unowned");
  const announced = doubtful.map((cause) => announcedAs({ cause, subject: row.arn }));
  undecided.push(...announced.filter((one) => memory.announced.has(one)));
}

function noteAbsent({ absent, existenceOf }: PointFold, row: RecoveryPointRow, rule: PointRule): void {
  const existence = existenceOf(row);
  if (existence.is !== "absent") return;
  const known = absent.get(row.resourceArn);
  if (known) {
    known.points += 1;
    known.bytes += row.bytes;
  } else
    absent.set(row.resourceArn, {
      type: row.resourceType,
      owner: existence.owner,
      policy: rule.name,
      points: 1,
      bytes: row.bytes,
    });
}

function encryptionBreaches(
  { facts }: PointFold,
  row: RecoveryPointRow,
  matching: readonly PointRule[],
): readonly Breach[] {
  const found = judgeEncryption(row, matching, facts.keys);
  return found.verdict === "unencrypted" || found.verdict === "wrongKey"
    ? [{ row, does: "report", cause: found.verdict, rule: found.rule, because: found.because }]
    : [];
}

/** Tags that could not be listed are not missing. */
function tagBreaches({ facts }: PointFold, row: RecoveryPointRow, matching: readonly PointRule[]): readonly Breach[] {
  const { tagged } = facts;
  if ("failure" in tagged) return [];
  return matching.flatMap((rule): readonly Breach[] => {
    const own = Object.entries(rule.spec.tags ?? {});
    const missing = [
      ...inheritedTags(tagged, row, rule),
      ...own.filter(([key, value]) => tagged.get(key)?.get(row.arn) !== value),
    ];
    return missing.length === 0
      ? []
      : [{ row, rule, does: "tag", cause: "missingTag", tags: Object.fromEntries(missing) }];
  });
}

/** What its resource bears and the point does not, and no policy says otherwise. What it bears already may tell of its time. */
const inheritedTags = (
  tagged: ReadonlyMap<string, ReadonlyMap<string, string>>,
  row: RecoveryPointRow,
  { spec }: PointRule,
): readonly (readonly [string, string])[] =>
  inheritedKeys(spec).flatMap((key) => {
    const value = tagged.get(key)?.get(row.resourceArn);
    const isTaken = tagged.get(key)?.has(row.arn) === true || Object.hasOwn(spec.tags ?? {}, key);
    return value === undefined || isTaken ? [] : [[key, value] as const];
  });

/** A mark that says what does not hold any more misleads people. Of one that cannot be judged nothing is said. */
function markBreaches({ facts }: PointFold, row: RecoveryPointRow, matching: readonly PointRule[]): readonly Breach[] {
  const marks = facts.marked.get(row.arn);
  const rule = matching.find(({ spec }) => spec.orphans !== undefined);
  const lapsed = Object.entries(marks ?? {}).filter(
    ([key, value]) => (key === ORPHAN_TAG || key === DELETE_AFTER_TAG) && value !== NO_MARK,
  );
  return rule && lapsed.length > 0
    ? [{ row, rule, does: "unmark", cause: "markLapsed", marks: Object.fromEntries(lapsed) }]
    : [];
}

/** Of points that the plan made as it is now: an earlier version may have put them elsewhere, and rightly so then. */
function placementBreaches(
  { vault }: PointFold,
  row: RecoveryPointRow,
  matching: readonly PointRule[],
  origin: Origin,
): readonly Breach[] {
  const rule = matching.find(({ spec }) => spec.placement === "asPlanned");
  const planned = ruleOf(row, origin);
  if (!rule || !planned || origin.plan !== "live" || row.sourceVaultArn !== undefined) return [];
  if (row.planVersion !== origin.versionId || planned.vault === vault || planned.airGappedVaultArn !== undefined)
    return [];
  const because = `it lies in ${vault}, and rule ${row.ruleName} of its plan puts its points into ${planned.vault}`;
  return [{ row, rule, does: "report", cause: "wrongVault", because }];
}
