import { showTarget } from "../domain/identity.ts";
import type { Destination, Notifications, Route } from "../domain/notifications.ts";
import type { NotificationsSpec, WrittenRoute } from "./manifests/notifications.ts";
import type { Roster } from "./roster.ts";

/** Routes as a run takes them: groups and accounts come to targets. */
export const notificationsOf = ({ routes, owners }: NotificationsSpec, roster: Roster): Notifications => ({
  routes: routes.map((route) => routeOf(route, roster)),
  owners,
});

function routeOf({ to, only, ...others }: WrittenRoute, roster: Roster): Route {
  const { accounts, groups, ...filter } = only;
  const targets = accounts || groups ? { targets: targetsOf(accounts ?? [], groups ?? [], roster) } : {};
  return { ...others, to: destinationOf(to), only: { ...filter, ...targets } };
}

const targetsOf = (accounts: readonly string[], groups: readonly string[], roster: Roster): string[] => [
  ...new Set([
    ...roster.targets.filter(({ account }) => accounts.includes(account)).map(showTarget),
    ...groups.flatMap((group) => [...(roster.groups.get(group) ?? [])]),
  ]),
];

/** Limits have seen to it that there is one. */
function destinationOf({ sns, eventBus, slack, teams, webhook }: WrittenRoute["to"]): Destination {
  if (sns !== undefined) return { by: "sns", topicArn: sns };
  if (eventBus !== undefined) return { by: "eventBus", bus: eventBus };
  if (slack) return { by: "slack", ...slack };
  if (teams) return { by: "teams", ...teams };
  if (webhook) return { by: "webhook", ...webhook };
  throw new RangeError("a route that leads nowhere was let through");
}
