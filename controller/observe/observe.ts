import pLimit from "p-limit";
import type { DesiredState, Rule, Wanted } from "../domain/desired.ts";
import { sameTarget, showTarget, type Target } from "../domain/identity.ts";
import type { Carried } from "../domain/report.ts";
import type { DeclaredKind } from "../kinds/define-kind.ts";
import type { GovernedKind } from "../kinds/define-governed-kind.ts";
import type { Clock, FleetReader, Progress } from "../ports.ts";
import { listKind, resolveSpecs } from "./declared.ts";
import { foldGoverned, type RowSink } from "./governed.ts";
import type { Inventory } from "../domain/inventory.ts";
import { memoised } from "./memoised.ts";

export interface Observing {
  readonly clock: Clock;
  readonly progress: Progress;
  readonly fleet: FleetReader;
  readonly kinds: readonly DeclaredKind[];
  readonly governed: readonly GovernedKind[];
  readonly adopted: Carried["adopted"];
  /** Most findings kept in a partition; the rest is counted and deferred (design §6). */
  readonly room: number;
  readonly sink?: RowSink;
}

/** Reads the live state of some targets. Never modifies; what could not be read comes back as such, and stops nothing else. */
export async function observe(
  desired: DesiredState,
  targets: readonly Target[],
  observing: Observing,
): Promise<Inventory> {
  const limit = pLimit(desired.fleet.guardrails.concurrency);
  const partOf = desiredByTarget(desired);
  let done = 0;
  const parts = await Promise.all(
    targets.map((target) =>
      limit(async () => {
        const part = await observeTarget(partOf(target), target, desired.fleet.name, observing);
        const failure = part.listings.find((listing) => listing.status === "incomplete");
        done += 1;
        observing.progress({
          stage: "observe",
          done,
          of: targets.length,
          target,
          ...(failure?.status === "incomplete" ? { failure: failure.failure } : {}),
        });
        return part;
      }),
    ),
  );
  return {
    listings: parts.flatMap((part) => part.listings),
    resolved: new Map(parts.flatMap((part) => [...part.resolved])),
    governed: parts.flatMap((part) => part.governed),
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

async function observeTarget(
  { wanted, rules }: DesiredPart,
  target: Target,
  fleet: string,
  observing: Observing,
): Promise<Inventory> {
  const { clock, kinds, governed, room, sink = async () => {} } = observing;
  const direct = observing.fleet.reader(target);
  const call = memoised(direct);
  const adopted = new Set(observing.adopted.filter(({ key }) => sameTarget(key.target, target)).map(({ id }) => id));
  const listings = await Promise.all(
    kinds.map((kind) => listKind(kind, call, target, { fleet, adopted }, clock.now())),
  );
  const resolved = new Map(await resolveSpecs(kinds, wanted, call));
  const results = await Promise.all(
    governed.map((kind) => {
      const own = rules.filter((rule) => rule.kind === kind.name);
      return foldGoverned(kind, { call: direct, target, rules: own, now: clock.now(), room, sink });
    }),
  );
  return { listings, resolved, governed: results.flat() };
}
