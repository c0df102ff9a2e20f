import { canonical } from "../domain/digest.ts";
import type { Target } from "../domain/identity.ts";
import { lookOf, ofEach, type Entry, type Filled, type Group } from "./entries.ts";
import type { Shown } from "./shown.ts";
import { mapTexts } from "./visible.ts";

/** A text as it reads in any target: where the target's own account and Region stood, that they stood there. */
const placeless =
  ({ account, region }: Target) =>
  (text: string): string =>
    text.replaceAll(account, "<account>").replaceAll(region, "<region>");

/** What an entry says once account, Region and ids are taken out: equal wherever the same thing happens. */
export function signatureOf(entry: Entry, target: Target): string {
  const looks = (group: Group) => ({ look: lookOf(group[0]), members: group.length });
  const signed = (content: unknown) => placeless(target)(canonical(content));
  switch (entry.type) {
    case "change":
      return signed(looks(entry.group));
    case "hold": {
      const { groups, because, release, ...rest } = entry;
      const one = groups[0]?.[0] ?? {};
      const said = { because: ofEach(because, one), release: ofEach(release, one) };
      return signed({ ...rest, ...said, groups: groups.map(looks) });
    }
    case "unknown":
      return signed(entry.about.map(({ key, failure }) => ({ kind: key.kind, name: key.name, failure })));
    default:
      return entry satisfies never;
  }
}

/** An entry in the target it is true of. */
export interface Local {
  readonly target: Target;
  readonly entry: Entry;
}

/** One entry for several of one signature, and so with the same groups in the same order. It speaks of no target in particular. */
export function merged(locals: Filled<Local>): Entry {
  const [{ target, entry: first }] = locals;
  const entries = locals.map(({ entry }) => entry);
  const anywhere = placeless(target);
  switch (first.type) {
    case "change": {
      const groups = entries.map((entry) => (entry.type === "change" ? entry.group : []));
      return { type: "change", group: mergedGroup(groups, anywhere) };
    }
    case "hold": {
      const { groups, because, release, ...rest } = first;
      const said = (text: string) => anywhere(ofEach(text, groups[0]?.[0] ?? {}));
      const groupsAt = (at: number) => entries.map((entry) => (entry.type === "hold" ? (entry.groups[at] ?? []) : []));
      return {
        ...rest,
        because: said(because),
        release: said(release),
        groups: groups.map((_group, at) => mergedGroup(groupsAt(at), anywhere)),
      };
    }
    case "unknown": {
      const [one, ...others] = joined(entries.map((entry) => (entry.type === "unknown" ? entry.about : [])));
      return { type: "unknown", about: [{ ...one, failure: mapTexts(one.failure, anywhere) }, ...others] };
    }
    default:
      return first satisfies never;
  }
}

/** Members of several groups; the first, which is shown for all, says only what all have in common. */
function mergedGroup(groups: readonly (readonly Shown[])[], anywhere: (text: string) => string): Group {
  const [first, ...rest] = joined(groups);
  const { key, fields, because, manifest, result } = first;
  const common = mapTexts(
    {
      fields,
      ...(because === undefined ? {} : { because: ofEach(because, first) }),
      ...(manifest ? { manifest } : {}),
      ...(result ? { result } : {}),
    },
    anywhere,
  );
  return [{ ...first, ...common, key: { ...key, name: anywhere(key.name) } }, ...rest];
}

function joined<T>(parts: readonly (readonly T[])[]): Filled<T> {
  const [first, ...rest] = parts.flat();
  if (first === undefined) throw new RangeError("a group has a member");
  return [first, ...rest];
}
