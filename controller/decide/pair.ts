import type { Desired, DesiredState, Wanted } from "../domain/desired.ts";
import type { Drift } from "../domain/drift.ts";
import type { AwsFailure } from "../domain/errors.ts";
import { showKey, type ResourceKey } from "../domain/identity.ts";
import type { Inventory, Resolution } from "../domain/inventory.ts";
import type { Listing, Live } from "../domain/live.ts";
import type { JudgedKind } from "../domain/judging.ts";
import { type KindTable, specDigest, stateDigest } from "./kind-table.ts";

/** Says how every desired resource and every live one stand to each other. Facts only: no change is thought of here. */
export function pair(desired: DesiredState, inventory: Inventory, kinds: KindTable): readonly Drift[] {
  const wantedByListing = Map.groupBy(desired.resources, ({ key }) => listingKey(key));
  const manifests = new Set(desired.resources.map(({ key }) => `${key.kind}/${key.name}`));
  const seen = inventory.listings.flatMap((listing) => {
    const kind = kinds.of(listing.kind);
    const wanted = wantedByListing.get(listingKey(listing)) ?? [];
    wantedByListing.delete(listingKey(listing));
    return pairListing(kind, wanted, listing, inventory.resolved, manifests);
  });
  const unseen = [...wantedByListing.values()].flat().map((one) => unknown(one, NOT_OBSERVED));
  return [...seen, ...unseen].toSorted((a, b) => kinds.compare(a.key, b.key));
}

const listingKey = ({ target, kind }: Pick<ResourceKey, "target" | "kind">): string =>
  `${target.account}/${target.region}/${kind}`;

const NOT_OBSERVED: AwsFailure = {
  kind: "unavailable",
  operation: "observe",
  message: "this kind was not listed in this target",
};

function pairListing(
  kind: JudgedKind,
  wanted: readonly Desired[],
  listing: Listing,
  resolved: Inventory["resolved"],
  manifests: ReadonlySet<string>,
): readonly Drift[] {
  const liveByName = Map.groupBy(listing.items, ({ key }) => key.name);
  const pairs = wanted.flatMap((desired) => {
    const found = liveByName.get(desired.key.name) ?? [];
    liveByName.delete(desired.key.name);
    return pairOne(kind, desired, found, listing, resolved.get(showKey(desired.key)));
  });
  const unread: Drift[] = listing.unread.flatMap(({ key, failure }) =>
    key && !wanted.some((one) => one.key.name === key.name) ? [{ type: "unknown", key, failure }] : [],
  );
  return [...pairs, ...unread, ...[...liveByName.values()].flat().map((live) => unclaimed(kind, live, manifests))];
}

/** A live resource that no manifest of this target names. One whose manifest only left this target is released, never pruned (rule 19). */
const unclaimed = (kind: JudgedKind, live: Live, manifests: ReadonlySet<string>): Drift =>
  live.ownership === "ours" && kind.dropped === "prune" && !manifests.has(`${live.key.kind}/${live.key.name}`)
    ? { type: "surplus", key: live.key, live }
    : { type: "unmanaged", key: live.key, live };

function pairOne(
  kind: JudgedKind,
  desired: Desired,
  found: readonly Live[],
  listing: Listing,
  resolution: Resolution | undefined,
): readonly Drift[] {
  const hidden = hiddenBehind(desired, found, listing);
  if (hidden) return [unknown(desired, hidden)];
  if (desired.want === "absent") return [pairAbsent(desired, found)];
  if (resolution && "failure" in resolution) return [unknown(desired, resolution.failure)];
  const wanted: Wanted = resolution ? { ...desired, spec: resolution.spec } : desired;
  const ours = found.filter((live) => live.ownership === "ours");
  if (ours.length > 0) return pairOurs(kind, wanted, ours);
  return [pairOthers(kind, wanted, found)];
}

/** What keeps us from knowing: its own read failed, or it was not found in a listing that is not whole (law 1). */
function hiddenBehind(desired: Desired, found: readonly Live[], listing: Listing): AwsFailure | undefined {
  const own = listing.unread.find(({ key }) => key?.name === desired.key.name);
  if (own) return own.failure;
  if (found.some((live) => live.ownership === "ours")) return undefined;
  const anyone = listing.unread.find(({ key }) => key === undefined);
  return anyone?.failure ?? (listing.status === "incomplete" ? listing.failure : undefined);
}

const unknown = (desired: Desired, failure: AwsFailure): Drift => ({
  type: "unknown",
  key: desired.key,
  desired,
  failure,
});

function pairAbsent(desired: Extract<Desired, { want: "absent" }>, found: readonly Live[]): Drift {
  const { key } = desired;
  const live = found.find((one) => one.ownership === "ours") ?? found[0];
  if (!live) return { type: "in-sync", key, desired };
  return live.ownership === "ours" ? { type: "surplus", key, live, desired } : { type: "foreign", key, live, desired };
}

/** Several of ours under one name: the kind may know which is the one (a replacement cut short); else it is ambiguous. */
function pairOurs(kind: JudgedKind, desired: Wanted, ours: readonly Live[]): readonly Drift[] {
  const { current, superseded } =
    ours.length > 1 && kind.succession ? kind.succession(ours) : { current: ours, superseded: [] };
  const [live, ...more] = current;
  if (!live || more.length > 0) return [{ type: "ambiguous", key: desired.key, desired, candidates: ours }];
  const drift = relate(kind, desired, live);
  if (drift.type !== "in-sync") return [drift];
  return [
    drift,
    ...superseded.map((old): Drift => ({ type: "superseded", key: desired.key, desired, live: old, by: live })),
  ];
}

function relate(kind: JudgedKind, desired: Wanted, live: Live): Drift {
  const fields = kind.compare(desired.spec, live.state);
  const { key } = desired;
  const digest = specDigest(kind, desired.spec);
  return fields.length === 0
    ? { type: "in-sync", key, desired, live, digest }
    : {
        type: "different",
        key,
        desired,
        live,
        fields,
        digests: { desired: digest, observed: stateDigest(kind, live) },
      };
}

function pairOthers(kind: JudgedKind, desired: Wanted, found: readonly Live[]): Drift {
  const { key } = desired;
  const free = found.filter((live) => live.ownership === "none");
  const named =
    typeof desired.adopt === "string"
      ? free.filter((live) => live.id === desired.adopt || live.id.endsWith(`:${String(desired.adopt)}`))
      : free;
  const [live, ...more] = named;
  if (live && more.length === 0)
    return { type: "unadopted", key, desired, live, fields: kind.compare(desired.spec, live.state) };
  if (named.length > 1 || free.length > 0) return { type: "ambiguous", key, desired, candidates: free };
  const [foreign] = found;
  return foreign ? { type: "foreign", key, desired, live: foreign } : { type: "missing", key, desired };
}
