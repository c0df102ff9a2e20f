import type { RecoveryPointRow } from "../../point-row.ts";
import type { PointRule } from "./matching.ts";

/** What the rules make of a point's retention. `rule` is the one that decided. */
export type Retention =
  | { readonly verdict: "not-asked" | "within-bounds" }
  | {
      readonly verdict: "tooShort" | "tooLong" | "neverExpires";
      readonly rule: PointRule;
      readonly wantedDays: number;
    };

/**
 * The longest of several rules wins (rule 5). A point is lengthened to what the enforced rules ask; only where they are content
 * do the observed ones speak. It is too long only if every rule that matches says how long at most, and it is longer than all.
 * `planned`: days that the plan's rule which made it asks for today, which is what a policy asks for that does not say.
 */
export function judgeRetention(
  row: RecoveryPointRow,
  matching: readonly PointRule[],
  planned: number | undefined,
): Retention {
  const asking = matching.filter(({ spec }) => spec.retention !== undefined);
  if (asking.length === 0) return { verdict: "not-asked" };
  const enforced = asking.filter(({ management }) => management.mode === "enforce");
  return (
    tooShort(row, enforced, planned) ??
    tooShort(row, asking, planned) ??
    // A rule that does not speak of retention does not say how long at most either.
    tooLong(row, matching, planned) ?? { verdict: "within-bounds" }
  );
}

type Broken = Extract<Retention, { rule: PointRule }>;

const kept = ({ deleteAfterDays }: RecoveryPointRow): number => deleteAfterDays ?? Infinity;

/** Days that a rule keeps a point at least; a plan may not ask for more than the policy's own most. */
const least = ({ spec: { retention } }: PointRule, planned: number | undefined): number =>
  retention === undefined ? 0 : (retention.atLeastDays ?? Math.min(planned ?? 0, retention.atMostDays ?? Infinity));

const most = (rule: PointRule, planned: number | undefined): number =>
  Math.max(rule.spec.retention?.atMostDays ?? Infinity, least(rule, planned));

function tooShort(row: RecoveryPointRow, rules: readonly PointRule[], planned: number | undefined): Broken | undefined {
  const rule = longest(rules, (one) => least(one, planned));
  const wantedDays = rule && least(rule, planned);
  return rule && wantedDays !== undefined && kept(row) < wantedDays
    ? { verdict: "tooShort", rule, wantedDays }
    : undefined;
}

/** A rule that names no most, or asks for longer, keeps the point from being shortened by another. */
function tooLong(row: RecoveryPointRow, rules: readonly PointRule[], planned: number | undefined): Broken | undefined {
  const rule = longest(rules, (one) => most(one, planned));
  const wantedDays = rule && most(rule, planned);
  if (!rule || wantedDays === undefined || kept(row) <= wantedDays) return undefined;
  return { verdict: row.deleteAfterDays === undefined ? "neverExpires" : "tooLong", rule, wantedDays };
}

/** The rule with the greatest number; of several, the first by name, so that the order of manifests never counts. */
const longest = (rules: readonly PointRule[], of: (rule: PointRule) => number): PointRule | undefined =>
  rules.reduce<PointRule | undefined>(
    (best, rule) =>
      best === undefined || of(rule) > of(best) || (of(rule) === of(best) && rule.name < best.name) ? rule : best,
    undefined,
  );

/** Days for which some rule keeps a point whatever else is thought of it. */
export const protectedDays = (matching: readonly PointRule[], planned: number | undefined): number =>
  Math.max(0, ...matching.map((rule) => least(rule, planned)));
