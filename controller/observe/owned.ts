import pLimit from "p-limit";
import type { DesiredState } from "../domain/desired.ts";
import type { Listing, Live } from "../domain/live.ts";
import type { Owned } from "../domain/owned.ts";
import type { DeclaredKind } from "../kinds/define-kind.ts";
import type { Clock, FleetReader } from "../ports.ts";
import { listKind } from "./declared.ts";
import { memoised } from "./memoised.ts";

interface Looking {
  readonly clock: Clock;
  readonly fleet: FleetReader;
  readonly kinds: readonly DeclaredKind[];
}

/** Looks through every target of the fleet. Reads only; what was merely recorded as adopted carries no mark, and is not here. */
export async function ownedBy({ fleet: view }: DesiredState, { clock, fleet, kinds }: Looking): Promise<Owned> {
  const limit = pLimit(view.guardrails.concurrency);
  const context = { fleet: view.name, adopted: new Set<string>() };
  const marked = kinds.filter(({ standing }) => !standing);
  const listings = await Promise.all(
    view.targets.map((target) =>
      limit(async () => {
        const call = memoised(fleet.reader(target));
        return Promise.all(marked.map((kind) => listKind(kind, call, target, context, clock.now())));
      }),
    ),
  );
  const all = listings.flat();
  const ours = all.flatMap(({ items }) => items.filter(({ ownership }) => ownership === "ours"));
  return {
    tagged: [...firstOfEach(ours.filter(hasArn))].map(([arn, { key }]) => ({ key, arn })),
    requested: ours.filter((one) => !hasArn(one)).map(({ key, id }) => ({ key, id })),
    unread: all.flatMap(unreadOf),
  };
}

const hasArn = ({ id }: Live): boolean => id.startsWith("arn:");

/** By id, in the order of kinds: what others follow comes before them. */
function firstOfEach(found: readonly Live[]): ReadonlyMap<string, Live> {
  const byId = new Map<string, Live>();
  for (const one of found) if (!byId.has(one.id)) byId.set(one.id, one);
  return byId;
}

const unreadOf = (listing: Listing): Owned["unread"] => [
  ...listing.unread.map(({ unread: id, failure }) => ({ target: listing.target, kind: listing.kind, id, failure })),
  ...(listing.status === "incomplete"
    ? [{ target: listing.target, kind: listing.kind, failure: listing.failure }]
    : []),
];
