import pLimit from "p-limit";
import type { DesiredState, Rule, Wanted } from "../domain/desired.ts";
import { fleetView } from "../domain/fleet-view.ts";
import { sameTarget, showTarget, type Target } from "../domain/identity.ts";
import type { GovernedResult, Inventory, Surveys } from "../domain/inventory.ts";
import type { FleetView } from "../domain/judging.ts";
import type { Listing } from "../domain/live.ts";
import type { Carried } from "../domain/carried.ts";
import type { DeclaredKind } from "../kinds/define-kind.ts";
import type { GovernedKind } from "../kinds/define-governed-kind.ts";
import type { FoldMemory } from "../kinds/kind.ts";
import type { Clock, FleetReader, Progress } from "../ports.ts";
import { listKind, resolveSpecs } from "./declared.ts";
import { foldGoverned, type RowSink } from "./governed.ts";
import { memoised } from "./memoised.ts";

export interface Observing {
  readonly clock: Clock;
  readonly progress: Progress;
  readonly fleet: FleetReader;
  readonly kinds: readonly DeclaredKind[];
  readonly governed: readonly GovernedKind[];
  readonly adopted: Carried["adopted"];
  /** What verified reports remember that governed resources are judged in the light of. */
  readonly memory: FoldMemory;
  /** Most findings kept in a partition; the rest is counted and deferred (design §6). */
  readonly room: number;
  readonly sink?: RowSink;
  /** What was seen before, for targets that are not looked at this time: rows here are judged in the light of the whole fleet. */
  readonly earlier?: Inventory;
}

/**
 * Reads the live state of some targets. Never modifies; what could not be read comes back as such, and stops nothing else. All that is
 * declared comes first: whether a recovery point's plan or resource still exists may be a matter of another account.
 */
export async function observe(
  desired: DesiredState,
  targets: readonly Target[],
  observing: Observing,
): Promise<Inventory> {
  const limit = pLimit(desired.fleet.guardrails.concurrency);
  const partOf = desiredByTarget(desired);
  const told = progressOf(targets.length, observing);
  const seen = await Promise.all(
    targets.map((target) => limit(() => observeDeclared(partOf(target), target, desired, observing))),
  );
  const listings = seen.flatMap((one) => one.listings);
  const { earlier } = observing;
  const surveys = new Map([
    ...(earlier?.surveys ?? []),
    ...seen.map((one, at): [string, Surveys] => [showTarget(targets[at]!), one.surveys]),
  ]);
  const again = new Set(targets.map(showTarget));
  const before = (earlier?.listings ?? []).filter(({ target }) => !again.has(showTarget(target)));
  const view = fleetView(desired, [...listings, ...before]);
  const governed = await Promise.all(
    targets.map((target, at) =>
      limit(async () => {
        const results = await observeGoverned(desired, partOf(target).rules, target, observing, { view, surveys });
        told(target, seen[at]!.listings);
        return results;
      }),
    ),
  );
  return {
    listings,
    resolved: new Map(seen.flatMap((one) => [...one.resolved])),
    governed: governed.flat(),
    surveys,
  };
}

/** Tells how far the looking has come, and which targets could not be seen. */
function progressOf(of: number, { progress }: Pick<Observing, "progress">) {
  let done = 0;
  return (target: Target, listings: readonly Listing[]): void => {
    const failure = listings.find((listing) => listing.status === "incomplete");
    done += 1;
    progress({
      stage: "observe",
      done,
      of,
      target,
      ...(failure?.status === "incomplete" ? { failure: failure.failure } : {}),
    });
  };
}

/** What is wanted, and by what is judged, in one target. */
interface DesiredPart {
  readonly wanted: readonly Wanted[];
  readonly rules: readonly Rule[];
}

/** Parted once for all targets: a fleet of thousands declares hundreds of thousands of resources. */
function desiredByTarget({ resources, rules }: DesiredState): (target: Target) => DesiredPart {
  const present = resources.filter((one) => one.want === "present");
  const wantedIn = Map.groupBy(present, ({ key }) => showTarget(key.target));
  const rulesIn = Map.groupBy(rules, ({ target }) => showTarget(target));
  return (target) => ({
    wanted: wantedIn.get(showTarget(target)) ?? [],
    rules: rulesIn.get(showTarget(target)) ?? [],
  });
}

/** What one target declares and has, and what governed kinds anywhere ask of it. */
interface Seen {
  readonly listings: readonly Listing[];
  readonly resolved: Inventory["resolved"];
  readonly surveys: Surveys;
}

async function observeDeclared(
  { wanted }: DesiredPart,
  target: Target,
  desired: DesiredState,
  observing: Observing,
): Promise<Seen> {
  const { clock, kinds, governed } = observing;
  const call = memoised(observing.fleet.reader(target));
  const adopted = new Set(observing.adopted.filter(({ key }) => sameTarget(key.target, target)).map(({ id }) => id));
  const context = { fleet: desired.fleet.name, adopted };
  const listings = await Promise.all(kinds.map((kind) => listKind(kind, call, target, context, clock.now())));
  const resolved = new Map(await resolveSpecs(kinds, wanted, call));
  const surveys = new Map<string, unknown>();
  for (const kind of governed) {
    const own = desired.rules.filter((rule) => rule.kind === kind.name);
    if (kind.survey && own.length > 0) surveys.set(kind.name, await kind.survey(call, target, own));
  }
  return { listings, resolved, surveys };
}

interface FleetSeen {
  readonly view: FleetView;
  readonly surveys: Inventory["surveys"];
}

async function observeGoverned(
  desired: DesiredState,
  rules: readonly Rule[],
  target: Target,
  { clock, governed, room, memory, fleet, sink }: Observing,
  { view, surveys }: FleetSeen,
): Promise<readonly GovernedResult[]> {
  const within = new Set(desired.fleet.targets.map(showTarget));
  const results = await Promise.all(
    governed.map((kind) =>
      foldGoverned(kind, {
        call: fleet.reader(target),
        elsewhere: (other) => (within.has(showTarget(other)) ? fleet.reader(other) : undefined),
        target,
        rules: rules.filter((rule) => rule.kind === kind.name),
        now: clock.now(),
        room,
        sink,
        view,
        survey: (other) => surveys.get(showTarget(other))?.get(kind.name),
        memory,
      }),
    ),
  );
  return results.flat();
}
