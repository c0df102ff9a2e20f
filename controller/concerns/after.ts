import type { Announcement } from "../domain/announcement.ts";
import {
  type Concern,
  type ConcernsSummary,
  isOpen,
  type NoticeTrouble,
  type Seen,
  SEVERITIES,
} from "../domain/concern.ts";
import { instant } from "../domain/identity.ts";
import type { ReportBody } from "../domain/report.ts";
import { acceptedConcerns, findingConcerns } from "./findings.ts";
import { destructionConcerns, noticeConcerns, runConcerns, waiverConcerns } from "./fleet.ts";
import { holdConcerns } from "./holds.ts";
import { jobConcerns, jobsTold } from "./jobs.ts";
import { placeConcerns } from "./places.ts";
import { type Asking, type Sight, whyOver } from "./sight.ts";

/** What concerns are drawn from, besides what a run has to say. */
export interface Surroundings {
  readonly announcements: readonly Announcement[];
  /** What became of the last notices; undefined where nobody asked. */
  readonly notices: readonly NoticeTrouble[] | undefined;
  /** What policies ask, in each target. */
  readonly policies: readonly Asking[];
}

const DAY_MS = 86_400_000;
/** What is over is remembered for so long, for routes that keep quiet hours or could not be reached. */
const REMEMBERED_MS = 7 * DAY_MS;
/** AWS remembers jobs for 30 days (semantics §5.4): after that nobody can tell whether the work was ever done. */
const JOBS_REMEMBERED_MS = 30 * DAY_MS;
/** Concerns remembered one by one; more are counted. What was told first stays, so that it can be told to be over. */
export const MOST_CONCERNS = 5_000;

/** Everything that a run found to be of concern. */
export function* concernsIn(body: ReportBody, { announcements, notices }: Surroundings, now: Date): Generator<Seen> {
  yield* jobConcerns(jobsTold(body).flatMap(({ failed }) => failed));
  yield* findingConcerns(body);
  yield* holdConcerns(body);
  yield* placeConcerns(body);
  yield* runConcerns(body);
  yield* waiverConcerns(body, now);
  yield* destructionConcerns(body, announcements);
  yield* noticeConcerns(notices ?? []);
}

export interface Concerns {
  /** Open ones, and those that were over lately; sorted by id. */
  readonly list: readonly Concern[];
  readonly summary: ConcernsSummary;
}

/** How concerns stand after a run: what it found, what it looked for in vain, and what it could say nothing of. */
export function concernsAfter(
  before: readonly Concern[],
  body: ReportBody,
  surroundings: Surroundings,
  now: Date,
): Concerns {
  const seen = new Map([...concernsIn(body, surroundings, now)].map((one) => [one.id, one]));
  const sight = {
    body,
    noticesHeard: surroundings.notices !== undefined,
    accepted: new Set([...acceptedConcerns(body)].map(({ id }) => id)),
    policies: surroundings.policies,
  };
  const kept = before.flatMap((one) => standing(one, seen.get(one.id), sight, now));
  const known = new Set(kept.map(({ id }) => id));
  const fresh = [...seen.values()].filter(({ id }) => !known.has(id)).toSorted(gravestFirst);
  const room = Math.max(0, MOST_CONCERNS - kept.length);
  const list = [...kept, ...fresh.slice(0, room).map((one) => begun(one, now))].toSorted(byId);
  return { list, summary: summaryOf(list, now, Math.max(0, fresh.length - room)) };
}

const begun = (seen: Seen, now: Date): Concern => ({ ...seen, firstOn: instant(now), lastOn: instant(now) });

/** What becomes of a concern that is known: nothing, where it was over for long enough. One that comes back begins anew. */
function standing(one: Concern, seen: Seen | undefined, sight: Sight, now: Date): readonly Concern[] {
  if (seen) return [isOpen(one) ? { ...one, ...seen, lastOn: instant(now) } : begun(seen, now)];
  if (one.resolved) return now.getTime() - Date.parse(one.resolved.on) < REMEMBERED_MS ? [one] : [];
  const because = whyOver(one, sight) ?? lapsed(one, now);
  return [because === undefined ? one : { ...one, resolved: { on: instant(now), because } }];
}

const lapsed = ({ basis, lastOn }: Concern, now: Date): string | undefined =>
  basis.by === "job" && now.getTime() - Date.parse(lastOn) > JOBS_REMEMBERED_MS
    ? "nothing was heard of it for 30 days, and AWS remembers jobs no longer: coverage tells how old its newest point is"
    : undefined;

const byId = (a: Concern, b: Concern): number => (a.id < b.id ? -1 : 1);
const gravestFirst = (a: Seen, b: Seen): number =>
  SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) || (a.id < b.id ? -1 : 1);

function summaryOf(list: readonly Concern[], now: Date, beyond: number): ConcernsSummary {
  const open = list.filter(isOpen);
  const among = (severity: Concern["severity"]) => open.filter((one) => one.severity === severity).length;
  return {
    open: open.length,
    critical: among("critical"),
    high: among("high"),
    opened: open.filter(({ since }) => since === undefined).length,
    resolved: list.filter(({ resolved }) => resolved?.on === instant(now)).length,
    beyond,
  };
}

/** Work of which it is to be found out whether it has been done since. */
export const watchedWork = (concerns: readonly Concern[]): readonly string[] =>
  concerns.flatMap((one) => (isOpen(one) && one.basis.by === "job" ? [one.basis.work] : []));
