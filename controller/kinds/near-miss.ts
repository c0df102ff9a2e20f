import { distance } from "fastest-levenshtein";
import { testedTag } from "./tag-conditions.ts";

interface Tag {
  readonly key: string;
  readonly value: string;
}

/** What a selection asks of tags: a bare key in its list, a prefixed one in its conditions. */
export interface AskedTags {
  readonly listOfTags?: readonly Tag[] | undefined;
  readonly conditions?: { readonly stringEquals?: readonly Tag[] | undefined } | undefined;
}

/** A tag that was probably meant for a selection, and is not spelled as that asks. */
export interface NearMiss {
  /** `Backup=Daily`. */
  readonly found: string;
  readonly wanted: Tag;
}

/** The first of a resource's tags that differs from what a selection asks for in case, spaces or a letter or two: case counts for AWS (semantics §3.2). */
export function nearMiss(tags: Readonly<Record<string, string>>, asked: AskedTags): NearMiss | undefined {
  const found = Object.entries(tags).toSorted(([a], [b]) => (a < b ? -1 : 1));
  for (const { key: asSpelled, value } of [...(asked.listOfTags ?? []), ...(asked.conditions?.stringEquals ?? [])]) {
    const wanted = { key: testedTag(asSpelled), value };
    const near = found.find((tag) => isMissed(tag, wanted));
    if (near) return { found: near.join("="), wanted };
  }
  return undefined;
}

const isMissed = ([key, value]: readonly [string, string], wanted: Tag): boolean =>
  (key === wanted.key && isAlike(value, wanted.value)) ||
  (isAlike(key, wanted.key) && (value === wanted.value || isAlike(value, wanted.value)));

/** Not the same, and so nearly that it was meant to be. Names that differ in their numbers are meant to. */
function isAlike(a: string, b: string): boolean {
  if (a === b) return false;
  const [left, right] = [plain(a), plain(b)];
  if (left === right) return true;
  if (digits(left) !== digits(right)) return false;
  const apart = distance(left, right);
  return apart <= Math.min(2, Math.floor(Math.min(left.length, right.length) / 4));
}

const plain = (text: string): string => text.toLowerCase().replaceAll(/[\s_-]/g, "");
const digits = (text: string): string => text.replaceAll(/\D/g, "");
