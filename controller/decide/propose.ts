import {
  type Action,
  type Bar,
  type Change,
  changeId,
  type Destruction,
  destructionId,
  type FieldDrift,
  type Finding,
  type Mend,
} from "../domain/change.ts";
import type { Drift } from "../domain/drift.ts";
import { type Effect, type Hazard, worstEffect } from "../domain/effect.ts";
import { showKey } from "../domain/identity.ts";
import type { FleetView, JudgedKind, JudgingContext } from "../domain/judging.ts";
import { announcementOf, type Announced, daysUntil, deleteDate } from "./announced.ts";
import { type KindTable, specDigest } from "./kind-table.ts";

/** What a proposal is made in the light of. */
export interface Light {
  readonly kinds: KindTable;
  readonly view: FleetView;
  readonly now: Date;
  /** Digests of the specs that the last whole report recorded in sync. */
  readonly inSync: ReadonlyMap<string, string>;
}

/** The change that would close a drift, or undefined where there is nothing to close or no saying what would. */
export function propose(drift: Drift, light: Light): Change | undefined {
  switch (drift.type) {
    case "missing":
      return proposeCreate(drift, light);
    case "different":
      return proposeMend(drift, light);
    case "unadopted":
      return proposeAdoption(drift);
    case "surplus":
      return proposePrune(drift, light);
    case "superseded":
      return proposeCleanUp(drift, light);
    case "in-sync":
    case "foreign":
    case "ambiguous":
    case "unmanaged":
    case "unknown":
      return undefined;
    default:
      return drift satisfies never;
  }
}

function proposeCreate(drift: Extract<Drift, { type: "missing" }>, light: Light): Change {
  const { key, desired } = drift;
  const kind = light.kinds.of(key.kind);
  const { effect, hazards, fields } = kind.creation(desired.spec);
  const all = [...hazards, ...fleetHazards(kind, { ...drift, action: "create", fields }, light)];
  return { ...common("create", drift, fields, effect, all, light), action: "create", desired, fields };
}

function proposeMend(drift: Extract<Drift, { type: "different" }>, light: Light): Change {
  const { desired, live, fields, key } = drift;
  const kind = light.kinds.of(key.kind);
  const action = fields.some((field) => field.on === "replace") ? "replace" : "update";
  const hazards = [
    ...fields.flatMap((field) => field.hazards),
    ...fleetHazards(kind, { ...drift, action, fields }, light),
  ];
  const effect = worstEffect(fields.map((field) => field.effect));
  return { ...common(action, drift, fields, effect, hazards, light), action, desired, live, fields };
}

/** Adoption marks and changes nothing else in its run (rule 19), so it has no effect on protection. */
function proposeAdoption(drift: Extract<Drift, { type: "unadopted" }>): Change {
  const { key, desired, live, fields } = drift;
  const id = changeId({ key, action: "adopt", subject: live.id, fields: [] });
  return {
    id,
    key,
    action: "adopt",
    effect: "neutral",
    hazards: [],
    restores: false,
    source: desired.source,
    desired,
    live,
    fields,
  };
}

function proposePrune(drift: Extract<Drift, { type: "surplus" }>, light: Light): Change {
  const { live, desired } = drift;
  const { effect, hazards, fields } = light.kinds.of(drift.key.kind).removal(live.state);
  return {
    ...common("prune", drift, fields, effect, hazards, light),
    action: "prune",
    live,
    ...(desired ? { desired } : {}),
    fields,
  };
}

/** What a replacement left behind goes unasked where its successor covers all it did; else it is a prune like any other. */
function proposeCleanUp(drift: Extract<Drift, { type: "superseded" }>, light: Light): Change {
  const { key, live, by, desired } = drift;
  const kind = light.kinds.of(key.kind);
  const { fields } = kind.removal(live.state);
  const covered = kind.compare(kind.observed(by.state), live.state);
  const worst = worstEffect(covered.map((field) => field.effect));
  const effect: Effect = worst === "neutral" || worst === "strengthens" ? "neutral" : "weakens";
  const id = changeId({ key, action: "prune", subject: live.id, fields });
  return {
    id,
    key,
    effect,
    hazards: [],
    restores: false,
    source: desired.source,
    action: "prune",
    live,
    desired,
    fields,
  };
}

