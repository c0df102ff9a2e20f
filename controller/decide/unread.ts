import type { Drift } from "../domain/drift.ts";
import type { Inventory } from "../domain/inventory.ts";

/** What could not be read, as drift of its own: a target with an unread part is not converged, whatever its manifests say (law 1). */
export function unreadParts({ listings, governed }: Inventory): readonly Drift[] {
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
