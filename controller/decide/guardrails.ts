import type { Deletion } from "../domain/announcement.ts";
import { type Bar, type Change, HOLD_REASONS, type HoldReason } from "../domain/change.ts";
import type { DesiredState, Management } from "../domain/desired.ts";
import { passesRatchet } from "../domain/effect.ts";
import type { AwsFailure } from "../domain/errors.ts";
import { type ResourceKey, showKey } from "../domain/identity.ts";
import type { FleetView } from "../domain/judging.ts";
import type { Live } from "../domain/live.ts";
import type { Carried } from "../domain/carried.ts";
import type { SourceTrust } from "../domain/source-trust.ts";
import { announcementBar, type Announced } from "./announced.ts";
import type { Consents } from "./consent.ts";
import { containedBars, type Removals } from "./contained.ts";
import { contested } from "./contested.ts";
import { deletionBar } from "./deletions.ts";
import { maintenanceBar } from "./maintenance.ts";
import { breakGlass, managedElsewhere } from "./marks.ts";
import type { Light } from "./propose.ts";
import { waiverBar } from "./waivers.ts";

/** Everything a guardrail may look at besides the change itself. */
export interface GuardContext extends Light {
  readonly desired: DesiredState;
  readonly carried: Carried;
  /** Whether the run looks at less than the fleet. */
  readonly partial: boolean;
  readonly source: SourceTrust;
  readonly shrank: string | undefined;
  /** What people have consented to in git. */
  readonly consents: Consents;
  readonly announced: Announced;
  readonly deletions: readonly Deletion[];
  /** Accounts in which nothing may be destroyed, by what could not be read there (rule 10). */
  readonly forbidden: ReadonlyMap<string, AwsFailure>;
  /** Why this run destroys nothing, if it may not: an event's, or one whose lease and evidence hold nobody off. */
  readonly harmless: Bar | undefined;
  /** Resources that what is within them or rests on them cannot count on in this run: by `showKey`. */
  readonly unsettled: ReadonlyMap<string, Unsettled>;
  /** What becomes of what a resource may hold, when its own removal is judged. */
  readonly removals: Removals;
}

/** Why a resource cannot be counted on. `exists` tells a thing that is there but not ours from one that will not be there. */
export interface Unsettled {
  readonly bar: Bar;
  readonly exists: boolean;
}

type Guardrail = (change: Change, context: GuardContext) => Bar | readonly Bar[] | undefined;

/** Every reason to hold a change, gravest first. None: it goes. */
export function barsTo(change: Change, context: GuardContext): readonly Bar[] {
  const bars = GUARDRAILS.flatMap((guardrail) => guardrail(change, context) ?? []);
  return bars.toSorted((a, b) => HOLD_REASONS.indexOf(a.reason) - HOLD_REASONS.indexOf(b.reason));
}

const bar = (reason: HoldReason, because: string, release: string): Bar => ({ reason, because, release });

/** What is within a resource is as much ours as that is; what rests on one needs it only to be there. */
const parentUnsettled: Guardrail = (change, { unsettled, kinds }) => {
  const desired = "desired" in change ? change.desired : undefined;
  const parent = desired?.within ? unsettled.get(showKey(desired.within)) : undefined;
  if (parent) return parent.bar;
  if (desired?.want !== "present") return undefined;
  // In their own order, so that of several the same one is told however the manifest lists them.
  const rests = kinds.of(change.key.kind).references(desired.spec, change.key.target).map(showKey).toSorted();
  return rests.map((key) => unsettled.get(key)).find((one) => one && !one.exists)?.bar;
};

/** Not adopted: a manifest names it, and nobody has said that Holdfast may have it (law 5). */
const notOurs: Guardrail = (change) =>
  change.action === "adopt" && change.desired.adopt === false
    ? bar(
        "not-ours",
        `${change.key.kind} ${change.key.name} exists and is not managed by Holdfast`,
        "set adopt: true in its manifest; it is marked first and changed from the next run on",
      )
    : undefined;

const pulledAt: Guardrail = (change, context) => {
  const live = liveOf(change);
  const managed = live && managedElsewhere(live);
  if (managed) return managed;
  const field = contested(change, context);
  return field
    ? bar(
        "contested",
        `${field.path} was corrected ${field.times} times in 24 h and is different again: somebody else sets it`,
        "find who sets it; corrections resume when it has rested for 24 h",
      )
    : undefined;
};

const observeOnly: Guardrail = (change) =>
  managementOf(change).mode === "observe"
    ? bar("observe-only", "its manifest, group or fleet is in observe mode", "set management: enforce")
    : undefined;

const suspended: Guardrail = (change, { now, view }) => {
  const management = managementOf(change);
  if (management.mode === "suspended")
    return bar("suspended", `suspended: ${management.reason}`, "set management: enforce");
  const live = change.action === "amend" ? containerOf(change.finding.within, view) : liveOf(change);
  return live && breakGlass(live, now);
};

/** The declared resource that a governed one is in, whoever manages it. */
const containerOf = (within: ResourceKey, view: FleetView): Live | undefined =>
  view.live(within.kind).find(({ key }) => showKey(key) === showKey(within));

const partialScope: Guardrail = (change, { partial }) =>
  partial && !passesRatchet(change.effect)
    ? bar(
        "partial-scope",
        `it ${change.effect}, and this run looked at a part of the fleet only`,
        "run over the whole fleet",
      )
    : undefined;