/**
 * The change that would mend a finding. A destruction bears the id of what was announced, with the date that was announced, for as long
 * as its facts are no worse (rule 6); a shortening's days follow from that date (rule 5).
 */
export function proposeAmendment(finding: Finding, announced: Announced): Extract<Change, { action: "amend" }> {
  const { mend } = finding;
  const dated = mend?.destruction ? dateOf(mend, mend.destruction, finding, announced) : { finding, id: undefined };
  const fields = dated.finding.mend?.fields ?? [];
  return {
    id:
      dated.id ??
      changeId({ key: finding.key, action: "amend", subject: `${finding.subject} ${finding.cause}`, fields }),
    key: finding.key,
    action: "amend",
    effect: worstEffect(fields.map((field) => field.effect)),
    hazards: [...new Set([...fields.flatMap((field) => field.hazards), ...(mend?.hazards ?? [])])],
    restores: false,
    source: finding.rule.source,
    finding: dated.finding,
    fields,
  };
}

function dateOf(
  mend: Mend,
  destruction: Destruction,
  finding: Finding,
  announced: Announced,
): { readonly finding: Finding; readonly id: string } {
  const deleteOn = deleteDate(destruction, announcementOf(finding, announced), announced.now);
  const id = destructionId(destruction, deleteOn);
  const { shorten } = destruction;
  if (deleteOn === null || !shorten) return { finding, id };
  const days = daysUntil(deleteOn, shorten.createdOn);
  // No later than it would be shortened to it goes by itself: setting the date would keep it for longer, if anything.
  if (mend.fields.every(({ live }) => typeof live === "number" && live <= days))
    return { finding: { ...finding, bars: [...finding.bars, goesByItself(deleteOn)] }, id };
  const fields = mend.fields.map((field) => ({ ...field, desired: days }));
  return { finding: { ...finding, mend: { ...mend, fields } }, id };
}

const goesByItself = (deleteOn: string): Bar => ({
  reason: "cannot-mend",
  because: `shortened it would go no sooner than ${deleteOn.slice(0, 10)}, and it goes by itself before that`,
  release: "nothing: it needs none",
});

type Judged = Pick<JudgingContext, "action" | "fields"> & Extract<Drift, { type: "missing" | "different" }>;

const fleetHazards = (
  kind: JudgedKind,
  { action, key, fields, ...drift }: Judged,
  { view, now }: Light,
): readonly Hazard[] =>
  kind.hazards({
    action,
    key,
    fields,
    spec: drift.desired.spec,
    ...("live" in drift ? { live: drift.live } : {}),
    view,
    now,
  });

function common(
  action: Action,
  drift: Extract<Drift, { type: "missing" | "different" | "surplus" }>,
  fields: readonly FieldDrift[],
  effect: Effect,
  hazards: readonly Hazard[],
  light: Light,
) {
  const { key, desired } = drift;
  const restoring = drift.type !== "surplus" && restores(drift, light);
  return {
    id: changeId({ key, action, fields, ...(drift.type === "surplus" ? { subject: drift.live.id } : {}) }),
    key,
    effect,
    restores: restoring,
    hazards: [...new Set(hazards)].filter((hazard) => !(restoring && (hazard === "interrupts" || hazard === "costs"))),
    ...(desired ? { source: desired.source } : {}),
  };
}

/** Undoing what somebody did to a resource that a verified report recorded in sync with this very spec (rule 13). */
const restores = (
  { key, desired }: Extract<Drift, { type: "missing" | "different" }>,
  { inSync, kinds }: Pick<Light, "inSync" | "kinds">,
): boolean => inSync.get(showKey(key)) === specDigest(kinds.of(key.kind), desired.spec);
