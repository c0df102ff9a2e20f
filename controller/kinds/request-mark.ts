import { shortDigest } from "../domain/digest.ts";
import { type ResourceKey, showKey } from "../domain/identity.ts";
import type { Ownership } from "../domain/live.ts";
import type { ListContext } from "./kind.ts";

/**
 * Selections take no tags, so the CreatorRequestId says whose it is (rule 19): `hf.<fleet>.<key>.<generation>`, digests of the
 * fleet's name and of the selection's key. The generation keeps one that went and came back from replaying a deleted id.
 */
export interface Mark {
  readonly fleet: string;
  readonly key: string;
  readonly generation: number;
}

const SHAPE = /^hf\.(?<fleet>[a-z2-7]{8})\.(?<key>[a-z2-7]{16})\.(?<generation>\d{1,15})$/;

export function readMark(requestId: string | undefined): Mark | undefined {
  const { fleet, key, generation } = SHAPE.exec(requestId ?? "")?.groups ?? {};
  return fleet === undefined || key === undefined || generation === undefined
    ? undefined
    : { fleet, key, generation: Number(generation) };
}

export const markOf = (fleet: string, key: ResourceKey, generation: number): Mark => ({
  fleet: shortDigest(fleet, 8),
  key: shortDigest(showKey(key), 16),
  generation,
});

/** At most 44 of the 50 characters that AWS allows. */
export const showMark = ({ fleet, key, generation }: Mark): string => `hf.${fleet}.${key}.${generation}`;

export const sameOwner = (a: Mark, b: Mark): boolean => a.fleet === b.fleet && a.key === b.key;

/** The mark that a request id bears, where our fleet made what it says under this key. */
export function ownMark(requestId: string | undefined, fleet: string, key: ResourceKey): Mark | undefined {
  const mark = readMark(requestId);
  return mark && sameOwner(mark, markOf(fleet, key, 0)) ? mark : undefined;
}

/** What is known of a selection before it is known whose it is. */
interface Found {
  readonly id: string;
  readonly requestId: string | undefined;
  /** By the name that AWS has for it. */
  readonly key: ResourceKey;
  /** By the names of ours that it may have been made for. Absent: by AWS's alone. */
  readonly keys?: readonly ResourceKey[];
}

/** Whose a selection is, and by which name. */
export interface Claim {
  readonly key: ResourceKey;
  readonly ownership: Ownership;
  /** 0 where its request id is not ours. */
  readonly generation: number;
}

/** Ours by its request id, or because the verified chain says that it was adopted (rule 19). */
export function claimOf({ id, requestId, key, keys = [key] }: Found, { fleet, adopted }: ListContext): Claim {
  for (const one of keys) {
    const own = ownMark(requestId, fleet, one);
    if (own) return { key: one, ownership: "ours", generation: own.generation };
  }
  const unmarked = { key, generation: 0 };
  if (adopted.has(id)) return { ...unmarked, ownership: "ours" };
  const mark = readMark(requestId);
  return { ...unmarked, ownership: mark && mark.fleet !== markOf(fleet, key, 0).fleet ? "foreign" : "none" };
}
