import type { Change } from "../domain/change.ts";
import type { DesiredState } from "../domain/desired.ts";
import { canonical, digestOf } from "../domain/digest.ts";
import type { Drift } from "../domain/drift.ts";
import { sameTarget, showKey, showTarget } from "../domain/identity.ts";
import type { Inventory } from "../domain/inventory.ts";
import type { Bar } from "../domain/judging.ts";
import type { Hold, Plan } from "../domain/plan.ts";
import type { Carried } from "../domain/report.ts";
import { sourceTrust } from "../domain/source-trust.ts";
import { withinBudget } from "./budget.ts";
import { barsWithoutChange, doubtAbout } from "./doubt.ts";
import { fleetView } from "./fleet-view.ts";
import { barsTo, type GuardContext, type Unsettled } from "./guardrails.ts";
import type { KindTable } from "./kind-table.ts";
import { pair } from "./pair.ts";
import { propose, proposeAmendments } from "./propose.ts";
import { shrank } from "./shrank.ts";
import { unreadParts } from "./unread.ts";
import { changeOrder, wavesOf } from "./waves.ts";

/** What the decision rests on besides the desired and the live state. */
export interface Grounds {
  readonly carried: Carried;
  readonly inSync: ReadonlyMap<string, string>;
  readonly approved: ReadonlySet<string>;
  readonly partial: boolean;
  readonly now: Date;
}

/** What should change, in which order, what may not, and why. Pure: the same facts give the same plan and the same digest. */
export function decide(desired: DesiredState, inventory: Inventory, grounds: Grounds, kinds: KindTable): Plan {
  const drift = [...pair(desired, inventory, kinds), ...unreadParts(inventory)];
  const context: GuardContext = {
    ...grounds,
    kinds,
    desired,
    view: fleetView(desired, inventory),
    source: sourceTrust(desired.revision, grounds.carried.source),
    shrank: shrank(desired, grounds.carried.declared),
    unsettled: new Map(),
  };
  const judged = judgeAll(drift, inventory, context);
  const { within, over } = withinBudget(judged.going, desired.fleet.guardrails, populationOf(inventory));
  const held = [...judged.held, ...over.map(({ change, bar }) => holdChange(change, [bar]))].toSorted(holdOrder(kinds));
  const waves = wavesOf(within, kinds);
  const deferred = inventory.governed.reduce((sum, result) => sum + result.deferred, 0);
  const digest = digestOf(
    canonical({
      waves: waves.map((wave) => wave.map(({ id }) => id)),
      held: held.map((hold) => [hold.change?.id ?? showKey(keyOf(hold)), hold.reason]),
    }),
  );
  return { waves, held, drift, deferred, digest };
}

interface Judged {
  readonly going: readonly Change[];
  readonly held: readonly Hold[];
}

/** Judges parents before what is within them, so that a child knows whether its parent will be there. */
function judgeAll(drift: readonly Drift[], inventory: Inventory, context: GuardContext): Judged {
  const { kinds } = context;
  const unsettled = new Map<string, Unsettled>();
  const going: Change[] = [];
  const held: Hold[] = [];
  const byDepth = drift
    .filter(({ key }) => kinds.has(key.kind))
    .toSorted((a, b) => kinds.depth(a.key.kind) - kinds.depth(b.key.kind));
  for (const one of byDepth) {
    const change = propose(one, context);
    const bars = change ? barsTo(change, { ...context, unsettled }) : barsWithoutChange(one);
    const doubt = doubtAbout(one, bars, context.now);
    if (doubt) unsettled.set(showKey(one.key), doubt);
    if (bars.length > 0) held.push(change ? holdChange(change, bars, one) : holdDrift(one, bars));
    else if (change) going.push(change);
  }
  for (const change of proposeAmendments(inventory.governed)) {
    const bars =
      change.action === "amend" && !change.finding.mend && change.finding.bars.length === 0
        ? [NO_MEND(change.finding.because)]
        : barsTo(change, { ...context, unsettled });
    if (bars.length > 0) held.push(holdChange(change, bars));
    else going.push(change);
  }
  return { going: going.toSorted(changeOrder), held };
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

const keyOf = (hold: Hold) => (hold.change ?? hold.drift)!.key;
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
