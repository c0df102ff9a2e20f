import type { Existence } from "../owners/survey.ts";
import type { RecoveryPointRow } from "../../point-row.ts";
import type { OrphanCause } from "../spec.ts";
import type { PointRule } from "./matching.ts";
import type { Origin } from "./origin.ts";
import type { Owner } from "./owner.ts";

/** What became of who a point belonged to, and which rule acts on it. */
export type Orphanhood =
  | { readonly is: "owned" | "unknown" | "ageing-out" }
  | { readonly is: "orphan"; readonly cause: OrphanCause; readonly rule: PointRule };

/**
 * Whether nothing owns a point any more (rule 2). One made by hand is never an orphan; one with a delete date ages out by itself; one
 * that AWS Backup could not delete is a case of its own. What cannot be known is no orphan. Several rules: the first enforced one.
 */
export function judgeOrphan(
  row: RecoveryPointRow,
  matching: readonly PointRule[],
  origin: Origin,
  existence: () => Existence,
): Orphanhood {
  const actingOn = (cause: OrphanCause): PointRule | undefined => ruleFor(matching, cause);
  const orphan = (cause: OrphanCause, rule: PointRule): Orphanhood => ({ is: "orphan", cause, rule });
  if (row.status === "EXPIRED") {
    const rule = actingOn("expired");
    return rule ? orphan("expired", rule) : { is: "owned" };
  }
  if (origin.plan === "none") return { is: "owned" };
  const [byPlan, byResource] = [actingOn("planDeleted"), actingOn("resourceDeleted")];
  if (!byPlan && !byResource) return { is: "owned" };
  const is = byResource ? existence().is : "live";
  const cause = byPlan && origin.plan === "deleted" ? "planDeleted" : is === "absent" ? "resourceDeleted" : undefined;
  if (cause === undefined) return { is: origin.plan === "unknown" || is === "unknown" ? "unknown" : "owned" };
  if (row.deleteAfterDays !== undefined) return { is: "ageing-out" };
  const rule = cause === "planDeleted" ? byPlan : byResource;
  return rule ? orphan(cause, rule) : { is: "owned" };
}

/** Whether it is an orphan for want of an owner, where nothing else makes it one: what ages out by itself is told of by no tag. */
export function judgeUnowned(
  row: RecoveryPointRow,
  matching: readonly PointRule[],
  ownerFor: (rule: PointRule) => Owner,
): Orphanhood {
  const rule = row.status === "EXPIRED" ? undefined : ruleFor(matching, "unowned");
  const owner = rule ? ownerFor(rule) : "somebody";
  if (!rule || owner === "somebody") return { is: "owned" };
  if (owner === "unknown") return { is: "unknown" };
  return row.deleteAfterDays === undefined ? { is: "orphan", cause: "unowned", rule } : { is: "ageing-out" };
}

function ruleFor(matching: readonly PointRule[], cause: OrphanCause): PointRule | undefined {
  const rules = matching.filter(({ spec }) => spec.orphans?.when.includes(cause));
  return rules.find(({ management }) => management.mode === "enforce") ?? rules[0];
}
