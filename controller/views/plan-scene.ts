import type { Action, Change, Consent, Finding } from "../domain/change.ts";
import type { CoverageEffect } from "../domain/coverage-effect.ts";
import type { Fleet, Problem, Revision } from "../domain/desired.ts";
import type { Drift } from "../domain/drift.ts";
import { showKey } from "../domain/identity.ts";
import type { Hold, Plan } from "../domain/plan.ts";
import type { MisnamedRow } from "../domain/report-rows.ts";
import { outlookOfPlan } from "./outlook.ts";
import type { Scene, Shown, ShownHold, ShownUnknown } from "./shown.ts";

/** A plan and what it was worked out from. */
export interface PlanView {
  readonly plan: Plan;
  readonly fleet: Pick<Fleet, "name" | "targets" | "excluded">;
  readonly revision: Pick<Revision, "digest" | "commit" | "dirty" | "sequence">;
  /** Problems of the manifests that stop nothing. */
  readonly warnings: readonly Problem[];
  /** Absent: no change touches what selections take in. */
  readonly coverageEffect?: CoverageEffect;
  /** Absent: the Fleet has no rules of naming, or nothing could be read. */
  readonly misnamed?: readonly MisnamedRow[];
}

/** Everything that a view of a plan says, drawn from it once. */
export function pictureOf({ plan, ...context }: PlanView) {
  return { scene: sceneOfPlan(plan), counts: countsOf(plan), outlook: outlookOfPlan(plan), ...context };
}

/** A plan as it is looked at. A hold for want of reading is told, and counted, among the unknowns only. */
export const sceneOfPlan = (plan: Plan): Scene => ({
  changes: plan.waves.flat().map(shownChange),
  held: plan.held.filter((hold) => !isUnknown(hold)).flatMap(shownHold),
  unknown: unknownOf(plan),
});

const isUnknown = (hold: Hold): boolean => hold.change === undefined && hold.drift?.type === "unknown";

const shownChange = (change: Change): Shown => ({
  key: change.key,
  action: change.action,
  effect: change.effect,
  hazards: change.hazards,
  restores: change.restores,
  id: change.id,
  ...(change.source ? { manifest: change.source } : {}),
  fields: change.fields,
  ...(change.consent ? { consent: consentOf(change.consent) } : {}),
  ...(change.action === "amend" ? findingOf(change.finding) : {}),
});

const findingOf = ({ subject, partition, because, bytes, of, mend }: Finding) => ({
  subject,
  partition,
  because,
  bytes,
  of: of.resource,
  ...(mend ? { step: mend.step } : {}),
});

const consentOf = ({ approval, ticket }: Consent) => ({ approval, ...(ticket === undefined ? {} : { ticket }) });

/** What nobody can mend has no change: its finding is all there is to show. */
function shownFinding(change: Change): Shown {
  const shown = shownChange(change);
  if (change.action !== "amend" || change.finding.mend) return shown;
  const { action: _action, effect: _effect, id: _id, restores: _restores, ...rest } = shown;
  return rest;
}

/** Where no change could be worked out, the resource that the hold is about. */
const shownDrift = (drift: Drift): Shown => ({
  key: drift.key,
  hazards: [],
  fields: "fields" in drift ? drift.fields : [],
  ...("desired" in drift && drift.desired ? { manifest: drift.desired.source } : {}),
});

function shownHold({ change, drift, about, reason, also, because, release }: Hold): readonly ShownHold[] {
  const resource = change
    ? shownFinding(change)
    : drift
      ? shownDrift(drift)
      : about && { key: about.key, hazards: [], fields: [], manifest: about.source };
  return resource ? [{ resource, reason, also, because, release }] : [];
}

function unknownOf(plan: Plan): readonly ShownUnknown[] {
  const releases = new Map(
    plan.held
      .filter(isUnknown)
      .flatMap(({ drift, release }) => (drift ? [[showKey(drift.key), release] as const] : [])),
  );
  return plan.drift.flatMap((drift): readonly ShownUnknown[] => {
    if (drift.type !== "unknown") return [];
    const release = drift.desired && releases.get(showKey(drift.key));
    const { kind, operation, message, code } = drift.failure;
    return [
      {
        key: drift.key,
        // Without its request id, so that one cause met many times is one cause.
        failure: { kind, operation, message, ...(code === undefined ? {} : { code }) },
        ...(drift.desired ? { manifest: drift.desired.source } : {}),
        ...(release === undefined ? {} : { release }),
      },
    ];
  });
}

/** Every number a plan is summed up by. `held` and `unknown` do not overlap. */
export interface PlanCounts extends Readonly<Record<Action, number>> {
  /** Of those to amend, the ones that delete what is stored, or let it go earlier. */
  readonly destroying: number;
  readonly held: number;
  readonly unknown: number;
  readonly inSync: number;
  readonly unmanaged: number;
  /** Findings left for a later run. */
  readonly deferred: number;
}

export function countsOf(plan: Plan): PlanCounts {
  const { changes, held, unknown } = sceneOfPlan(plan);
  const toDo = (action: Action) => changes.filter((change) => change.action === action).length;
  const drifts = (type: Drift["type"]) => plan.drift.filter((drift) => drift.type === type).length;
  return {
    create: toDo("create"),
    update: toDo("update"),
    replace: toDo("replace"),
    adopt: toDo("adopt"),
    prune: toDo("prune"),
    amend: toDo("amend"),
    destroying: changes.filter(({ action, effect }) => action === "amend" && effect === "destroys").length,
    held: held.length,
    unknown: unknown.length,
    inSync: drifts("in-sync"),
    unmanaged: drifts("unmanaged"),
    deferred: plan.deferred,
  };
}
