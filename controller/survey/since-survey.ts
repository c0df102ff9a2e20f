import pLimit from "p-limit";
import { instant, type Target } from "../domain/identity.ts";
import type { JobsSinceSurvey } from "../domain/survey.ts";
import { jobsOf, jobsOver } from "./jobs.ts";
import { askingSince, endedJobs, type Surveying } from "./survey.ts";

/**
 * The jobs of some targets that did not do all they should, since the whole fleet was last surveyed. The next survey tells and counts them
 * with all others, so that nothing is remembered of this one.
 */
export async function jobsSinceSurvey(targets: readonly Target[], surveying: Surveying): Promise<JobsSinceSurvey> {
  const { clock, fleet, concurrency, watched } = surveying;
  const asking = askingSince(clock.now(), surveying);
  const { window } = asking;
  const limit = pLimit(concurrency);
  const look = async (target: Target) => {
    const ended = await endedJobs(fleet.reader(target), target, asking);
    return { target, jobs: jobsOf(ended, window, { target, watched }) };
  };
  const seen = await Promise.all(targets.map((target) => limit(() => look(target))));
  const unread = seen.filter(({ jobs }) => !jobs.complete).map(({ target }) => target);
  const { complete, failed, mended } = jobsOver(
    seen.map(({ jobs }) => jobs),
    window,
  );
  return {
    from: instant(window.from),
    to: instant(window.to),
    complete,
    ...(unread.length > 0 ? { unread } : {}),
    failed,
    ...(mended ? { mended } : {}),
  };
}
