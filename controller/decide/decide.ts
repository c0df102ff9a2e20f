import type { Announcement, Deletion, Standing } from "../domain/announcement.ts";
import type { Bar, Change } from "../domain/change.ts";
import type { DesiredState } from "../domain/desired.ts";
import { canonical, digestOf } from "../domain/digest.ts";
import type { Drift } from "../domain/drift.ts";
import { fleetView } from "../domain/fleet-view.ts";
import { type Digest, type ResourceKey, sameTarget, showKey, showTarget } from "../domain/identity.ts";
import type { Inventory } from "../domain/inventory.ts";
import type { Hold, Plan, Wave } from "../domain/plan.ts";
import type { Carried } from "../domain/carried.ts";
import { sourceTrust } from "../domain/source-trust.ts";
import { announce, type Judgement } from "./announce.ts";
import { announcementBar } from "./announced.ts";
import { withinBudget } from "./budget.ts";
import { consentsIn } from "./consent.ts";
import { removalOf } from "./contained.ts";
import { canariesAfter, followUp, remainingDeletions } from "./deletions.ts";
import { barsWithoutChange, doubtAbout } from "./doubt.ts";
import { groupsOf } from "./groups.ts";
import { barsTo, type GuardContext, type Unsettled } from "./guardrails.ts";
import type { KindTable } from "./kind-table.ts";
import { pair } from "./pair.ts";
import { propose, proposeAmendment } from "./propose.ts";
import { shrank } from "./shrank.ts";
import { unreadParts } from "./unread.ts";
import { expiredWaivers } from "./waivers.ts";
import { wavesOf } from "./waves.ts";

/** What the decision rests on besides the desired and the live state. */
export interface Grounds {
  readonly carried: Carried;
  /** Open announcements, as the last verified report has them. */
  readonly announcements: readonly Announcement[];
  /** What the chain says of those that were asked about. */
  readonly standing: ReadonlyMap<string, Standing>;
  /** Members of the groups that approvals name, by group, as signed. */
  readonly groups: ReadonlyMap<string, readonly string[]>;
  readonly inSync: ReadonlyMap<string, string>;
  readonly partial: boolean;
  /** Why this run destroys nothing, if it may not. */
  readonly harmless: Bar | undefined;
  readonly now: Date;
}

/** What should change, in which order, what may not, and why. Pure: the same facts give the same plan and the same digest. */
export function decide(desired: DesiredState, inventory: Inventory, grounds: Grounds, kinds: KindTable): Plan {
  const { carried, now } = grounds;
  const { governed } = inventory;
  const drift = [...pair(desired, inventory, kinds), ...unreadParts(inventory)];
  const followUps = followUp(carried.deletions ?? [], governed, now);
  const deletions = remainingDeletions(carried.deletions ?? [], followUps, governed);
  const canaries = canariesAfter(carried.canaries ?? [], followUps, now);
  const context = contextOf(desired, inventory, grounds, deletions, kinds);
  const judged = judgeAll(drift, inventory, context);
  // In the order in which they go, lest a budget let through what rests on a change that it holds.
  const { within, over } = withinBudget(wavesOf(judged.going, kinds).flat(), {
    spent: carried.spent ?? [],
    deletions,
    canaries,
    governed,
    guardrails: desired.fleet.guardrails,
    population: populationOf(inventory),
    consented: (change) => context.consents.to(change) !== undefined,
    now,
  });
  const amendments = [...judged.amendments, ...amendmentsIn(over), ...goingIn(within)];
  const held = [
    ...judged.held,
    ...over.map(({ change, bar }) => holdChange(change, [bar])),
    ...waiverHolds(desired, now),
  ].toSorted(holdOrder(kinds));
  const waves = wavesOf(
    within.map((change) => withConsent(change, context)),
    kinds,
  );
  return {
    waves,
    held,
    drift,
    deferred: governed.reduce((sum, result) => sum + result.deferred, 0),
    announcements: announce(amendments, context.announced, governed, deletions, desired.fleet.guardrails),
    unproven: judged.unproven,
    groups: groupsOf(amendments),
    followUps,
    deletions,
    canaries,
    tallies: governed.flatMap(({ target, partition, tallies }) =>
      tallies.map((one) => ({ ...one, target, partition })),
    ),
    digest: digestOfPlan(waves, held),
  };
}

function contextOf(
  desired: DesiredState,
  inventory: Inventory,
  grounds: Grounds,
  deletions: readonly Deletion[],
  kinds: KindTable,
): GuardContext {
  const { carried, announcements, standing, groups, now } = grounds;
  return {
    ...grounds,
    kinds,
    desired,
    deletions,
    view: fleetView(desired, inventory.listings),
    source: sourceTrust(desired.revision, carried.source),
    shrank: shrank(desired, carried.declared),
    consents: consentsIn(desired.approvals, carried.consumed ?? [], groups, now),
    forbidden: new Map(
      inventory.governed.flatMap(({ target, forbids }) => (forbids ? [[target.account, forbids] as const] : [])),
    ),
    announced: { byMark: new Map(announcements.map((one) => [one.mark, one])), standing, now },
    unsettled: new Map(),
    removals: new Map(),
  };
}

const digestOfPlan = (waves: readonly Wave[], held: readonly Hold[]): Digest =>
  digestOf(
    canonical({
      waves: waves.map((wave) => wave.map(({ id }) => id)),
      held: held.map((hold) => [hold.change?.id ?? showKey(keyOf(hold)), hold.reason]),
    }),
  );

interface Judged {
  readonly going: readonly Change[];
  readonly held: readonly Hold[];
  /** Amendments that are held, each with all that stands in its way. */
  readonly amendments: readonly Judgement[];
  /** Announcements that nothing but the reading of the chain keeps from going. */
  readonly unproven: readonly Announcement[];
}

