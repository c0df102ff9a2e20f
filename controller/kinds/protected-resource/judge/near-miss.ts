import { distance } from "fastest-levenshtein";
import type { ResourceRow } from "../row.ts";
import type { Maker } from "./makers.ts";

/** A tag that was probably meant for a selection, and is not spelled as that asks. */
export interface NearMiss {
  readonly found: string;
  readonly wanted: string;
  readonly selection: string;
}

const CONDITION = "aws:ResourceTag/";

/** The first of a resource's tags that differs from what some selection asks for in case, spaces or a letter or two: case counts for AWS. */
export function nearMiss({ tags = {} }: ResourceRow, makers: readonly Maker[]): NearMiss | undefined {
  const found = Object.entries(tags).toSorted(([a], [b]) => (a < b ? -1 : 1));
  for (const { planName, selection } of makers)
    for (const wanted of [...(selection.listOfTags ?? []), ...(selection.conditions?.stringEquals ?? [])]) {
      const key = wanted.key.startsWith(CONDITION) ? wanted.key.slice(CONDITION.length) : wanted.key;
      const near = found.find(([k, v]) => isMissed(k, v, key, wanted.value));
      if (near)
        return {
          found: near.join("="),
          wanted: `${key}=${wanted.value}`,
          selection: `${planName}/${selection.selectionName}`,
        };
    }
  return undefined;
}

const isMissed = (key: string, value: string, wantedKey: string, wantedValue: string): boolean =>
  (key === wantedKey && isAlike(value, wantedValue)) ||
  (isAlike(key, wantedKey) && (value === wantedValue || isAlike(value, wantedValue)));

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
