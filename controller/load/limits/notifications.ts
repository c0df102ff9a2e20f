import { CAUSES } from "../../concerns/causes.ts";
import type { Path } from "../located.ts";
import type { NotificationsSpec, WrittenRoute } from "../manifests/notifications.ts";
import { FINDING_CAUSES } from "../manifests/waiver.ts";
import { didYouMean } from "../problems.ts";
import { refuse, repeated, warn, type Limit } from "./limit.ts";
import { timezoneLimits } from "./schedule.ts";

export function* notificationLimits(
  path: Path,
  { routes, owners }: NotificationsSpec,
  groups: readonly string[],
): Generator<Limit> {
  yield* repeated([...path, "routes"], routes, ({ name }) => name, "name");
  for (const [index, route] of routes.entries()) yield* routeLimits([...path, "routes", index], route, groups);
  const names = routes.map(({ name }) => name);
  for (const [owner, wanted] of Object.entries(owners))
    for (const [index, name] of wanted.entries())
      if (!names.includes(name))
        yield refuse([...path, "owners", owner, index], `names ${name}, which is no route`, didYouMean(name, names));
}

function* routeLimits(path: Path, route: WrittenRoute, groups: readonly string[]): Generator<Limit> {
  const { to, mode, quietHours, digest, only } = route;
  const ways = Object.keys(to);
  if (ways.length !== 1)
    yield refuse(
      [...path, "to"],
      `names ${ways.length === 0 ? "nowhere" : ways.join(" and ")}: a route leads to one place`,
      "give one of sns, eventBus, slack, teams, webhook",
    );
  yield* reachLimits([...path, "to"], to);
  if (to.webhook) yield* addressLimits([...path, "to", "webhook", "url"], to.webhook.url);
  if (mode === "digest" && !digest)
    yield refuse([...path, "mode"], "is digest, and no digest says when: it would never tell anything", "add digest");
  if (quietHours) {
    yield* timezoneLimits([...path, "quietHours", "timeZone"], quietHours.timeZone);
    if (quietHours.from === quietHours.to)
      yield refuse([...path, "quietHours", "to"], `is its from, ${quietHours.from}: hours of no length hold nothing`);
  }
  if (digest) yield* timezoneLimits([...path, "digest", "timeZone"], digest.timeZone);
  for (const [index, group] of (only.groups ?? []).entries())
    if (!groups.includes(group))
      yield refuse([...path, "only", "groups", index], `names ${group}, which is no group`, didYouMean(group, groups));
  for (const [index, cause] of (only.causes ?? []).entries())
    if (!KNOWN_CAUSES.includes(cause))
      yield warn(
        [...path, "only", "causes", index],
        `is no known cause; found ${cause}`,
        didYouMean(cause, KNOWN_CAUSES),
      );
}

/** What the hub's own role reaches by the names of things (infra/notices-policy.ts). A role of somebody's own may reach more. */
const WITHIN_REACH: readonly (readonly [(to: WrittenRoute["to"]) => string | undefined, RegExp, string])[] = [
  [({ sns }) => sns, /:holdfast-[\w-]+$/, "topics called holdfast-…"],
  [({ eventBus }) => eventBus, /(^|\/)holdfast-[\w./-]+$/, "event buses called holdfast-…"],
  [({ slack, teams }) => slack?.secret ?? teams?.secret, /(^|:)holdfast\/notify\//, "secrets below holdfast/notify/"],
];

function* reachLimits(path: Path, to: WrittenRoute["to"]): Generator<Limit> {
  for (const [nameOf, within, what] of WITHIN_REACH) {
    const name = nameOf(to);
    if (name !== undefined && !within.test(name))
      yield warn(
        path,
        `leads to ${name}: of these the hub's role reaches ${what}`,
        "call it so, or let the role reach it",
      );
  }
}

const KNOWN_CAUSES: readonly string[] = [...Object.keys(CAUSES), ...FINDING_CAUSES];

/** Services whose addresses are their own password. */
const SECRET_HOSTS =
  /(^|\.)(hooks\.slack\.com|webhook\.office\.com|logic\.azure\.com|api\.powerplatform\.com|discord(app)?\.com)$/;
const SECRET_PARAMETERS = /^(token|key|sig|signature|secret|password|code|access_?token|api_?key)$/i;
const LOOPBACK = /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/;

/** What is in git is read by many: an address that lets whoever has it post does not belong there. */
function* addressLimits(path: Path, address: string): Generator<Limit> {
  const url = URL.parse(address);
  if (!url) {
    yield refuse(path, `is not an address; found ${address}`);
    return;
  }
  if (url.protocol !== "https:" && !LOOPBACK.test(url.hostname))
    yield refuse(path, "is not https: who listens on the way would read it", "give an https address");
  if (SECRET_HOSTS.test(url.hostname))
    yield refuse(
      path,
      `is an address of ${url.hostname}, which is a password by itself and was in git now`,
      "make a new one, keep it in Secrets Manager, and name that secret with slack or teams",
    );
  const telling = [...url.searchParams.keys()].find((name) => SECRET_PARAMETERS.test(name));
  if (telling !== undefined)
    yield refuse(
      path,
      `has the parameter ${telling}, which is a secret and was in git now`,
      "receivers know us by the signature",
    );
}
