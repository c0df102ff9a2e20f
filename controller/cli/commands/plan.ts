import { RunRecord } from "../../attest/report/record.ts";
import { targetVerdicts } from "../../attest/report/verdicts.ts";
import { worstVerdict, exitCodeOf } from "../../domain/verdict.ts";
import { planJson } from "../../views/plan-json.ts";
import { planMarkdown } from "../../views/plan-markdown.ts";
import { planText } from "../../views/plan-text.ts";
import { kinds } from "../../kinds/index.ts";
import { misnamedIn } from "../../survey/misnamed.ts";
import { propose, type Proposal } from "../../reconcile.ts";
import { tellCoverageEffect } from "../../stages/tell-coverage.ts";
import type { Reading } from "../../ports.ts";
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
  const proposal = await proposeWithEffect(record, reading);
  terminal.out(renderPlan(proposal, invocation));
  return planExitCode(proposal, flags.exitCode ?? false);
}

/** The proposal, and who would gain and lose protection by it: for people who are to judge it. */
export async function proposeWithEffect(record: RunRecord, reading: Reading): Promise<Proposal> {
  const proposal = await propose(record, reading);
  await tellCoverageEffect({ record, world: reading, fleet: () => proposal.fleet });
  const { coverageEffect } = record;
  return { ...proposal, ...(coverageEffect ? { coverageEffect } : {}) };
}

export function renderPlan({ plan, desired, inventory, coverageEffect }: Proposal, invocation: Invocation): string {
  const { fleet, revision, warnings } = desired;
  const misnamed = misnamedIn(inventory.listings, fleet.naming, kinds);
  const beside = { ...(coverageEffect ? { coverageEffect } : {}), ...(misnamed ? { misnamed } : {}) };
  const view = { plan, fleet, revision, warnings, ...beside };
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
