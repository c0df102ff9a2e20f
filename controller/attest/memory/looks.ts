import type { Verdict } from "../../domain/verdict.ts";
import type { Look } from "../../ports.ts";
import type { ChainReader, ChainReport } from "../chain/chain.ts";

/** Reports read at most: events wait for minutes, and a run that is not needed costs little. */
const LOOK_BACK = 64;

/** Something in such a target was not seen or not done, so that another look may find more. */
const NOT_WHOLE: ReadonlySet<Verdict> = new Set(["INCOMPLETE", "FAILED"]);

/** Where runs that began at a moment or after it looked. Reads the chain backwards no further than it must. */
export async function looksSince(tip: ChainReport, moment: Date, chain: ChainReader): Promise<readonly Look[]> {
  const looks: Look[] = [];
  let report: ChainReport = tip;
  for (let back = 0; back < LOOK_BACK; back += 1) {
    const { run, targets, chain: link } = report.report;
    if (new Date(run.startedOn) < moment) break;
    for (const { target, result } of targets)
      looks.push({ target, from: run.startedOn, whole: run.failure === undefined && !NOT_WHOLE.has(result) });
    if (!link.previous) break;
    const before = await chain.report(link.previous.sequence);
    chain.assertLinked(report, before);
    report = before;
  }
  return looks;
}
