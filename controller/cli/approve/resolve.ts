import type { Change } from "../../domain/change.ts";
import type { DesiredState } from "../../domain/desired.ts";
import { passesRatchet } from "../../domain/effect.ts";
import type { Plan } from "../../domain/plan.ts";
import { didYouMean } from "../../load/problems.ts";
import type { History } from "../../ports.ts";
import { refused, type Request } from "./request.ts";

/** What an approval will name, and the changes of the plan that it comes to. */
export interface Resolved {
  readonly changes: readonly string[];
  readonly groups: readonly { readonly id: string; readonly report: number }[];
  readonly lastPoints: readonly string[];
  readonly standing: readonly { readonly policy: string; readonly cause: "expired" }[];
  /** Open changes that it consents to, by id. */
  readonly covers: ReadonlySet<string>;
  /** Of its groups, the members that are not open any more, or not as they were. */
  readonly lapsed: number;
}

/** What ids are looked up in. */
export interface Known {
  readonly plan: Plan;
  readonly desired: Pick<DesiredState, "rules">;
  readonly history: Pick<History, "group">;
  /** The newest report; 0: there is none. */
  readonly newest: number;
  /** The newest over the whole fleet: events may have brought many since. */
  readonly sweep?: number | undefined;
}

export const CHANGE_ID = /^[a-z2-7]{12}$/;
export const GROUP_ID = /^g[a-z2-7]{24}$/;
/** How many reports back a group is looked for, from the newest and from the last sweep: people read yesterday's. */
const LOOK_BACK = 10;
const reportsBefore = (newest: number): readonly number[] =>
  Array.from({ length: Math.min(LOOK_BACK, newest) }, (_, back) => newest - back);

/** Finds everything that is asked for. Throws with all that cannot be found, and what to do about each. */
export async function resolve(request: Request, known: Known): Promise<Resolved> {
  const open = openChanges(known.plan);
  const wrong: string[] = [];
  const covers = new Set<string>();
  const groups: { readonly id: string; readonly report: number }[] = [];
  let lapsed = 0;
  for (const id of request.ids) {
    const found = GROUP_ID.test(id) ? await findGroup(id, known, open) : findChange(id, open, known.plan);
    if (typeof found === "string") wrong.push(found);
    else {
      for (const one of found.members) covers.add(one);
      if (found.report !== undefined) groups.push({ id, report: found.report });
      lapsed += found.lapsed;
    }
  }
  // Beside the point's ARN an approval names the change: which of two is meant nobody can tell.
  for (const arn of request.lastPoints) take(destructionOf(arn, open, covers), covers, wrong);
  const changes = request.ids.filter((id) => CHANGE_ID.test(id));
  const ofLastPoints = [...covers].filter((id) => isLastOf(open.get(id), request.lastPoints));
  for (const policy of request.standing) take(expiredUnder(policy, open, known.desired), covers, wrong);
  if (wrong.length > 0) throw refused(wrong.join("\n"));
  return {
    changes: [...new Set([...changes, ...ofLastPoints])],
    groups,
    lastPoints: request.lastPoints,
    standing: request.standing.map((policy) => ({ policy, cause: "expired" })),
    covers,
    lapsed,
  };
}

function take(found: string | readonly string[], covers: Set<string>, wrong: string[]): void {
  if (typeof found === "string") wrong.push(found);
  else for (const id of found) covers.add(id);
}

type Open = ReadonlyMap<string, Change>;
const openChanges = ({ waves, held }: Plan): Open =>
  new Map([...waves.flat(), ...held.flatMap(({ change }) => change ?? [])].map((change) => [change.id, change]));

interface Found {
  readonly members: readonly string[];
  readonly report?: number;
  readonly lapsed: number;
}

function findChange(id: string, open: Open, { groups }: Plan): Found | string {
  const change = open.get(id);
  if (!change) {
    const near = didYouMean(id, [...open.keys(), ...groups.map((group) => group.id)]);
    const shape = CHANGE_ID.test(id)
      ? `there is no change ${id} in the plan as it is now`
      : `${id} is no id: a change's has 12 characters of a-z and 2-7, a group's begins with g and has 25`;
    return `${shape}: ${near ?? "ids change with what they stand for, so look it up again in holdfast plan"}`;
  }
  return passesRatchet(change.effect) && change.hazards.length === 0
    ? `change ${id} needs no approval: what holds it, if anything does, is said in holdfast plan`
    : { members: [id], lapsed: 0 };
}

/** A group is what a report lists: its members are read there when the approval is used, so they must be there (rule 7). */
async function findGroup(id: string, known: Known, open: Open): Promise<Found | string> {
  const { plan, history, newest, sweep = 0 } = known;
  for (const report of new Set([...reportsBefore(newest), ...reportsBefore(sweep)])) {
    const members = await history.group(report, id);
    if (!members) continue;
    const left = members.filter((member) => open.has(member));
    if (left.length > 0) return { members: left, report, lapsed: members.length - left.length };
    return `of group ${id}, as report ${report} lists it, nothing is open any more: holdfast plan has the groups there are`;
  }
  const live = plan.groups.find((group) => group.id === id);
  if (live)
    return `group ${id} is in the plan as it is now, and no report lists it yet: the next run's report will, or approve its ${live.members.length} changes by their ids`;
  return noGroup(id, plan);
}

/** What to say of a group that is nowhere. */
export function noGroup(id: string, { groups }: Pick<Plan, "groups">): string {
  const near = didYouMean(
    id,
    groups.map((group) => group.id),
  );
  return `no group ${id} is in the plan or in the last ${LOOK_BACK} reports: ${near ?? "a group's id changes with its members, so look it up again in the newest report"}`;
}

const isDestruction = (change: Change): change is Extract<Change, { action: "amend" }> =>
  change.action === "amend" && change.finding.mend?.destruction !== undefined;

const isLastOf = (change: Change | undefined, lastPoints: readonly string[]): boolean =>
  change !== undefined && isDestruction(change) && lastPoints.includes(change.finding.subject);

function destructionOf(arn: string, open: Open, named: ReadonlySet<string>): string | readonly string[] {
  const all = [...open.values()].filter(isDestruction);
  const found = all.filter(({ finding }) => finding.subject === arn).map(({ id }) => id);
  if (found.length === 1 || found.some((id) => named.has(id))) return found.length === 1 ? found : [];
  if (found.length > 1)
    return `of recovery point ${arn} several changes are open: name the one that is meant, of ${found.join(", ")}`;
  const near = didYouMean(
    arn,
    all.map(({ finding }) => finding.subject),
  );
  return `no policy would delete or shorten recovery point ${arn}: ${near ?? "give its ARN as holdfast plan prints it"}`;
}

function expiredUnder(policy: string, open: Open, { rules }: Known["desired"]): string | readonly string[] {
  const names = [...new Set(rules.map(({ name }) => name))];
  if (!names.includes(policy))
    return `there is no RecoveryPointPolicy ${policy}: ${didYouMean(policy, names) ?? (names.length > 0 ? `there is ${names.join(", ")}` : "there is none at all")}`;
  return [...open.values()]
    .filter(
      (change) => isDestruction(change) && change.finding.rule.name === policy && change.finding.cause === "expired",
    )
    .map(({ id }) => id);
}
