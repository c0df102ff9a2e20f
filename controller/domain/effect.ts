/** What a change does to protection, from harmless to final. The ratchet (law 2) applies the first two unasked. */
export const EFFECTS = ["neutral", "strengthens", "weakens", "destroys", "irreversible"] as const;
export type Effect = (typeof EFFECTS)[number];

/** What else a change might break or commit us to (rule 13). A strengthening change with a hazard waits as a weakening one does. */
export const HAZARDS = ["fails-jobs", "interrupts", "irreversible", "costs"] as const;
export type Hazard = (typeof HAZARDS)[number];

/** The gravest of several effects; of none, `neutral`. */
export const worstEffect = (effects: Iterable<Effect>): Effect =>
  [...effects].reduce(
    (worst, effect) => (EFFECTS.indexOf(effect) > EFFECTS.indexOf(worst) ? effect : worst),
    "neutral" as Effect,
  );

/** Whether the ratchet lets a change of this effect through without consent. */
export const passesRatchet = (effect: Effect): boolean => effect === "neutral" || effect === "strengthens";

/** The effect of a number growing where more protects more; an absent number means "for ever". */
export const moreProtects = (live: number | undefined, desired: number | undefined): Effect => {
  const [from, to] = [live ?? Infinity, desired ?? Infinity];
  return from === to ? "neutral" : to > from ? "strengthens" : "weakens";
};
