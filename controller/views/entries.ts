import { canonical } from "../domain/digest.ts";
import type { Scene, Shown, ShownHold, ShownUnknown } from "./shown.ts";

export type Filled<T> = readonly [T, ...T[]];

/** Resources that look the same but for where they are, their ids and their calls. The first is shown for all. */
export type Group = Filled<Shown>;

/** One block of a view. Equal holds are told once with all that they hold; a hold is grouped, never left out. */
export type Entry =
  | { readonly type: "change"; readonly group: Group }
  | (Pick<ShownHold, "reason" | "also" | "because" | "release"> & {
      readonly type: "hold";
      readonly groups: readonly Group[];
    })
  | { readonly type: "unknown"; readonly about: Filled<ShownUnknown> };

/** The blocks of one target: what goes, what is held, what could not be told. */
export const entriesOf = ({ changes, held, unknown }: Scene): readonly Entry[] => [
  ...groupsOf(changes).map((group): Entry => ({ type: "change", group })),
  ...grouped(held, holdKey).map(heldTogether),
  ...grouped(unknown, causeOf).map((about): Entry => ({ type: "unknown", about })),
];

/** How many resources, or unreadable parts, an entry speaks of. */
export function sizeOf(entry: Entry): number {
  switch (entry.type) {
    case "change":
      return entry.group.length;
    case "hold":
      return entry.groups.reduce((sum, group) => sum + group.length, 0);
    case "unknown":
      return entry.about.length;
    default:
      return entry satisfies never;
  }
}

/** Items by key, in the order in which the keys were first met. */
export const grouped = <T>(items: readonly T[], keyOf: (item: T) => string): readonly Filled<T>[] =>
  [...Map.groupBy(items, keyOf).values()].flatMap(([first, ...rest]) =>
    first === undefined ? [] : [[first, ...rest] as const],
  );

const groupsOf = (shown: readonly Shown[]): readonly Group[] => grouped(shown, lookOf);

/** What a resource looks like: all but its ids and calls. Governed resources look alike whatever their name. */
export const lookOf = ({ subject, id: _id, calls: _calls, bytes: _bytes, key, ...look }: Shown): string =>
  canonical({ ...look, kind: key.kind, name: subject === undefined ? key.name : null });

/** Where several are held together, the sentences that name one change's id speak of each one's. */
export const EACH_ID = "<id>";

export const ofEach = (text: string, id: string | undefined): string =>
  id === undefined ? text : text.replaceAll(id, EACH_ID);

const holdKey = ({ resource, reason, also, because, release }: ShownHold): string =>
  canonical({ reason, also, because: ofEach(because, resource.id), release: ofEach(release, resource.id) });

const causeOf = ({ failure }: ShownUnknown): string => [failure.operation, failure.kind, failure.message].join("\n");

function heldTogether(holds: Filled<ShownHold>): Entry {
  const [{ resource, reason, also, because, release }] = holds;
  const sentence = (text: string) => (holds.length > 1 ? ofEach(text, resource.id) : text);
  return {
    type: "hold",
    reason,
    also,
    because: sentence(because),
    release: sentence(release),
    groups: groupsOf(holds.map((hold) => hold.resource)),
  };
}
