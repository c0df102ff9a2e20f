import { type Concern, SEVERITIES } from "../domain/concern.ts";
import { showTarget } from "../domain/identity.ts";
import type { Notifications, Route } from "../domain/notifications.ts";

/** Which concerns a route is told of. */
export function fitsOf(route: Route, { owners }: Notifications): (concern: Concern) => boolean {
  const { only, mode, name } = route;
  const targets = only.targets && new Set(only.targets);
  const named = new Set(Object.entries(owners).flatMap(([owner, routes]) => (routes.includes(name) ? [owner] : [])));
  return ({ severity, cause, target, owner }) =>
    // A severity that is asked for by name is asked for.
    (only.severities?.includes(severity) ?? (mode !== "failures" || severity !== "notice")) &&
    (only.causes?.includes(cause) ?? true) &&
    (targets === undefined || (target !== undefined && targets.has(showTarget(target)))) &&
    (only.owners === undefined || (owner !== undefined && only.owners.includes(owner))) &&
    (named.size === 0 || (owner !== undefined && named.has(owner)));
}

export const gravity = ({ severity }: Pick<Concern, "severity">): number => SEVERITIES.indexOf(severity);
