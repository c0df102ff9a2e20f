import type { DesiredState } from "../domain/desired.ts";
import { sameTarget } from "../domain/identity.ts";
import type { Inventory } from "../domain/inventory.ts";
import type { FleetView } from "../domain/judging.ts";

/** The whole fleet as one kind's judgement may ask about another: wanted, live, and whether all of it was seen. */
export function fleetView(desired: DesiredState, inventory: Inventory): FleetView {
  const wanted = Map.groupBy(
    desired.resources.filter((one) => one.want === "present"),
    ({ key }) => key.kind,
  );
  const live = Map.groupBy(
    inventory.listings.flatMap(({ items }) => items),
    ({ key }) => key.kind,
  );
  return {
    wanted: (kind) => wanted.get(kind) ?? [],
    live: (kind) => live.get(kind) ?? [],
    complete: (kind, target) =>
      inventory.listings.some(
        (one) =>
          one.kind === kind && sameTarget(one.target, target) && one.status === "complete" && one.unread.length === 0,
      ),
  };
}
