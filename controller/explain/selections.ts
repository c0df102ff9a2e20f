import type { Desired, Source } from "../domain/desired.ts";
import { instant, sameTarget, showKey } from "../domain/identity.ts";
import type { Listing, Live } from "../domain/live.ts";
import { PlanState, type LiveRule } from "../kinds/plan-state.ts";
import { DEFAULT_SCHEDULE, nextRun } from "../kinds/schedule.ts";
import { SelectionState } from "../kinds/selection-state.ts";
import { type Candidate, compileSelection, evaluate, type OptIns } from "../kinds/selection/evaluate.ts";
import { partsOf } from "../kinds/selection/judging.ts";
import { SelectionSpec } from "../kinds/selection/spec.ts";
import type { Verdict } from "../kinds/selection/verdict.ts";
import type { Facts, Unread } from "./facts.ts";
import type { RuleTold, SelectionTold, TakerTold } from "../domain/explanation.ts";
import { becauseText } from "./words.ts";

/** A selection's answer for the resource, live or declared. */
export interface Judged {
  readonly told: SelectionTold;
  readonly verdict: Verdict;
  readonly content: SelectionSpec | SelectionState;
  /** Of the plan that a live one belongs to; absent where it could not be read. */
  readonly plan?: PlanState;
}

export const candidateOf = ({ subject: { arn, types }, tags }: Facts): Candidate => ({
  arn,
  types,
  ...("answer" in tags ? { tags: tags.answer } : {}),
});

export const optInsOf = ({ optIns }: Facts): OptIns | undefined => ("answer" in optIns ? optIns.answer : undefined);

/** Every live selection of the resource's target. */
export function judgeLive(facts: Facts): readonly Judged[] {
  const plans = new Map(
    itemsOf(facts, "plan").map(({ state }) => {
      const plan = PlanState.parse(state);
      return [plan.planId, plan] as const;
    }),
  );
  return itemsOf(facts, "selection").map(({ key, ownership, state }) => {
    const content = SelectionState.parse(state);
    const manifest = wantedOf(facts).find((one) => showKey(one.key) === showKey(key))?.source;
    const plan = plans.get(content.planId);
    return {
      ...judged(facts, key, content, {
        ours: ownership === "ours",
        ...(manifest ? { manifest: placeOf(manifest) } : {}),
      }),
      ...(plan ? { plan } : {}),
    };
  });
}

/** Selections of manifests that are not there as they are declared, whatever lives under their name. */
export function judgeDeclared(facts: Facts): readonly Judged[] {
  const live = new Set(itemsOf(facts, "selection").map(({ key }) => showKey(key)));
  return wantedOf(facts)
    .filter(({ key }) => !live.has(showKey(key)))
    .map(({ key, spec, source }) =>
      judged(facts, key, SelectionSpec.parse(spec), { ours: true, manifest: placeOf(source) }),
    );
}

function judged(
  facts: Facts,
  key: Live["key"],
  content: SelectionSpec | SelectionState,
  owned: Pick<SelectionTold, "ours" | "manifest">,
): Judged {
  const { plan, name: selection } = partsOf(key);
  const candidate = candidateOf(facts);
  const verdict = evaluate(compileSelection(content), candidate, optInsOf(facts));
  return { told: { plan, selection, because: becauseText(verdict, candidate), ...owned }, verdict, content };
}

const placeOf = ({ path, line }: Source): NonNullable<SelectionTold["manifest"]> => ({ path, line });

const wantedOf = ({
  desired: { resources },
  subject: { target },
}: Facts): readonly Extract<Desired, { want: "present" }>[] =>
  resources.filter(
    (one): one is Extract<Desired, { want: "present" }> =>
      one.want === "present" && one.key.kind === "selection" && sameTarget(one.key.target, target),
  );

const listingOf = ({ listings }: Facts, kind: string): Listing | undefined => listings.find((one) => one.kind === kind);
const itemsOf = (facts: Facts, kind: string): readonly Live[] => listingOf(facts, kind)?.items ?? [];

/** What of plans and selections could not be read. */
export const unreadListings = (facts: Facts): readonly Unread[] =>
  facts.listings
    .flatMap((one) => [
      ...(one.status === "incomplete" ? [one.failure] : []),
      ...one.unread.map(({ failure }) => failure),
    ])
    .map(({ operation, message }) => ({ what: "plans and selections", why: `${operation}: ${message}` }));

/** A selection that takes the resource in, with what its plan's rules make of it. */
export const takerTold = ({ told, plan }: Judged, now: Date): TakerTold => ({
  ...told,
  rules: (plan?.rules ?? []).map((rule) => ruleTold(rule, now)),
});

function ruleTold(rule: LiveRule, now: Date): RuleTold {
  const schedule = {
    expression: rule.scheduleExpression ?? DEFAULT_SCHEDULE.expression,
    timezone: rule.scheduleExpressionTimezone ?? DEFAULT_SCHEDULE.timezone,
  };
  const next = nextRun(schedule, now);
  const { deleteAfterDays, moveToColdStorageAfterDays } = rule.lifecycle ?? {};
  return {
    name: rule.ruleName,
    schedule: `${schedule.expression} ${schedule.timezone}`,
    vault: rule.targetBackupVaultName,
    continuous: rule.enableContinuousBackup === true,
    copies: (rule.copyActions ?? []).map(({ destinationBackupVaultArn }) => destinationBackupVaultArn),
    ...(next ? { nextRun: instant(next) } : {}),
    ...(isBounded(deleteAfterDays) ? { deleteAfterDays } : {}),
    ...(isBounded(moveToColdStorageAfterDays) ? { coldAfterDays: moveToColdStorageAfterDays } : {}),
    ...(rule.targetLogicallyAirGappedBackupVaultArn ? { airGapped: rule.targetLogicallyAirGappedBackupVaultArn } : {}),
  };
}

/** -1 says "for ever", as leaving the number out does (semantics §2.2). */
const isBounded = (days: number | undefined): days is number => days !== undefined && days > 0;
