import { shortDigest } from "../domain/digest.ts";
import { showKey, type ResourceKey } from "../domain/identity.ts";
import type { Naming } from "../kinds/kind.ts";

/**
 * The request token of a create: the same for every try of one intention, in this run or in the one that takes over from it,
 * and another once a report has been published, so that a resource removed and wanted again is made anew (rules 19, 23).
 */
export const namingOf = (fleet: string, key: ResourceKey, reportSequence: number): Naming => ({
  fleet,
  token: tokenOf(fleet, showKey(key), reportSequence),
});

/** At most 50 characters (semantics §0.4). */
export const tokenOf = (fleet: string, what: string, reportSequence: number): string =>
  ["hf", shortDigest(fleet, 8), shortDigest(what, 16), String(reportSequence)].join(".");
