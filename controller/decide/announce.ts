import { type Announcement, announcedAs, type Deletion } from "../domain/announcement.ts";
import { type Bar, type Change, destructionMark, type HoldReason } from "../domain/change.ts";
import type { Guardrails } from "../domain/desired.ts";
import { instant, sameTarget, showTarget } from "../domain/identity.ts";
import type { GovernedResult } from "../domain/inventory.ts";
import { announcementOf, type Announced, deleteDate } from "./announced.ts";
import { vaultDay } from "./destruction-budget.ts";

type Amendment = Extract<Change, { action: "amend" }>;

/** Holds that a person or time lets go of: what they hold stands announced. Whatever objects to a destruction is none of them. */
const RELEASABLE: ReadonlySet<HoldReason> = new Set([
  "frozen",
  "needs-approval",
  "not-announced",
  "in-grace",
  "over-budget",
  "desired-state-shrank",
  "stale-source",
]);

export const isReleasable = (bars: readonly Bar[]): boolean => bars.every(({ reason }) => RELEASABLE.has(reason));

/** Days of budget that are announced at most (rule 7). */
const MOST_DAYS = 30;

export interface Judgement {
  readonly change: Amendment;
  readonly bars: readonly Bar[];
}

/**
 * What stands announced once this plan's report is published. Those that stood before keep their date; new ones join, worst first, as
 * far as thirty days of budget go; one of which nobody can tell whether its cause holds or something objects is paused; one whose cause
 * is gone, or to which something objects, is gone from the list, and begins anew if it comes back (rules 6, 7).
 */
export function announce(
  judged: readonly Judgement[],
  announced: Announced,
  governed: readonly GovernedResult[],
  deletions: readonly Deletion[],
  { destruction }: Pick<Guardrails, "destruction">,
): readonly Announcement[] {
  const { now } = announced;
  const before = ({ change }: Judgement): readonly Announcement[] =>
    [announcementOf(change.finding, announced)].filter((one) => one !== undefined);
  const due = judged.filter(({ change }) => change.finding.mend?.destruction);
  const wanted = due.filter(({ bars }) => isReleasable(bars));
  const standing = wanted.flatMap(before).map((one) => resumed(one, now));
  const doubted = new Set(due.filter(({ bars }) => isDoubtful(bars)).flatMap(before));
  const others = [...announced.byMark.values()].filter((one) => !standing.some(({ change }) => change === one.change));
  // What AWS is at work on shows no cause while it is; should AWS give up, its announcement stands.
  const flying = new Set(deletions.flatMap(({ acceptedOn, change }) => (acceptedOn === null ? [] : [change])));
  const kept = others.flatMap((one) => {
    if (flying.has(one.change) && isRead(one, governed)) return [one];
    return doubted.has(one) || isUndecided(one, governed) ? [pausedAt(one, now)] : [];
  });
  const room = roomIn([...standing, ...kept], governed, destruction);
  const fresh = wanted
    .filter((one) => before(one).length === 0)
    .map(({ change }) => change)
    .toSorted(worstFirst)
    .filter((change) => room(change))
    .map((change) => announcement(change, now));
  return [...standing, ...kept, ...fresh].toSorted((a, b) => (a.change < b.change ? -1 : 1));
}

/** Nothing objects that is known, and something may. */
const isDoubtful = (bars: readonly Bar[]): boolean =>
  !isReleasable(bars) && isReleasable(bars.filter(({ reason }) => reason !== "unknown-state"));

/** AWS's own failed deletions first, then what has been there for longest. */
export const worstFirst = (a: Amendment, b: Amendment): number => {
  const [left, right] = [orderOf(a), orderOf(b)];
  return left < right ? -1 : left > right ? 1 : 0;
};

const orderOf = ({ finding, id }: Amendment): string => {
  const createdOn = finding.mend?.destruction?.identity["createdOn"];
  return [finding.cause === "expired" ? 0 : 1, String(createdOn ?? 0).padStart(16, "0"), id].join(" ");
};

function announcement({ id, key, finding }: Amendment, now: Date): Announcement {
  const destruction = finding.mend!.destruction!;
  return {
    change: id,
    mark: destructionMark(destruction),
    key,
    subject: finding.subject,
    partition: finding.partition,
    policy: finding.rule.name,
    cause: finding.cause,
    deleteOn: deleteDate(destruction, undefined, now),
    graceMs: destruction.graceMs,
    announcedOn: instant(now),
    beside: { ...destruction.beside },
    pausedMs: 0,
  };
}

/** Some policy still reaches its partition: where none does, nobody wants it gone any more. */
const isRead = ({ key, partition }: Announcement, governed: readonly GovernedResult[]): boolean =>
  governed.some((one) => one.partition === partition && sameTarget(one.target, key.target) && one.kind === key.kind);

/** Nobody can tell whether the cause still holds: its partition was not read whole, or what it rests on was not. */
const isUndecided = (one: Announcement, governed: readonly GovernedResult[]): boolean => {
  const { key, partition } = one;
  const here = governed.filter(
    ({ target, kind }) => showTarget(target) === showTarget(key.target) && kind === key.kind,
  );
  const parts = here.filter((part) => part.partition === partition);
  return (
    here.some((part) => part.partition === "*") ||
    parts.some(({ status, undecided }) => status === "incomplete" || undecided.includes(announcedAs(one)))
  );
};

const pausedAt = (one: Announcement, now: Date): Announcement => ({ ...one, pausedOn: one.pausedOn ?? instant(now) });

/** The time during which nobody could tell does not count towards the grace. */
function resumed({ pausedOn, ...one }: Announcement, now: Date): Announcement {
  const paused = pausedOn === undefined ? 0 : Math.max(0, now.getTime() - Date.parse(pausedOn));
  return { ...one, pausedMs: one.pausedMs + paused };
}

/** Lets in as many as thirty days of budget hold, in each vault and in the fleet, after those that are in already. */
function roomIn(
  already: readonly Announcement[],
  governed: readonly GovernedResult[],
  destruction: Guardrails["destruction"],
): (change: Amendment) => boolean {
  const place = ({ key, partition }: Pick<Announcement, "key" | "partition">) =>
    `${showTarget(key.target)}/${partition}`;
  const used = new Map<string, number>();
  for (const one of already) used.set(place(one), (used.get(place(one)) ?? 0) + 1);
  let total = already.length;
  return ({ key, finding }) => {
    const vault = place({ key, partition: finding.partition });
    const most = MOST_DAYS * vaultDay(key, finding.partition, governed, destruction);
    const count = used.get(vault) ?? 0;
    if (count >= most || total >= MOST_DAYS * destruction.perFleetDay) return false;
    used.set(vault, count + 1);
    total += 1;
    return true;
  };
}
