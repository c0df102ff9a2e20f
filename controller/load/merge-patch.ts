import { memberOf, type Located, type LocatedMap, type Member } from "./located.ts";

/**
 * JSON Merge Patch (RFC 7396) on values that know their places: maps merge, null removes, everything else replaces whole.
 * What the patch sets keeps the patch's place, so that a problem with it points there.
 */
export function mergePatch(base: Located, patch: Located): Located {
  if (patch.type !== "map") return patch;
  const target: LocatedMap = base.type === "map" ? base : { ...patch, members: [] };
  const kept = target.members.flatMap((member) => {
    const change = memberOf(patch, member.name);
    return change ? merged(member, change) : [member];
  });
  const added = patch.members
    .filter(({ name }) => !memberOf(target, name))
    .flatMap((change) => merged({ ...change, value: NOTHING(change) }, change));
  return { ...target, members: [...kept, ...added] };
}

const merged = (member: Member, change: Member): readonly Member[] =>
  change.value.type === "scalar" && change.value.value === null
    ? []
    : [{ name: member.name, at: change.at, value: mergePatch(member.value, change.value) }];

/** What a patch meets where there was nothing: RFC 7396 strips its nulls even then. */
const NOTHING = ({ value }: Member): Located => ({ type: "scalar", value: null, at: value.at });
