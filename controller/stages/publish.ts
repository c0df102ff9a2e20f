import { testify } from "../attest/testify.ts";
import type { Verdict } from "../domain/verdict.ts";
import { instant } from "../domain/identity.ts";
import type { Scene } from "./scene.ts";

/** What a run ended with, in a line. */
export type Concluded =
  | { readonly ended: "reported"; readonly sequence: number; readonly report: string; readonly result: Verdict }
  | { readonly ended: "stood-down"; readonly report: string | null };

/** Says what was found and done. A dead run's journal stays open until a report has said what it did. */
export async function publish({ record, world }: Scene): Promise<Concluded> {
  world.progress({ stage: "publish" });
  record.notices = await world.notices?.heard();
  const published = (record.published = await testify(record, world, endOf(record, world)));
  const told = record.plan ? record.dead.map(({ run }) => run) : [];
  for (const run of [...told, record.run.id]) await world.journal.close(run, published.sequence);
  await world.notices?.tell(published, record.desired?.fleet.notifications);
  const { sequence, url, report } = published;
  return { ended: "reported", sequence, report: url, result: report.result };
}

/** Processes of one run have their time from a store that tells it in whole seconds: the last may be behind the first, and no run ends before it began. */
function endOf({ startedOn }: Scene["record"], { clock }: Scene["world"]): Date {
  const now = clock.now();
  return now < startedOn ? startedOn : now;
}

/**
 * Another run has the fleet: say so where the next report will find it, and touch nothing (law 9). A run that an event began says nothing: its
 * messages stay in the queue, and it may come again many times before the other is through (rule 22).
 */
export async function standDown({ record, world }: Scene, holder: string): Promise<Concluded> {
  const stoodDown = { run: record.run.id, on: instant(world.clock.now()), holder };
  const url = record.run.trigger === "event" ? null : await world.evidence.standDown(stoodDown);
  record.stoodDown = { record: stoodDown, url };
  return { ended: "stood-down", report: url };
}
