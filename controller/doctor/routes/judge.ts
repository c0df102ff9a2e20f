import { whyUnfit } from "../../notices/post.ts";
import { OLD_MS } from "../../notices/secrets.ts";
import { isKey } from "../../notices/signing.ts";
import { subject, type Finding, type Subject } from "../finding.ts";
import type { HeldSecret, SecretRoute } from "./read.ts";

const DAY_MS = 86_400_000;

/** Whether a route can be gone by. Nothing of what the secret holds is in what is told. */
export function judgeRoute(route: SecretRoute, held: HeldSecret, now: Date): readonly Finding[] {
  const of = subject(`route ${route.name}`);
  const unheard = `who relies on the route ${route.name} hears of nothing`;
  const unusable = (says: string, fix: string): Finding => of.wrong("route.secret", { says, why: unheard, fix });
  const outOfReach = unusable(
    `the secret ${route.secret} is not there, or the controller's role may not read it`,
    `aws secretsmanager describe-secret --secret-id ${route.secret} in the hub's account and Region says which, to an administrator; its name has to begin with holdfast/notify/, and no policy of its own may refuse the role`,
  );
  // By a name that is nobody's, a role that may read some secrets and not all is answered as by one that it may not read.
  if (!held.seen && held.failure.kind === "denied") return [outOfReach];
  return of.judge("route.secret", `the secret ${route.secret}`, held, (found) => {
    if (found === undefined) return outOfReach;
    const { current } = found;
    if (current === undefined) return unusable(`the secret ${route.secret} is empty`, putAgain(route));
    const unfit = whyUnusable(route, current.value);
    return unfit === undefined
      ? [of.ok("route.secret", FIT[route.holds]), ...judgeAge(of, route, current.since, now)]
      : unusable(`the secret ${route.secret} holds ${unfit}`, putAgain(route));
  });
}

const putAgain = ({ secret }: SecretRoute): string =>
  `aws secretsmanager put-secret-value --secret-id ${secret} --secret-string file://FILE`;

const FIT = {
  address: "its secret holds an https address",
  key: "its secret holds a key to sign with",
} as const;

const whyUnusable = ({ holds }: SecretRoute, value: string): string | undefined => {
  if (holds === "address") return whyUnfit(value, { loopback: false }) === undefined ? undefined : "no https address";
  return isKey(value) ? undefined : "no key of 24 to 64 bytes, in base64 or as rotation makes it";
};

/** An address renews itself as little as a key that nothing rotates (rule 29). */
function judgeAge(of: Subject, route: SecretRoute, since: Date | undefined, now: Date): readonly Finding[] {
  if (since === undefined) return [];
  const age = now.getTime() - since.getTime();
  const days = Math.floor(age / DAY_MS);
  if (age < OLD_MS)
    return [
      of.ok("route.age", `it was put there ${days === 0 ? "today" : days === 1 ? "a day ago" : `${days} days ago`}`),
    ];
  return [
    of.warn("route.age", {
      says: `what the secret ${route.secret} holds has been the same for ${days} days`,
      why:
        route.holds === "address"
          ? "whoever has seen the address can write to the channel"
          : "whoever has seen the key can sign in our name",
      fix: `make a new one where the messages go, and put it there: ${putAgain(route)}`,
    }),
  ];
}

/** Of a caller who is not the controller. */
export const notReadHere = (routes: readonly SecretRoute[]): readonly Finding[] =>
  routes.length === 0
    ? []
    : [
        subject("routes of notices").unknown("route.secret", {
          says: "the secrets that they lead by were not looked at: nobody reads them but the controller",
          why: "who relies on a route whose secret is gone hears of nothing",
          fix: "have the controller look: holdfast doctor --function ARN_OF_ITS_ALIAS",
        }),
      ];
