import { sameTarget } from "../../domain/identity.ts";
import type { Look } from "../../ports.ts";
import type { ChainReader, ChainReport } from "../chain/chain.ts";

/** Reports read at most: events wait for minutes, and a run that is not needed costs little. */
const LOOK_BACK = 64;

/** Where runs that began at a moment or after it looked. Reads the chain backwards no further than it must. */
export async function looksSince(tip: ChainReport, moment: Date, chain: ChainReader): Promise<readonly Look[]> {
  const looks: Look[] = [];
  let report: ChainReport = tip;
  for (let back = 0; back < LOOK_BACK; back += 1) {
    const { run, targets, chain: link } = report.report;
    if (new Date(run.startedOn) < moment) break;
    for (const one of targets)
      looks.push({ target: one.target, from: run.startedOn, whole: isWhole(report.report, one) });
    if (!link.previous) break;
    const before = await chain.report(link.previous.sequence);
    chain.assertLinked(report, before);
    report = before;
  }
  return looks;
}

type Report = ChainReport["report"];

/**
 * Whether another look at a target would find no more: nothing there was left unread or undone. A run over a part of the fleet that read all
 * that is there saw as much as such a run can: what it is judged by elsewhere, no other of its kind would see either.
 */
function isWhole({ run, scope, listings, governed }: Report, { target, result }: Report["targets"][number]): boolean {
  if (run.failure || result === "FAILED") return false;
  if (result !== "INCOMPLETE") return true;
  // A report too large for one statement has its listings elsewhere: nobody looks them up for this.
  const parts = [...listings, ...governed].filter((part) => sameTarget(part.target, target));
  return scope.partial && parts.length > 0 && parts.every(({ complete }) => complete);
}
