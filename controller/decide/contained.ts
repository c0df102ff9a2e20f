import type { Bar, Change } from "../domain/change.ts";
import { showKey } from "../domain/identity.ts";
import type { FleetView, Contents } from "../domain/judging.ts";
import type { Listing, Live } from "../domain/live.ts";
import type { KindTable } from "./kind-table.ts";

/** Removals that were judged already, by `removalOf` what they remove: what holds each, or undefined where it goes. */
export type Removals = ReadonlyMap<string, Bar | undefined>;

/** Several live resources may share a key: what a replacement left is removed by itself. */
export const removalOf = ({ key, id }: Live): string => `${showKey(key)} ${id}`;

interface Removing {
  readonly kinds: KindTable;
  readonly view: FleetView;
  readonly removals: Removals;
}

/** Why a resource is not empty when its removal would come: AWS would refuse, and what it holds is not to be taken along. */
export function containedBars(change: Change, { kinds, view, removals }: Removing): readonly Bar[] {
  if (change.action !== "prune") return [];
  const { key, live } = change;
  const { contains } = kinds.of(key.kind);
  if (!contains) return [];
  const listing = view.listing(contains.kind, key.target);
  const staying = (listing?.items ?? [])
    .filter((one) => contains.holds(live, one))
    .filter((one) => !removals.has(removalOf(one)) || removals.get(removalOf(one)) !== undefined);
  const others = staying.filter(({ ownership }) => ownership !== "ours");
  const ours = staying.filter(({ ownership }) => ownership === "ours");
  return [
    ...unseen(contains, listing),
    ...(others.length > 0 ? [othersIn(key.kind, contains, others)] : []),
    ...ours.map((one) => oursIn(key.kind, one, removals.get(removalOf(one)))),
  ];
}

/** What could not be listed may be in it (law 1). */
function unseen({ kind }: Contents, listing: Listing | undefined): readonly Bar[] {
  const failure = listing?.status === "incomplete" ? listing.failure : listing?.unread[0]?.failure;
  if (listing && !failure) return [];
  const why = failure ? `${failure.operation}: ${failure.message}` : "they were not listed";
  return [
    {
      reason: "unknown-state",
      because: `whether it holds a ${kind} is not known: ${why}`,
      release: "a complete listing; unknown is never taken for absent",
    },
  ];
}

const othersIn = (holder: string, { kind }: Contents, others: readonly Live[]): Bar => ({
  reason: "cannot-mend",
  because: `it holds what is not ours (${kind} ${others.map(({ key }) => key.name).join(", ")}), and AWS removes an empty ${holder} only`,
  release: "their owners' removal of them, or a manifest that adopts them",
});

const oursIn = (holder: string, { key }: Live, held: Bar | undefined): Bar =>
  held
    ? { ...held, because: `${key.kind} ${key.name} goes first, and its removal is held: ${held.because}` }
    : {
        reason: "cannot-mend",
        because: `it holds ${key.kind} ${key.name}, which stays, and AWS removes an empty ${holder} only`,
        release: `the removal of ${key.kind} ${key.name}, by its manifest or by hand`,
      };
