import { RunRecord } from "../../attest/report/record.ts";
import { targetVerdicts } from "../../attest/report/verdicts.ts";
import { worstVerdict, exitCodeOf } from "../../domain/verdict.ts";
import { planJson } from "../../views/plan-json.ts";
import { planMarkdown } from "../../views/plan-markdown.ts";
import { planText } from "../../views/plan-text.ts";
import { propose, type Proposal } from "../../reconcile.ts";
import { readsAlone } from "../../settings.ts";
import { createReading } from "../../world.ts";
import { formatOf, scopeOf, settingsOf, type Invocation } from "../invocation.ts";
import { newRun } from "../run.ts";

/** Shows what a run would do. No lease, no writer, no report. */
export async function planCommand(invocation: Invocation): Promise<number> {
  const { flags, terminal } = invocation;
  const settings = settingsOf(invocation);
  const reading = await createReading(settings, { progress: terminal.progress });
  const run = newRun(reading.clock, scopeOf(invocation), { standalone: readsAlone(settings) });
  const record = new RunRecord(run, reading.clock.now());
  record.memory = await reading.history.read();
  const proposal = await propose(record, reading);
  terminal.out(renderPlan(proposal, invocation));
  return planExitCode(proposal, flags.exitCode ?? false);
}

export function renderPlan({ plan, desired }: Proposal, invocation: Invocation): string {
  const view = { plan, fleet: desired.fleet, revision: desired.revision, warnings: desired.warnings };
  const format = formatOf(invocation);
  switch (format) {
    case "json":
      return planJson(view);
    case "markdown":
      return planMarkdown(view);
    case "text":
      return planText(view, invocation.terminal);
    default:
      return format satisfies never;
  }
}

/** A plan that could not see everything is always 4; that there is something to do, or to decide, counts only when asked for. */
function planExitCode({ plan, desired }: Proposal, asked: boolean): number {
  const code = exitCodeOf(worstVerdict(targetVerdicts(desired.fleet.targets, plan, []).map(({ result }) => result)));
  return asked || code === 4 ? code : 0;
}
