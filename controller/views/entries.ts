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

const groupsOf = (shown: readonly Shown[]): readonly Group[] => grouped(shown, lookOf).map(toldTogether);

/** Where the sentences of a group's members differ by what they name, the one that is told names none. */
function toldTogether(group: Group): Group {
  const [first, ...rest] = group;
  const { because } = first;
  const differ = because !== undefined && rest.some((one) => one.because !== because);
  return [
    {
      ...first,
      ...(differ ? { because: ofEach(because, first) } : {}),
      fields: first.fields.map((field, at) => ({ ...field, ...wantedBy(group, at) })),
    },
    ...rest,
  ];
}

/** Days that follow from each point's age are told as the span that they come to. */
function wantedBy(group: Group, at: number): Pick<Shown["fields"][number], "desired"> {
  const wanted = new Set(group.map(({ fields }) => fields[at]?.desired));
  const days = [...wanted].filter((one) => typeof one === "number");
  if (wanted.size === 1 || days.length < wanted.size) return {};
  return { desired: `${Math.min(...days)} to ${Math.max(...days)}` };
}

/** What a shortening comes to follows from the age of each point, so points that differ in nothing else are alike. */
const fieldsAlike = ({ step, fields }: Pick<Shown, "step" | "fields">): unknown =>
  step === "shorten" ? fields.map(({ desired, ...field }) => ({ ...field, desired: typeof desired })) : fields;

/** What a resource looks like: all but its ids and calls. Governed resources look alike whatever their name, and whatever they are of. */
export const lookOf = (shown: Shown): string => {
  const { subject, of: _of, id: _id, calls: _calls, bytes: _bytes, key, because, ...look } = shown;
  return canonical({
    ...look,
    fields: fieldsAlike(shown),
    because: because === undefined ? null : ofEach(because, shown),
    kind: key.kind,
    name: subject === undefined ? key.name : null,
  });
};

/** Where several are told together, the sentences that name one change's id, or what one is of, speak of each one's. */
export const EACH_ID = "<id>";

type Named = Pick<Shown, "id" | "subject" | "of">;

/** The longest first: a point's ARN may begin with its resource's. */
export const ofEach = (text: string, { id, subject, of }: Named): string =>
  [
    [subject, "the recovery point"],
    [of, "its resource"],
    [id, EACH_ID],
  ]
    .filter((pair): pair is [string, string] => pair[0] !== undefined)
    .toSorted(([a], [b]) => b.length - a.length)
    .reduce((said, [name, word]) => said.replaceAll(name, word), text);

const holdKey = ({ resource, reason, also, because, release }: ShownHold): string =>
  canonical({ reason, also, because: ofEach(because, resource), release: ofEach(release, resource) });

const causeOf = ({ failure }: ShownUnknown): string => [failure.operation, failure.kind, failure.message].join("\n");

function heldTogether(holds: Filled<ShownHold>): Entry {
  const [{ resource, reason, also }] = holds;
  const sentence = (textOf: (hold: ShownHold) => string) => {
    const text = textOf(holds[0]);
    return holds.every((hold) => textOf(hold) === text) ? text : ofEach(text, resource);
  };
  return {
    type: "hold",
    reason,
    also,
    because: sentence((hold) => hold.because),
    release: sentence((hold) => hold.release),
    groups: groupsOf(holds.map((hold) => hold.resource)),
  };
}
