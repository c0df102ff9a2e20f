import { firstForecast, forecast, workloadOf, type Forecast } from "../engines/forecast.ts";
import { load } from "../load/load.ts";
import type { World } from "../ports.ts";

/**
 * Which engine the next run takes: by what the last report counted, or at first by how many targets there are. Undefined where neither can be
 * read: the run itself will say why.
 */
export async function foresee({ history, source, organization, clock, log }: World): Promise<Forecast | undefined> {
  try {
    const { head } = await history.read();
    const work = head && workloadOf(head.report);
    if (work) return forecast(work);
    const { fleet } = await load(await source.read(), organization, clock.now());
    return firstForecast(fleet.targets.length);
  } catch (error) {
    log("work-not-foreseen", { error: error instanceof Error ? error.message : String(error) });
    return undefined;
  }
}
