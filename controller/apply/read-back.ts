import type { Wanted } from "../domain/desired.ts";
import type { AwsFailure } from "../domain/errors.ts";
import type { Live } from "../domain/live.ts";
import { sameValue } from "../domain/digest.ts";
import type { DeclaredKind } from "../kinds/define-kind.ts";
import { listKind } from "../observe/declared.ts";
import type { Applying } from "./applying.ts";

/** How a resource that was just written reads now. */
export type ReadBack =
  | { readonly as: "wanted"; readonly live: readonly Live[] }
  | { readonly as: "other" }
  | { readonly as: "unknown"; readonly failure: AwsFailure };

/** Lists the kind again and finds ours: whether it is what was wanted, whatever answer the write did or did not get. */
async function readBack(kind: DeclaredKind, desired: Wanted, applying: Applying): Promise<ReadBack> {
  const { target } = desired.key;
  const adopted = new Set(applying.adopted.map(({ id }) => id));
  const listing = await listKind(
    kind,
    applying.world.reader(target),
    target,
    { fleet: applying.fleetName, adopted },
    applying.clock.now(),
  );
  const ours = listing.items.filter((live) => live.key.name === desired.key.name && live.ownership === "ours");
  const wanted = ours.filter((live) => kind.compare(desired.spec, live.state).length === 0);
  if (wanted.length > 0) return { as: "wanted", live: wanted };
  if (listing.status === "incomplete") return { as: "unknown", failure: listing.failure };
  const unread = listing.unread.find(({ key }) => key === undefined || key.name === desired.key.name);
  return unread ? { as: "unknown", failure: unread.failure } : { as: "other" };
}

/** AWS shows a new selection up to two minutes late (semantics §0.5). */
const PATIENCE_MS = 120_000;
const PAUSE_MS = 2_000;

/** Reads back until it can be told what is there, or patience runs out: what is listed may not be readable yet. */
export async function awaitKnown(kind: DeclaredKind, desired: Wanted, applying: Applying): Promise<ReadBack> {
  const until = Math.min(applying.clock.monotonic() + PATIENCE_MS, applying.deadline);
  for (;;) {
    const found = await readBack(kind, desired, applying);
    if (found.as !== "unknown" || applying.clock.monotonic() >= until) return found;
    await applying.clock.sleep(PAUSE_MS);
  }
}

/** Reads back until the resource shows as wanted, beside those that were there before, or patience runs out. */
export async function awaitWanted(
  kind: DeclaredKind,
  desired: Wanted,
  before: readonly Live[],
  applying: Applying,
): Promise<ReadBack> {
  const until = Math.min(applying.clock.monotonic() + PATIENCE_MS, applying.deadline);
  for (;;) {
    const found = await readBack(kind, desired, applying);
    const fresh = found.as === "wanted" && found.live.some((live) => !before.some((old) => sameValue(old.id, live.id)));
    if (fresh || applying.clock.monotonic() >= until) return fresh || found.as !== "wanted" ? found : { as: "other" };
    await applying.clock.sleep(PAUSE_MS);
  }
}
