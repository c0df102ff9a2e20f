import type { Bar, Change } from "../domain/change.ts";
import type { Maintenance } from "../domain/desired.ts";
import { passesRatchet } from "../domain/effect.ts";
import { isWithin, wallClock } from "../domain/wall-clock.ts";

/** What the fleet's calendar says against a change now. */
export function maintenanceBar(change: Change, maintenance: Maintenance | undefined, now: Date): Bar | undefined {
  if (!maintenance) return undefined;
  const unasked = passesRatchet(change.effect) && change.hazards.length === 0;
  if (maintenance.holds === "weakening" && unasked) return undefined;
  const local = wallClock(now, maintenance.timeZone);
  const freeze = maintenance.freezes.find(({ from, to }) => local.minute >= from && local.minute < to);
  if (freeze)
    return {
      reason: "frozen",
      because: `changes are frozen until ${freeze.to} ${maintenance.timeZone}: ${freeze.reason}`,
      release: `wait until ${freeze.to} ${maintenance.timeZone}, or shorten the freeze in the Fleet manifest`,
    };
  const { windows, timeZone } = maintenance;
  return windows.length === 0 || windows.some((window) => isWithin(window, local))
    ? undefined
    : {
        reason: "frozen",
        because: `it is ${local.day} ${local.time} in ${timeZone}, outside every maintenance window`,
        release: `the next window: ${windows.map(({ days, from, to }) => `${days.join(" ")} ${from}–${to}`).join(", ")}`,
      };
}
