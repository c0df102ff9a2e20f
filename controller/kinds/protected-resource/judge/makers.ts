import type { Target } from "../../../domain/identity.ts";
import type { FleetView } from "../../../domain/judging.ts";
import { PlanState } from "../../plan-state.ts";
import { present } from "../../present.ts";
import { DEFAULT_SCHEDULE, periodAt } from "../../schedule.ts";
import { SelectionState } from "../../selection-state.ts";
import { type CompiledSelection, compileSelection, evaluate, type OptIns } from "../../selection/evaluate.ts";
import type { Verdict } from "../../selection/verdict.ts";
import type { Order } from "../order.ts";
import type { ResourceRow } from "../row.ts";

/** A selection of a target with the plan that it is of, made ready for many resources. */
export interface Maker {
  readonly planName: string;
  readonly plan: PlanState;
  readonly selection: SelectionState;
  readonly compiled: CompiledSelection;
  /** What each of the plan's rules would make, but for what depends on the resource's type; the most frequent first. */
  readonly orders: readonly Omit<Order, "options">[];
}

/** Who should make a resource's recovery points, by what its target's selections say. */
export interface Makers {
  /** Every selection that was read. */
  readonly all: readonly Maker[];
  /** False: some plan or selection of the target was not read, so that there may be another that takes the resource in. */
  readonly whole: boolean;
  readonly verdicts: (row: ResourceRow) => readonly { readonly maker: Maker; readonly verdict: Verdict }[];
}

/** `optIns`: undefined where they could not be read. */
export function makersIn(view: FleetView, here: Target, optIns: OptIns | undefined, now: Date): Makers {
  const plans = new Map(
    (view.listing("plan", here)?.items ?? []).flatMap(({ key, state }) => {
      const body = PlanState.safeParse(state);
      return body.success ? [[body.data.planId, { name: key.name, plan: body.data }] as const] : [];
    }),
  );
  const all = (view.listing("selection", here)?.items ?? []).flatMap(({ state }): Maker[] => {
    const body = SelectionState.safeParse(state);
    const of = body.success ? plans.get(body.data.planId) : undefined;
    if (!body.success || !of) return [];
    const orders = ordersBy(of.name, of.plan, body.data, now);
    return [{ planName: of.name, plan: of.plan, selection: body.data, compiled: compileSelection(body.data), orders }];
  });
  return {
    all,
    whole: view.complete("plan", here) && view.complete("selection", here),
    verdicts: ({ arn, type, tags }) => {
      const candidate = { arn, types: type === "" ? [] : type.split(", "), ...(tags ? { tags } : {}) };
      return all.map((maker) => ({ maker, verdict: evaluate(maker.compiled, candidate, optIns) }));
    },
  };
}

/** A rule whose schedule cannot be read is none to repeat. */
function ordersBy(planName: string, plan: PlanState, selection: SelectionState, now: Date): Maker["orders"] {
  const orders = plan.rules.flatMap((rule) => {
    const expression = rule.scheduleExpression ?? DEFAULT_SCHEDULE.expression;
    const timezone = rule.scheduleExpressionTimezone ?? DEFAULT_SCHEDULE.timezone;
    const periodMs = periodAt({ expression, timezone }, now);
    if (periodMs === undefined) return [];
    return present({
      planId: plan.planId,
      planName,
      ruleName: rule.ruleName,
      selectionName: selection.selectionName,
      vault: rule.targetBackupVaultName,
      airGappedVaultArn: rule.targetLogicallyAirGappedBackupVaultArn,
      roleArn: selection.iamRoleArn,
      lifecycle: rule.lifecycle,
      copies: (rule.copyActions ?? []).map(({ destinationBackupVaultArn: destination, lifecycle }) =>
        present({ destination, lifecycle }),
      ),
      tags: rule.recoveryPointTags ?? {},
      startWindowMinutes: rule.startWindowMinutes,
      completionWindowMinutes: rule.completionWindowMinutes,
      periodMs,
    });
  });
  return orders.toSorted(byFrequency);
}

const byFrequency = (a: Omit<Order, "options">, b: Omit<Order, "options">): number =>
  a.periodMs - b.periodMs || (nameOf(a) < nameOf(b) ? -1 : nameOf(a) > nameOf(b) ? 1 : 0);
const nameOf = ({ planName, ruleName, selectionName }: Omit<Order, "options">): string =>
  [planName, ruleName, selectionName].join("\n");

/** What the rules of all plans that take a resource in would make of it, the most frequent first. */
export const ordersOf = (takers: readonly Maker[], { type }: ResourceRow): readonly Order[] =>
  takers
    .flatMap(({ plan, orders }) => {
      const settings = plan.advancedBackupSettings.find(({ resourceType }) => resourceType === type);
      return orders.map((order) => ({ ...order, options: settings?.backupOptions ?? {} }));
    })
    .toSorted(byFrequency);
