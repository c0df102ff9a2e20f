import { showTarget, type Target } from "../domain/identity.ts";
import type { ReportBody } from "../domain/report.ts";
import { aboutAny, begunBy, triage, type Waiting } from "../events/triage.ts";
import { load } from "../load/load.ts";
import type { Look, OwnReport, Run, World } from "../ports.ts";
import { reconcile } from "../reconcile.ts";

export interface Attending {
  readonly world: World;
  /** A run of its own, over these targets. */
  readonly runOver: (targets: readonly Target[]) => Run;
  /** Monotonic milliseconds after which no new work is started. */
  readonly deadline: number;
}

export interface Attended {
  /** Messages to be delivered again. */
  readonly left: readonly string[];
  readonly ended: "reported" | "nothing-new" | "before-first-run" | "stood-down";
  readonly published?: OwnReport;
}

/** How long a run that finds the lease taken waits before it asks again; and the least time that it then needs to be of use. Milliseconds. */
const PAUSE_MS = 30_000;
const LEAST_MS = 180_000;
/** How long after the last run began another may: a night's events come for hours, and each run makes the chain longer by a report. Milliseconds. */
const APART_MS = 120_000;

/**
 * One run over all that a batch of events points to and that nobody has looked at since. Where another run has the lease, it waits as long as
 * time allows: what that one sees meanwhile is not looked at twice. Rejects where no report could be published: all messages then come again.
 */
export async function attend(waiting: readonly Waiting[], attending: Attending): Promise<Attended> {
  const { world, runOver, deadline } = attending;
  const { fleet } = await load(await world.source.read(), world.organization, world.clock.now());
  for (;;) {
    const now = world.clock.now().getTime();
    const all = await world.history.looksSince(new Date(Math.min(earliest(waiting), now - APART_MS)));
    // Nobody has said yet how the fleet stands: the first run over all of it looks there too, and must be the first to say so.
    if (all === null) return told(world, waiting, { left: [], ended: "before-first-run" });
    const looks = begunBy(now, all);
    const { targets, open, later } = triage(waiting, fleet.targets, looks);
    if (targets.length === 0) return told(world, waiting, { left: [], ended: "nothing-new" });
    const wait = tooSoon(looks, now);
    const finished = wait > 0 ? undefined : await reconcile(runOver(targets), world);
    if (finished?.ended === "reported") {
      const { published } = finished;
      const left = [...again(open, published.said), ...later].map(({ message }) => message);
      return told(world, waiting, { left, ended: "reported", published });
    }
    const pause = wait > 0 ? wait : PAUSE_MS;
    if (world.clock.monotonic() + pause + LEAST_MS > deadline)
      return told(world, waiting, { left: [...open, ...later].map(({ message }) => message), ended: "stood-down" });
    await world.clock.sleep(pause);
  }
}

const earliest = (waiting: readonly Waiting[]): number =>
  waiting.reduce((least, { since }) => Math.min(least, since.getTime()), Number.POSITIVE_INFINITY);

/** Milliseconds until the next run may begin; 0: now. */
const tooSoon = (looks: readonly Look[], now: number): number =>
  looks.reduce((wait, { from }) => Math.max(wait, Date.parse(from) + APART_MS - now), 0);

/** Messages about what the run could not see: it was broken off, or a target could not be read. */
function again(looked: readonly Waiting[], said: ReportBody): readonly Waiting[] {
  return said.run.failure ? looked : aboutAny(looked, unread(said));
}

/** Targets of which nothing could be read, or not how their jobs went. */
function unread({ listings, jobsSinceSurvey }: ReportBody): readonly Target[] {
  const byTarget = Map.groupBy(listings, ({ target }) => showTarget(target));
  const dark = [...byTarget.values()].flatMap((all) =>
    all.some(({ complete }) => complete) ? [] : all.slice(0, 1).map(({ target }) => target),
  );
  return [...dark, ...(jobsSinceSurvey?.unread ?? [])];
}

function told({ log }: World, waiting: readonly Waiting[], attended: Attended): Attended {
  const { ended, left, published } = attended;
  log("events-attended", {
    ended,
    messages: waiting.length,
    events: new Set(waiting.map(({ event }) => event.id)).size,
    left: left.length,
    ...(published && { report: published.url, result: published.report.result }),
  });
  return attended;
}
