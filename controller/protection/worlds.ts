import * as z from "zod";
import type { Change } from "../domain/change.ts";
import { sameTarget, showTarget, type Target } from "../domain/identity.ts";
import type { Inventory } from "../domain/inventory.ts";
import type { Plan } from "../domain/plan.ts";
import { SelectionState } from "../kinds/selection-state.ts";
import { compileSelection, type CompiledSelection, type OptIns } from "../kinds/selection/evaluate.ts";
import { partsOf } from "../kinds/selection/judging.ts";
import { SelectionSpec } from "../kinds/selection/spec.ts";

/** A selection, live or to be, and the backup plan that it is of. */
export interface Taker {
  readonly plan: string;
  readonly compiled: CompiledSelection;
}

/** What a target's plans take in: as it is, and as it would be. Takers that stay are the same objects in both. */
export interface Worlds {
  readonly target: Target;
  readonly before: readonly Taker[];
  readonly after: readonly Taker[];
  /** The Region's opt-ins as a listing has them; absent where nobody listed them. */
  readonly optIns?: OptIns;
  /** Those that would be changed. */
  readonly switched: OptIns;
  /** Every plan and selection of the target was read. */
  readonly whole: boolean;
}

const SELECTION = "selection";
const REGION_SETTINGS = "region-settings";
const OptInsOf = z.object({ optIns: z.record(z.string(), z.boolean()).optional() });

/** The targets where a plan's changes, the held ones too, would touch what is taken in. */
export function worldsOf(
  { waves, held }: Pick<Plan, "waves" | "held">,
  { listings }: Pick<Inventory, "listings">,
): readonly Worlds[] {
  const changes = [...waves.flat(), ...held.flatMap(({ change }) => change ?? [])];
  const touching = changes.filter(({ key, action }) => TOUCHING.has(key.kind) && action !== "adopt");
  return [...Map.groupBy(touching, ({ key }) => showTarget(key.target)).values()].flatMap((here) => {
    const [first] = here;
    if (!first) return [];
    const { target } = first.key;
    return [
      worldsIn(
        target,
        here,
        listings.filter((one) => sameTarget(one.target, target)),
      ),
    ];
  });
}
const TOUCHING: ReadonlySet<string> = new Set([SELECTION, REGION_SETTINGS]);

function worldsIn(target: Target, changes: readonly Change[], listings: Inventory["listings"]): Worlds {
  const live = listings.find(({ kind }) => kind === SELECTION)?.items ?? [];
  const settings = listings.find(({ kind }) => kind === REGION_SETTINGS)?.items[0];
  const before = new Map(
    live.map(({ id, key, state }) => [id, takerOf(partsOf(key).plan, SelectionState.parse(state))] as const),
  );
  const after = new Map(before);
  for (const change of changes.filter(({ key }) => key.kind === SELECTION)) {
    if ("live" in change) after.delete(change.live.id);
    if (change.action === "create" || change.action === "replace")
      after.set(change.id, takerOf(partsOf(change.key).plan, SelectionSpec.parse(change.desired.spec)));
  }
  const switched = changes.flatMap((change) =>
    change.key.kind === REGION_SETTINGS && change.action === "update" ? [OptInsOf.parse(change.desired.spec)] : [],
  );
  return {
    target,
    before: [...before.values()],
    after: [...after.values()],
    switched: Object.fromEntries(switched.flatMap(({ optIns = {} }) => Object.entries(optIns))),
    ...(settings ? { optIns: OptInsOf.parse(settings.state).optIns ?? {} } : {}),
    whole: ["plan", SELECTION].every((kind) => isWhole(listings, kind)),
  };
}

const takerOf = (plan: string, content: SelectionSpec | SelectionState): Taker => ({
  plan,
  compiled: compileSelection(content),
});

const isWhole = (listings: Inventory["listings"], kind: string): boolean =>
  listings.some((one) => one.kind === kind && one.status === "complete" && one.unread.length === 0);
