import { type NearMiss, nearMiss } from "../kinds/near-miss.ts";
import type { Facts } from "./facts.ts";
import { candidateOf, type Judged } from "./selections.ts";

/** Selections told of those that leave a resource out. */
const MOST = 5;

/** The selections that come nearest to taking a resource in, the nearest first: what keeps it out is one thing that somebody can change. */
export function nearest(out: readonly Judged[], facts: Facts): readonly Judged[] {
  return out
    .map((one) => ({ one: pointedOut(one, facts), rank: rankOf(one, facts) }))
    .filter(({ rank }) => rank < FAR)
    .toSorted((a, b) => a.rank - b.rank || (nameOf(a.one) < nameOf(b.one) ? -1 : 1))
    .slice(0, MOST)
    .map(({ one }) => one);
}

const nameOf = ({ told: { plan, selection } }: Judged): string => `${plan}/${selection}`;
const FAR = 9;

function rankOf(one: Judged, facts: Facts): number {
  if (one.verdict.taken !== "no") return FAR;
  switch (one.verdict.because.why) {
    case "unnamed":
      return missedTag(one, facts) ? 0 : FAR;
    case "opt-in":
      return 1;
    case "condition":
      return missedTag(one, facts) ? 0 : 2;
    case "excluded":
      return 3;
    default:
      return FAR;
  }
}

/** A tag of the resource that was probably meant for a selection. */
export const missedTag = ({ content }: Pick<Judged, "content">, facts: Facts): NearMiss | undefined =>
  nearMiss(candidateOf(facts).tags ?? {}, content);

function pointedOut(one: Judged, facts: Facts): Judged {
  const byTag =
    one.verdict.taken === "no" && (one.verdict.because.why === "unnamed" || one.verdict.because.why === "condition");
  const missed = byTag ? missedTag(one, facts) : undefined;
  if (!missed) return one;
  const because = `it wants the tag ${missed.wanted.key}=${missed.wanted.value}, and the resource has ${missed.found}: every letter counts, case and spaces too`;
  return { ...one, told: { ...one.told, because } };
}
