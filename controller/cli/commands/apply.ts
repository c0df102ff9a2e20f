import { RunRecord } from "../../attest/report/record.ts";
import { exitCodeOf } from "../../domain/verdict.ts";
import { HoldfastError } from "../../domain/errors.ts";
import { reconcile, type Finished } from "../../reconcile.ts";
import { isStandalone } from "../../settings.ts";
import { reportMarkdown } from "../../views/report-markdown.ts";
import { reportText } from "../../views/report-text.ts";
import { jsonText } from "../../views/visible.ts";
import { createWorld } from "../../world.ts";
import type { Log, ToldReport } from "../../ports.ts";
import type { Terminal } from "../terminal.ts";
import { formatOf, scopeOf, settingsOf, type Invocation } from "../invocation.ts";
import { newRun } from "../run.ts";
import { proposeWithEffect, renderPlan } from "./plan.ts";

/** `reconcile`, or `apply`, which is the same with a question. */
export const applyCommand =
  ({ asks }: { readonly asks: boolean }) =>
  async (invocation: Invocation): Promise<number> => {
    const { flags, terminal } = invocation;
    const settings = settingsOf(invocation);
    if (isStandalone(settings) && flags.standalone !== true)
      throw new HoldfastError(
        "setting-refused",
        "lease and evidence are in folders, which hold nobody else off: give --evidence s3://… and --work s3://… of the fleet, or say --standalone",
      );
    const world = await createWorld(settings, {
      progress: terminal.progress,
      ...(flags.notify === true ? { notices: {}, log: undelivered(terminal) } : {}),
    });
    const run = newRun(world.clock, scopeOf(invocation), { standalone: isStandalone(settings) });
    if (asks && flags.yes !== true) {
      const record = new RunRecord(run, world.clock.now());
      record.memory = await world.history.read();
      terminal.out(renderPlan(await proposeWithEffect(record, world), invocation));
      if (!(await terminal.ask("Carry out this plan? Only yes will do: "))) {
        terminal.err("Nothing was written.");
        return 1;
      }
    }
    return conclude(await reconcile(run, world), invocation);
  };

/** What became of notices is the next report's to tell, and is of interest to whoever asked for them now. */
const undelivered =
  (terminal: Terminal): Log =>
  (event, { route, because, error } = {}) => {
    if (event === "notice-failed") terminal.err(`Route ${String(route)} was not told: ${String(because)}`);
    if (event === "notices-broken-off") terminal.err(`Nobody was told: ${String(error)}`);
  };

function conclude(finished: Finished, invocation: Invocation): number {
  const { terminal } = invocation;
  if (finished.ended === "stood-down") {
    const { holder } = finished.record;
    if (formatOf(invocation) === "json")
      terminal.out(jsonText({ result: "STOOD_DOWN", ...finished.record, record: finished.url }));
    else terminal.out(`STOOD DOWN: run ${holder} has the lease. Nothing was written; recorded at ${finished.url}`);
    return exitCodeOf("STOOD_DOWN");
  }
  terminal.out(renderReport(finished.published, invocation));
  return exitCodeOf(finished.published.report.result);
}

/** As JSON it is what was signed and no more, whatever else a run knows of its own; for people it is whole. */
export function renderReport(told: ToldReport, invocation: Invocation): string {
  const { whole, sequence, url, payloadSha256, report } = told;
  const published = { sequence, url, payloadSha256, report };
  const format = formatOf(invocation);
  switch (format) {
    case "json":
      return jsonText(published);
    case "markdown":
      return reportMarkdown({ ...published, report: whole });
    case "text":
      return reportText({ ...published, report: whole }, invocation.terminal);
    default:
      return format satisfies never;
  }
}
