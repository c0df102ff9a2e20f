import type { Bar } from "../domain/change.ts";

import type { Live } from "../domain/live.ts";

/** What a live resource's own tags ask of us. It goes for the resource, and for all that is or would be within it. */

/** Somebody else's tool manages it too (rule 17). */
export const managedElsewhere = ({ managedBy }: Live): Bar | undefined =>
  managedBy === undefined
    ? undefined
    : {
        reason: "contested",
        because: `${managedBy} manages it too`,
        release: `take it out of ${managedBy}, or drop it from the manifests`,
      };

/** A person asks for no writes for a while (rule 27). */
export const breakGlass = ({ suspendedUntil: until }: Live, now: Date): Bar | undefined =>
  until !== undefined && isBreakGlass(until, now)
    ? {
        reason: "suspended",
        because: `its tag holdfast:suspend-until asks for no writes until ${until}`,
        release: `wait until ${until}, or remove the tag`,
      }
    : undefined;

/** At most 72 h ahead (rule 27): a date further off is no break glass but a wish to be left alone for ever. */
const isBreakGlass = (until: string, now: Date): boolean => {
  const ahead = Date.parse(until) - now.getTime();
  return ahead > 0 && ahead <= 72 * 3_600_000;
};
