import type { DesiredState } from "./desired.ts";
import { showTarget, type Target } from "./identity.ts";
import type { FleetView } from "./judging.ts";
import type { Listing } from "./live.ts";

/** The whole fleet as one kind's judgement may ask about another: wanted, live, and whether all of it was seen. */
export function fleetView(
  { resources, elsewhere = [] }: Pick<DesiredState, "resources" | "elsewhere">,
  listings: readonly Listing[],
): FleetView {
  const wanted = Map.groupBy(
    [...resources, ...elsewhere].filter((one) => one.want === "present"),
    ({ key }) => key.kind,
  );
  const live = Map.groupBy(
    listings.flatMap(({ items }) => items),
    ({ key }) => key.kind,
  );
  const place = (kind: string, target: Target): string => `${showTarget(target)}/${kind}`;
  const byPlace = new Map(listings.map((one) => [place(one.kind, one.target), one]));
  const listing: FleetView["listing"] = (kind, target) => byPlace.get(place(kind, target));
  return {
    wanted: (kind) => wanted.get(kind) ?? [],
    live: (kind) => live.get(kind) ?? [],
    listing,
    complete: (kind, target) => {
      const found = listing(kind, target);
      return found?.status === "complete" && found.unread.length === 0;
    },
  };
}
