import { shortDigest } from "../domain/digest.ts";
import { type ResourceKey, showKey } from "../domain/identity.ts";

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
