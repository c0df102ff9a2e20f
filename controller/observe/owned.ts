import pLimit from "p-limit";
import type { DesiredState } from "../domain/desired.ts";
import type { AwsFailure } from "../domain/errors.ts";
import type { ResourceKey, Target } from "../domain/identity.ts";
import type { Listing, Live } from "../domain/live.ts";
import type { DeclaredKind } from "../kinds/define-kind.ts";
import type { Clock, FleetReader } from "../ports.ts";
import { listKind } from "./declared.ts";
import { memoised } from "./memoised.ts";

/** What is a fleet's own by the marks it carries, whether or not a manifest still names it. */
export interface Owned {
  /** Marked by tags, each by its ARN. What follows it, as a vault's lock does its vault, is its own by the same tags. */
  readonly tagged: readonly { readonly key: ResourceKey; readonly arn: string }[];
  /** Marked by the request id it was made with, which nobody can change (rule 19). */
  readonly requested: readonly { readonly key: ResourceKey; readonly id: string }[];
  /** What could not be read, and may be marked too (law 1). */
  readonly unread: readonly {
    readonly target: Target;
    readonly kind: string;
    readonly id?: string;
    readonly failure: AwsFailure;
  }[];
}

interface Looking {
  readonly clock: Clock;
  readonly fleet: FleetReader;
  readonly kinds: readonly DeclaredKind[];
}

/** Looks through every target of the fleet. Reads only; what was merely recorded as adopted carries no mark, and is not here. */
export async function ownedBy({ fleet: view }: DesiredState, { clock, fleet, kinds }: Looking): Promise<Owned> {
  const limit = pLimit(view.guardrails.concurrency);
  const context = { fleet: view.name, adopted: new Set<string>() };
  const listings = await Promise.all(
    view.targets.map((target) =>
      limit(async () => {
        const call = memoised(fleet.reader(target));
        return Promise.all(kinds.map((kind) => listKind(kind, call, target, context, clock.now())));
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