const immutable: Guardrail = (change) => {
  const field = change.fields.find(({ on }) => on === "never");
  return field && change.action === "update"
    ? bar(
        "immutable-field",
        `AWS never changes ${field.path} of a ${change.key.kind}`,
        "declare it as it is, or make a new resource under another name",
      )
    : undefined;
};

const hazardous: Guardrail = (change, { consents }) =>
  change.hazards.length > 0 && !consents.to(change)
    ? bar("hazard", hazardSentence(change), `a manifest without the hazard, or ${approving(change)}`)
    : undefined;

/** How consent is given (rule 7). */
const approving = ({ id }: Change): string => `\`holdfast approve ${id}\`, committed`;

const MEANING = {
  "fails-jobs":
    "backup or copy jobs may fail under it: a vault they write into, its lock, or a role does not take them, or could not be read",
  interrupts: "it interrupts continuous backup",
  irreversible: "it can never be undone",
  costs: "it costs more than has been agreed to",
} as const;
const hazardSentence = (change: Change): string => change.hazards.map((hazard) => MEANING[hazard]).join("; ");

/** The ratchet (law 2). */
const needsApproval: Guardrail = (change, { consents }) =>
  passesRatchet(change.effect) || consents.to(change)
    ? undefined
    : bar(
        "needs-approval",
        effectSentence(change),
        change.action === "amend"
          ? `another policy, or ${approving(change)}`
          : `a manifest that says what is live, or ${approving(change)}`,
      );

/** Nothing is destroyed, and nothing done that can never be undone, that no signed report has announced (law 3). */
const unannounced: Guardrail = (change, { announced, harmless, deletions, consents, forbidden }) => {
  if (change.effect !== "destroys" && change.effect !== "irreversible") return undefined;
  if (harmless) return harmless;
  const unread = forbidden.get(change.key.target.account);
  if (unread)
    return bar(
      "unknown-state",
      `in account ${change.key.target.account} ${unread.operation} could not tell: ${unread.message}`,
      "leave to read it: nothing is destroyed in an account where nobody can tell",
    );
  if (change.action !== "amend" || !change.finding.mend?.destruction)
    return bar(
      "not-announced",
      "what can never be undone must be announced first, and only the destruction of recovery points is",
      "doing it by hand, and declaring it as it is then",
    );
  const { bar: held, unproven } = announcementBar(change, announced);
  // The chain is read for what may go otherwise, and for nothing else.
  const unasked = unproven !== undefined && !consents.to(change);
  return [unasked ? undefined : held, deletionBar(change, deletions)].filter((one) => one !== undefined);
};

const frozen: Guardrail = (change, { desired, now }) =>
  maintenanceBar(change, desired.fleet.guardrails.maintenance, now);

const waived: Guardrail = (change, { desired, now }) =>
  change.action === "amend" ? waiverBar(change.finding, desired.waivers, now) : undefined;

const effectSentence = (change: Change): string => {
  if (change.action === "amend" && change.effect === "destroys")
    return change.finding.mend?.step === "delete" ? "it deletes a stored backup" : "it lets a stored backup go earlier";
  const grave = change.fields.filter(({ effect }) => effect === change.effect).map(({ path }) => path);
  const what = change.effect === "irreversible" ? "can never be undone" : `${change.effect} protection`;
  return change.action === "prune" || grave.length === 0 ? `it ${what}` : `${grave.join(", ")}: the change ${what}`;
};

const kindBars: Guardrail = (change, { kinds, view, now, consents }) => {
  if (change.action === "amend")
    return change.finding.bars.filter(({ reason }) => reason !== "last-point" || !consents.toLast(change));
  const { action, key, fields } = change;
  const spec =
    "desired" in change && change.desired?.want === "present" && action !== "prune" ? change.desired.spec : undefined;
  const live = liveOf(change);
  return kinds.of(key.kind).bars({
    action,
    key,
    fields,
    ...(spec === undefined ? {} : { spec }),
    ...(live ? { live } : {}),
    view,
    now,
  });
};

/** A run over a part of the fleet declares less by its nature. */
const desiredShrank: Guardrail = (change, { shrank, partial }) =>
  shrank !== undefined && !partial && !passesRatchet(change.effect)
    ? bar("desired-state-shrank", shrank, "restore the manifests; the run after this one measures by the smaller set")
    : undefined;

const staleSource: Guardrail = (_change, { source }) =>
  source.trust === "stale" ? bar("stale-source", source.because, source.release) : undefined;

const GUARDRAILS: readonly Guardrail[] = [
  parentUnsettled,
  notOurs,
  pulledAt,
  observeOnly,
  suspended,
  partialScope,
  frozen,
  immutable,
  hazardous,
  needsApproval,
  unannounced,
  waived,
  kindBars,
  containedBars,
  desiredShrank,
  staleSource,
];

const liveOf = (change: Change): Live | undefined => ("live" in change ? change.live : undefined);

/** A resource that no manifest names any more is held by its fleet's ratchet, not by a mode of its own. */
const managementOf = (change: Change): Management => {
  if (change.action === "amend") return { mode: change.finding.management };
  return change.desired?.management ?? { mode: "enforce" };
};
