import type { Settings } from "./settings.ts";

const MINUTES = 60;

/**
 * Seconds that a run may take, by engine. Inline: what Lambda gives one invocation. Durable: the execution's timeout. A thousand accounts
 * in four Regions are looked at in minutes; what takes hours is a fleet that throttles or vaults of millions, and a run that has not ended
 * by the time the next is due (six hours, unless the schedule says otherwise) only stands in its way: what it left, the next one finds.
 */
export const LONGEST_RUN: Readonly<Record<Settings["engine"], number>> = {
  inline: 15 * MINUTES,
  durable: 6 * 60 * MINUTES,
};
