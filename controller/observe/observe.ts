import pLimit from "p-limit";
import type { DesiredState, Rule, Wanted } from "../domain/desired.ts";
import { fleetView } from "../domain/fleet-view.ts";
import { sameTarget, showTarget, type Target } from "../domain/identity.ts";
import type { GovernedResult, Inventory } from "../domain/inventory.ts";
import type { FleetView } from "../domain/judging.ts";
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

/** What targets declare and have, and what governed kinds anywhere ask of them. */
export type Glimpse = Omit<Inventory, "governed">;

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
  const glimpseAt = declaredObserver(desired, observing);
  const glimpse = together(await Promise.all(targets.map((target) => limit(() => glimpseAt(target)))));
  const told = progressOf(targets.length, glimpse, observing);
  const governedIn = governedObserver(desired, glimpse, observing);
  const governed = await Promise.all(
    targets.map((target) =>
      limit(async () => {
        const results = await governedIn(target);
        told(target);
        return results;
      }),
    ),
  );
  return { ...glimpse, governed: governed.flat() };
}

export const together = (glimpses: readonly Glimpse[]): Glimpse => ({
  listings: glimpses.flatMap(({ listings }) => listings),
  resolved: new Map(glimpses.flatMap(({ resolved }) => [...resolved])),
  surveys: new Map(glimpses.flatMap(({ surveys }) => [...surveys])),
});

/** The first pass: what one target declares and has. */
export function declaredObserver(desired: DesiredState, observing: Observing): (target: Target) => Promise<Glimpse> {
  const partOf = desiredByTarget(desired);
  return (target) => observeDeclared(partOf(target), target, desired, observing);
}

/** The second pass: one target's governed rows, judged in the light of the whole first pass and of what was seen before of other targets. */
export function governedObserver(
  desired: DesiredState,
  glimpse: Glimpse,
  observing: Observing,
): (target: Target) => Promise<readonly GovernedResult[]> {
  const { earlier } = observing;
  const partOf = desiredByTarget(desired);
  const again = new Set(glimpse.listings.map(({ target }) => showTarget(target)));
  const before = (earlier?.listings ?? []).filter(({ target }) => !again.has(showTarget(target)));
  const seen: FleetSeen = {
    view: fleetView(desired, [...glimpse.listings, ...before]),
    surveys: new Map([...(earlier?.surveys ?? []), ...glimpse.surveys]),
  };
  return (target) => observeGoverned(desired, partOf(target).rules, target, observing, seen);
}

/** Tells how far the looking has come, and which targets could not be seen. */
function progressOf(of: number, { listings }: Glimpse, { progress }: Pick<Observing, "progress">) {
  const failures = new Map(
    listings.flatMap((one) => (one.status === "incomplete" ? [[showTarget(one.target), one.failure] as const] : [])),
  );
  let done = 0;
  return (target: Target): void => {
    const failure = failures.get(showTarget(target));
    done += 1;
    progress({
      stage: "observe",
      done,
      of,
      target,
      ...(failure ? { failure } : {}),
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

async function observeDeclared(
  { wanted }: DesiredPart,
  target: Target,
  desired: DesiredState,
  observing: Observing,
): Promise<Glimpse> {
  const { clock, kinds, governed } = observing;
  const reader = observing.fleet.reader(target);
  const call = memoised(reader);
  const adopted = new Set(observing.adopted.filter(({ key }) => sameTarget(key.target, target)).map(({ id }) => id));
  const context = { fleet: desired.fleet.name, adopted };
  const asked = kinds.filter(({ name, standing }) => !standing || wanted.some(({ key }) => key.kind === name));
  const listings = await Promise.all(asked.map((kind) => listKind(kind, call, target, context, clock.now())));
  const resolved = new Map(await resolveSpecs(kinds, wanted, call));
  const surveys = new Map<string, unknown>();
  for (const kind of governed) {
    const own = desired.rules.filter((rule) => rule.kind === kind.name);
    // What surveys list is as long as a target has resources or points, and asked by nobody else: it is not remembered.
    if (kind.survey && own.length > 0) surveys.set(kind.name, await kind.survey(reader, target, own, clock.now()));
  }
  return { listings, resolved, surveys: new Map([[showTarget(target), surveys]]) };
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
        targets: [...desired.fleet.targets, ...(desired.fleet.beyond ?? [])],
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
