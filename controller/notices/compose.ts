import { causeOf } from "../concerns/causes.ts";
import type { Concern } from "../domain/concern.ts";
import { shortDigest } from "../domain/digest.ts";
import { instant } from "../domain/identity.ts";
import type { Due, DueNotice } from "./due.ts";
import { gravity } from "./matching.ts";
import { type Group, type Notice, NOTICE_SCHEMA, type Told } from "./notice.ts";
import { plain } from "./words.ts";

/** What a notice says of where it comes from. */
export interface Occasion {
  readonly fleet: string;
  readonly route: string;
  readonly report: Notice["report"];
  readonly now: Date;
  /** Names of accounts, as far as they are known. */
  readonly names: ReadonlyMap<string, string>;
  /** Everything open that the route is for. */
  readonly open: readonly Concern[];
}

const MOST_GROUPS = 20;
const MOST_IN_GROUP = 10;

/** One message for all that is due, by cause and owner. */
export function compose({ type, about, digest }: DueNotice, occasion: Occasion): Notice {
  const { fleet, route, report, now, open } = occasion;
  const groups = [...Map.groupBy(about, (one) => `${one.concern.cause}\n${ownerOf(one.concern, occasion)}`).values()]
    .map((members) => groupOf(members, occasion))
    .toSorted((a, b) => gravity(a) - gravity(b) || b.count - a.count || (a.cause < b.cause ? -1 : 1));
  const among = (severity: Concern["severity"]): number => open.filter((one) => one.severity === severity).length;
  return {
    schema: NOTICE_SCHEMA,
    id: `hf_${shortDigest({ route, type, about: about.map(identityOf), digest: digest ?? null, run: type === "run.completed" ? report.sequence : null }, 24)}`,
    type,
    fleet,
    on: instant(now),
    route,
    report,
    open: { critical: among("critical"), high: among("high"), notice: among("notice") },
    groups: groups.slice(0, MOST_GROUPS),
    more: Math.max(0, groups.length - MOST_GROUPS),
  };
}

/** The same thing said again, a reminder say, is another notice; the same notice sent again is not. */
const identityOf = ({ concern: { id, firstOn, resolved }, again, last }: Due) => [
  id,
  firstOn,
  resolved?.on ?? null,
  again ?? null,
  last ?? null,
];

function groupOf(members: readonly Due[], occasion: Occasion): Group {
  const { concern } = members[0]!;
  return {
    cause: concern.cause,
    title: causeOf(concern.cause).title,
    severity: concern.severity,
    owner: ownerOf(concern, occasion),
    count: members.length,
    concerns: members.slice(0, MOST_IN_GROUP).map((one) => toldOf(one, occasion)),
  };
}

const ownerOf = ({ owner, target }: Concern, { names, fleet }: Occasion): string =>
  plain(
    owner ?? (target === undefined ? `fleet ${fleet}` : (names.get(target.account) ?? `account ${target.account}`)),
  );

function toldOf({ concern, again }: Due, { names }: Occasion): Told {
  const { id, subject, target, count, because, fix, firstOn, resolved } = concern;
  const accountName = target && names.get(target.account);
  return {
    id,
    subject,
    name: plain(nameOf(subject)),
    ...(target ? { account: target.account, region: target.region } : {}),
    ...(accountName === undefined ? {} : { accountName: plain(accountName) }),
    count,
    because: plain(because),
    fix: plain(fix),
    firstOn,
    ...(again === undefined ? {} : { again }),
    ...(resolved ? { resolved: { ...resolved, because: plain(resolved.because) } } : {}),
  };
}

/** What people call a resource: `volume/vol-1` and `db:orders` are told by their last part. */
const nameOf = (subject: string): string =>
  subject.startsWith("arn:") ? (subject.split(/[:/]/).at(-1) ?? subject) : subject;