/**
 * Judges parents before what is within them, so that a child knows whether its parent will be there; removals the other way round, so
 * that a parent knows whether its children will be gone.
 */
function judgeAll(drift: readonly Drift[], inventory: Inventory, context: GuardContext): Judged {
  const { kinds } = context;
  const unsettled = new Map<string, Unsettled>();
  const removals = new Map<string, Bar | undefined>();
  const going: Change[] = [];
  const held: Hold[] = [];
  for (const one of inJudgingOrder(drift, kinds)) {
    const change = propose(one, context);
    const bars = change ? barsTo(change, { ...context, unsettled, removals }) : barsWithoutChange(one);
    if (change?.action === "prune") removals.set(removalOf(change.live), bars[0]);
    const doubt = doubtAbout(one, bars, context.now);
    if (doubt) unsettled.set(showKey(one.key), doubt);
    if (bars.length > 0) held.push(change ? holdChange(change, bars, one) : holdDrift(one, bars));
    else if (change) going.push(change);
  }
  const findings = judgeFindings(inventory, { ...context, unsettled });
  return {
    ...findings,
    going: [...going, ...findings.going],
    held: [...held, ...findings.held],
  };
}

function inJudgingOrder(drift: readonly Drift[], kinds: KindTable): readonly Drift[] {
  const declared = drift.filter(({ key }) => kinds.has(key.kind));
  const depth = ({ key }: Drift): number => kinds.depth(key.kind);
  return [
    ...declared.filter((one) => !isRemoved(one)).toSorted((a, b) => depth(a) - depth(b)),
    ...declared.filter(isRemoved).toSorted((a, b) => depth(b) - depth(a)),
  ];
}

const isRemoved = ({ type }: Drift): boolean => type === "surplus" || type === "superseded";

function judgeFindings({ governed }: Inventory, context: GuardContext): Judged {
  const going: Change[] = [];
  const amendments: Judgement[] = [];
  const unproven: Announcement[] = [];
  for (const finding of governed.flatMap(({ findings }) => findings)) {
    const change = proposeAmendment(finding, context.announced);
    const guards = barsTo(change, context);
    const bars = finding.mend || guards.length > 0 ? guards : [NO_MEND(finding.because)];
    const asks = bars.length === 1 && context.harmless === undefined;
    const proof = asks ? announcementBar(change, context.announced).unproven : undefined;
    if (proof && bars[0]?.reason === "not-announced") unproven.push(proof);
    if (bars.length > 0) amendments.push({ change, bars });
    else going.push(change);
  }
  return { going, held: amendments.map(({ change, bars }) => holdChange(change, bars)), amendments, unproven };
}

/** What goes by somebody's consent says by whose, and uses it up. */
function withConsent(change: Change, { consents }: GuardContext): Change {
  const consent = consents.to(change);
  return consent ? { ...change, consent } : change;
}

const amendmentsIn = (over: readonly { readonly change: Change; readonly bar: Bar }[]): readonly Judgement[] =>
  over.flatMap(({ change, bar }) => (change.action === "amend" ? [{ change, bars: [bar] }] : []));

/** What goes now stands announced until it is gone: should the run die before it comes to it, nothing begins anew. */
const goingIn = (within: readonly Change[]): readonly Judgement[] =>
  within.flatMap((change) => (change.action === "amend" ? [{ change, bars: [] }] : []));

/** An exception that ran out is held against its owner, in the place of the fleet's first target: it belongs to none. */
function waiverHolds({ fleet, waivers }: DesiredState, now: Date): readonly Hold[] {
  const [target] = fleet.targets;
  if (!target) return [];
  return expiredWaivers(waivers, now).map(({ waiver, ...told }) => ({
    ...told,
    also: [],
    about: { key: { target, kind: "waiver", name: waiver.name }, source: waiver.source },
  }));
}

const NO_MEND = (because: string): Bar => ({
  reason: "cannot-mend",
  because,
  release: "what the finding names as standing in the way",
});

const holdChange = (change: Change, bars: readonly Bar[], drift?: Drift): Hold => ({
  change,
  ...(drift ? { drift } : {}),
  ...told(bars),
});
const holdDrift = (drift: Drift, bars: readonly Bar[]): Hold => ({ drift, ...told(bars) });

function told(bars: readonly Bar[]): Pick<Hold, "reason" | "also" | "because" | "release"> {
  const [first, ...rest] = bars;
  if (!first) throw new RangeError("a hold has a reason");
  return {
    reason: first.reason,
    because: first.because,
    release: first.release,
    also: [...new Set(rest.map(({ reason }) => reason))].filter((reason) => reason !== first.reason),
  };
}

const keyOf = (hold: Hold): ResourceKey => (hold.change ?? hold.drift ?? hold.about)!.key;
const holdOrder =
  (kinds: KindTable) =>
  (a: Hold, b: Hold): number =>
    kinds.compare(keyOf(a), keyOf(b)) || ((a.change?.id ?? "") < (b.change?.id ?? "") ? -1 : 1);

/** How many resources a target was seen to have, or undefined where some listing of it was not whole. */
const populationOf =
  ({ listings, governed }: Inventory) =>
  (target: string): number | undefined => {
    const parts = listings.filter((one) => showTarget(one.target) === target);
    if (parts.length === 0 || parts.some((one) => one.status === "incomplete")) return undefined;
    const points = governed
      .filter((one) => sameTarget(one.target, parts[0]!.target))
      .flatMap(({ counts }) => Object.values(counts));
    return parts.reduce((sum, one) => sum + one.items.length, 0) + points.reduce((sum, one) => sum + one.points, 0);
  };
