import type { Rule } from "../../domain/desired.ts";
import { takes } from "./matching.ts";
import type { RecoveryPointRow } from "./row.ts";
import type { RecoveryPointRuleSpec } from "./spec.ts";

export type PointRule = Rule<RecoveryPointRuleSpec>;

/** What the rules make of a point's retention. `rule` is the one that decided. */
export type Retention =
  | { readonly verdict: "unmatched" | "suspended" | "within-bounds" }
  | { readonly verdict: "too-short" | "too-long"; readonly rule: PointRule; readonly wantedDays: number };

/**
 * The longest of several rules wins (rule 5). A point is lengthened to what the enforced rules ask; only where they are content
 * do the observed ones speak. It is too long only if every rule that matches says how long at most, and it is longer than all.
 */
export function judgeRetention(row: RecoveryPointRow, rules: readonly PointRule[]): Retention {
  const matching = rules.filter((rule) => takes(rule.spec, row.resourceType));
  if (matching.length === 0) return { verdict: "unmatched" };
  if (matching.some(({ management }) => management.mode === "suspended")) return { verdict: "suspended" };
  const enforced = matching.filter(({ management }) => management.mode === "enforce");
  return tooShort(row, enforced) ?? tooShort(row, matching) ?? tooLong(row, matching) ?? { verdict: "within-bounds" };
}

type Broken = Extract<Retention, { rule: PointRule }>;

const kept = ({ deleteAfterDays }: RecoveryPointRow): number => deleteAfterDays ?? Infinity;

function tooShort(row: RecoveryPointRow, rules: readonly PointRule[]): Broken | undefined {
  const rule = longest(rules, ({ spec }) => spec.retention.atLeastDays ?? 0);
  const atLeast = rule?.spec.retention.atLeastDays;
  return rule && atLeast !== undefined && kept(row) < atLeast
    ? { verdict: "too-short", rule, wantedDays: atLeast }
    : undefined;
}

/** A rule that names no most, or asks for longer, keeps the point from being shortened by another. */
function tooLong(row: RecoveryPointRow, rules: readonly PointRule[]): Broken | undefined {
  const most = ({ spec: { retention } }: PointRule) =>
    Math.max(retention.atMostDays ?? Infinity, retention.atLeastDays ?? 0);
  const rule = longest(rules, most);
  return rule && kept(row) > most(rule) ? { verdict: "too-long", rule, wantedDays: most(rule) } : undefined;
}

/** The rule with the greatest number; of several, the first by name, so that the order of manifests never counts. */
const longest = (rules: readonly PointRule[], of: (rule: PointRule) => number): PointRule | undefined =>
  rules.toSorted((a, b) => of(b) - of(a) || (a.name < b.name ? -1 : 1))[0];
