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
import { fleetView } from "./fleet-view.ts";
import { barsTo, type GuardContext, type Unsettled } from "./guardrails.ts";
import type { KindTable } from "./kind-table.ts";
import { pair } from "./pair.ts";
import { propose, proposeAmendments } from "./propose.ts";
import { shrank } from "./shrank.ts";
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

/** What could not be read, as drift of its own: a target with an unread part is not converged, whatever its manifests say (law 1). */
function unreadParts({ listings, governed }: Inventory): readonly Drift[] {
  const kinds = listings.flatMap((listing): Drift[] => {
    const at = (name: string) => ({ target: listing.target, kind: listing.kind, name });
    const strangers = listing.unread
      .filter(({ key }) => key === undefined)
      .map(({ unread, failure }): Drift => ({ type: "unknown", key: at(unread), failure }));
    return listing.status === "incomplete"
      ? [{ type: "unknown", key: at("*"), failure: listing.failure }, ...strangers]
      : strangers;
  });
  const partitions = governed.flatMap(({ target, kind, partition, failure }): Drift[] =>
    failure ? [{ type: "unknown", key: { target, kind, name: partition }, failure }] : [],
  );
  return [...kinds, ...partitions];
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
    const doubt = doubtAbout(one, bars);
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

/** Facts that allow no change at all, each with what would. */
function barsWithoutChange(drift: Drift): readonly Bar[] {
  switch (drift.type) {
    case "unknown":
      return drift.desired
        ? [
            {
              reason: "unknown-state",
              because: `${drift.failure.operation} could not tell: ${drift.failure.message}`,
              release: "a complete listing; unknown is never taken for absent",
            },
          ]
        : [];
    case "ambiguous":
      return [
        {
          reason: "ambiguous",
          because: `${drift.candidates.length} live resources answer to this name: ${drift.candidates.map(({ id }) => id).join(", ")}`,
          release: "set adopt: <id> in the manifest, or remove the others",
        },
      ];
    case "foreign":
      return [
        {
          reason: "not-ours",
          because: "it belongs to another fleet, to an organization policy or to AWS itself",
          release: "another name in the manifest",
        },
      ];
    default:
      return [];
  }
}

/** Whether what is within this resource, or rests on it, may count on it in this run. */
function doubtAbout(drift: Drift, bars: readonly Bar[]): Unsettled | undefined {
  const [first] = bars;
  switch (drift.type) {
    case "unknown":
    case "ambiguous":
    case "foreign":
      return (
        first && { bar: { ...first, because: `${drift.key.kind} ${drift.key.name}: ${first.because}` }, exists: true }
      );
    case "missing":
      return (
        first && {
          bar: {
            ...first,
            because: `${drift.key.kind} ${drift.key.name} is not there, and making it is held: ${first.because}`,
          },
          exists: false,
        }
      );
    case "unadopted":
      return { exists: true, bar: first ?? ADOPTING };
    default:
      return undefined;
  }
}

const ADOPTING: Bar = {
  reason: "not-ours",
  because: "what it is within is adopted in this run, and an adoption changes nothing else",
  release: "the next run",
};

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
