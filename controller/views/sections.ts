import { showTarget, type ResourceKey, type Target } from "../domain/identity.ts";
import { merged, signatureOf, type Local } from "./alike.ts";
import { entriesOf, grouped, type Entry, type Filled } from "./entries.ts";
import type { Scene } from "./shown.ts";

/** Blocks that are true of each of these targets. */
export interface Section {
  readonly targets: Filled<Target>;
  readonly entries: readonly Entry[];
}

/** From how many targets on a block that reads the same everywhere is told once. Below, each target has its own. */
const ALIKE = 4;

/** A scene by target: first what is alike in many, then each target's own, in the order of targets. */
export function sectionsOf(scene: Scene): readonly Section[] {
  const locals = byTarget(scene).flatMap(({ target, scene: here }) =>
    entriesOf(here).map((entry): Local => ({ target, entry })),
  );
  const placed = grouped(locals, ({ target, entry }) => signatureOf(entry, target)).flatMap(placedTogether);
  return grouped(placed, ({ targets }) => targets.map(showTarget).join(" "))
    .map(sectionOf)
    .toSorted(sectionOrder);
}

interface Placed {
  readonly targets: Filled<Target>;
  readonly entry: Entry;
}

function placedTogether(alike: Filled<Local>): readonly Placed[] {
  if (alike.length < ALIKE) return alike.map(({ target, entry }) => ({ targets: [target], entry }));
  const [{ target }, ...others] = alike;
  return [{ targets: [target, ...others.map((other) => other.target)], entry: merged(alike) }];
}

const sectionOf = (placed: Filled<Placed>): Section => ({
  targets: placed[0].targets,
  entries: placed.map(({ entry }) => entry).toSorted((a, b) => ORDER[a.type] - ORDER[b.type]),
});

const ORDER: Readonly<Record<Entry["type"], number>> = { change: 0, hold: 1, unknown: 2 };

const sectionOrder = (a: Section, b: Section): number =>
  Number(b.targets.length > 1) - Number(a.targets.length > 1) ||
  compared(showTarget(a.targets[0]), showTarget(b.targets[0])) ||
  b.targets.length - a.targets.length;

const compared = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function byTarget({ changes, held, unknown }: Scene): readonly { readonly target: Target; readonly scene: Scene }[] {
  const changesAt = Map.groupBy(changes, whereOf);
  const heldAt = Map.groupBy(held, ({ resource }) => whereOf(resource));
  const unknownAt = Map.groupBy(unknown, whereOf);
  const placed = [...changes, ...held.map(({ resource }) => resource), ...unknown];
  const targets = new Map(placed.map((one) => [whereOf(one), one.key.target]));
  return [...targets]
    .toSorted(([a], [b]) => compared(a, b))
    .map(([where, target]) => ({
      target,
      scene: {
        changes: changesAt.get(where) ?? [],
        held: heldAt.get(where) ?? [],
        unknown: unknownAt.get(where) ?? [],
      },
    }));
}

const whereOf = ({ key }: { readonly key: ResourceKey }): string => showTarget(key.target);
