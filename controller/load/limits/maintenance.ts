import type { Path } from "../located.ts";
import { frozenFrom, frozenUntil, type Maintenance } from "../manifests/maintenance.ts";
import { refuse, warn, type Limit } from "./limit.ts";
import { timezoneLimits } from "./schedule.ts";

/** Days after its end from which a freeze is only in the way of reading. */
const LONG_OVER = 30;

export function* maintenanceLimits(path: Path, maintenance: Maintenance, now: Date | undefined): Generator<Limit> {
  const { timeZone, windows, freezes } = maintenance;
  yield* timezoneLimits([...path, "timeZone"], timeZone);
  if (windows.length + freezes.length === 0)
    yield warn(path, "has neither windows nor freezes: it holds nothing", "add one, or leave it out");
  for (const [index, { from, to }] of windows.entries())
    if (from === to)
      yield refuse(
        [...path, "windows", index, "to"],
        `is its from, ${from}: a window of no length never opens`,
        'for a whole day write from: "00:00", to: "23:59"',
      );
  for (const [index, freeze] of freezes.entries()) yield* freezeLimits([...path, "freezes", index], freeze, now);
}

/** A day or so of time zone does not matter to what is a month ago: the wall clock is taken for UTC. */
function* freezeLimits(
  path: Path,
  { from, to }: Maintenance["freezes"][number],
  now: Date | undefined,
): Generator<Limit> {
  if (frozenUntil(to) <= frozenFrom(from)) yield refuse([...path, "to"], `is not after from, ${from}; found ${to}`);
  else if (now && now.getTime() - Date.parse(`${frozenUntil(to)}Z`) > LONG_OVER * 86_400_000)
    yield warn(path, `ended more than ${LONG_OVER} days ago: it holds nothing any more`, "remove it");
}
