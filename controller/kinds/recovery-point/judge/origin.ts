import * as z from "zod";
import type { FleetView } from "../../../domain/judging.ts";
import { placeOf } from "../../place.ts";
import type { RecoveryPointRow } from "../../point-row.ts";

/** What became of the plan that made a point. */
export type Origin =
  /** Made by hand. */
  | { readonly plan: "none" }
  /** Outside the fleet, or its listing is not whole: unknown is never absent (law 1). */
  | { readonly plan: "unknown" }
  /** A complete listing of its account and Region does not have it. */
  | { readonly plan: "deleted" }
  | { readonly plan: "live"; readonly versionId: string; readonly rules: ReadonlyMap<string, PlannedRule> };

/** As much of a plan's rule as its points are judged by. */
export interface PlannedRule {
  readonly vault: string;
  readonly airGappedVaultArn?: string | undefined;
  /** Absent: for ever. */
  readonly days?: number | undefined;
  readonly copies: readonly { readonly vaultArn: string; readonly days?: number | undefined }[];
}

const Lifecycle = z.object({ deleteAfterDays: z.number().optional() }).optional();
const PlanBody = z.object({
  versionId: z.string(),
  rules: z.array(
    z.object({
      ruleName: z.string(),
      targetBackupVaultName: z.string(),
      targetLogicallyAirGappedBackupVaultArn: z.string().optional(),
      lifecycle: Lifecycle,
      copyActions: z.array(z.object({ destinationBackupVaultArn: z.string(), lifecycle: Lifecycle })).optional(),
    }),
  ),
});

/** Tells what became of a point's plan, wherever in the fleet that lived. Each plan is looked up once. */
export function originsIn(view: FleetView): (row: Pick<RecoveryPointRow, "planArn">) => Origin {
  const known = new Map<string, Origin>();
  return ({ planArn }) => {
    if (planArn === undefined) return { plan: "none" };
    const origin = known.get(planArn) ?? lookUp(planArn, view);
    known.set(planArn, origin);
    return origin;
  };
}

function lookUp(planArn: string, view: FleetView): Origin {
  const place = placeOf(planArn);
  const listing = place && view.listing("plan", place);
  const live = listing?.items.find(({ id }) => id === planArn);
  if (live) {
    const body = PlanBody.safeParse(live.state);
    return body.success
      ? { plan: "live", versionId: body.data.versionId, rules: rulesOf(body.data) }
      : { plan: "unknown" };
  }
  const mayBeThere = listing?.status !== "complete" || listing.unread.some(({ unread }) => unread === planArn);
  return { plan: mayBeThere ? "unknown" : "deleted" };
}

const rulesOf = ({ rules }: z.infer<typeof PlanBody>): ReadonlyMap<string, PlannedRule> =>
  new Map(
    rules.map((rule) => [
      rule.ruleName,
      {
        vault: rule.targetBackupVaultName,
        airGappedVaultArn: rule.targetLogicallyAirGappedBackupVaultArn,
        days: rule.lifecycle?.deleteAfterDays,
        copies: (rule.copyActions ?? []).map(({ destinationBackupVaultArn, lifecycle }) => ({
          vaultArn: destinationBackupVaultArn,
          days: lifecycle?.deleteAfterDays,
        })),
      },
    ]),
  );

/** The rule that made a point, as it is today; undefined where it is not known or not there any more. */
export const ruleOf = (row: RecoveryPointRow, origin: Origin): PlannedRule | undefined =>
  origin.plan === "live" && row.ruleName !== undefined ? origin.rules.get(row.ruleName) : undefined;

/** Days for which the rule that made it would keep a point today; undefined: it does not say, or says for ever. */
export function plannedDays(row: RecoveryPointRow, origin: Origin, vaultArn: string): number | undefined {
  const rule = ruleOf(row, origin);
  if (!rule) return undefined;
  if (row.sourceVaultArn === undefined) return rule.days;
  const copy = rule.copies.find((one) => one.vaultArn === vaultArn);
  // A copy without a retention of its own takes its source's (semantics §2.4).
  return copy && (copy.days ?? rule.days);
}
