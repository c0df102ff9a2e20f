import { wholeReport } from "../../attest/chain/whole.ts";
import { RunRecord } from "../../attest/report/record.ts";
import type { FindingGroup } from "../../domain/announcement.ts";
import type { Report } from "../../domain/report.ts";
import type { Plan } from "../../domain/plan.ts";
import { didYouMean } from "../../load/problems.ts";
import type { History } from "../../ports.ts";
import { propose } from "../../reconcile.ts";
import { readsAlone } from "../../settings.ts";
import { tellCoverageEffect } from "../../stages/tell-coverage.ts";
import { planUnder } from "../../views/approval.ts";
import {
  changeMarkdown,
  changeObjectJson,
  changeText,
  type ChangeView,
  type Mention,
} from "../../views/explain-change.ts";
import { createReading } from "../../world.ts";
import { refused } from "../approve/request.ts";
import { GROUP_ID, noGroup } from "../approve/resolve.ts";
import { formatOf, scopeOf, settingsOf, type Invocation } from "../invocation.ts";
import { newRun } from "../run.ts";
import { chainOf } from "./report.ts";

/** How many reports back a change is looked for. */
const LOOK_BACK = 10;

/** Says what a change is, or the changes of a group, why, what holds it and since when, from the plan as it is now and the last reports. Exits 3 where it is held. */
export async function explainChange(id: string, invocation: Invocation): Promise<number> {
  const { terminal } = invocation;
  const settings = settingsOf(invocation);
  const reading = await createReading(settings, { progress: terminal.progress });
  const run = newRun(reading.clock, scopeOf(invocation), { standalone: readsAlone(settings) });
  const record = new RunRecord(run, reading.clock.now());
  record.memory = await reading.history.read();
  const { plan, fleet } = await propose(record, reading);
  const reports = record.memory.head ? await lastReports(invocation) : [];
  const group = GROUP_ID.test(id) ? await groupOf(id, plan, reports, reading.history) : undefined;
  const own = planUnder(plan, new Set(group?.members ?? [id]));
  record.plan = own;
  await tellCoverageEffect({ record, world: reading, fleet: () => fleet });
  const mentions = reports.flatMap((report) => (group ? listingOf(report, id) : mentionIn(report, id)));
  if (!group && changesIn(own).length === 0 && mentions.length === 0) throw nowhere(id, plan, reports.length);
  const announcement = plan.announcements.find(({ change }) => change === id);
  const view: ChangeView = {
    id,
    plan: own,
    mentions,
    looked: reports.length,
    ...(group ? { group } : {}),
    ...(announcement ? { announcement } : {}),
    ...(record.coverageEffect ? { coverageEffect: record.coverageEffect } : {}),
  };
  terminal.out(render(view, invocation));
  return own.held.length > 0 ? 3 : 0;
}

function render(view: ChangeView, invocation: Invocation): string {
  const format = formatOf(invocation);
  switch (format) {
    case "json":
      return changeObjectJson(view);
    case "markdown":
      return changeMarkdown(view);
    case "text":
      return changeText(view, invocation.terminal);
    default:
      return format satisfies never;
  }
}

const changesIn = ({ waves, held }: Plan) => [...waves.flat(), ...held.flatMap(({ change }) => change ?? [])];

/** As the plan has it, or else the newest report that lists it, whose members prove themselves by its id. */
async function groupOf(
  id: string,
  plan: Plan,
  reports: readonly Report[],
  history: Pick<History, "group">,
): Promise<FindingGroup> {
  const live = plan.groups.find((group) => group.id === id);
  if (live) return live;
  for (const { groups = [], chain } of reports) {
    const row = groups.find((group) => group.id === id);
    const members = row && (await history.group(chain.sequence, id));
    if (row && members) return { ...row, members };
  }
  throw refused(noGroup(id, plan));
}

function nowhere(id: string, plan: Plan, reports: number) {
  const near = didYouMean(
    id,
    changesIn(plan).map((change) => change.id),
  );
  return refused(
    `change ${id} is ${reports === 0 ? "not in the plan as it is now, and there are no reports" : `neither in the plan as it is now nor in the last ${reports} reports`}: ${near ?? "ids change with what they stand for, so look it up again in holdfast plan"}`,
  );
}

/** The newest first, each with the rows that moved out into attachments. */
async function lastReports(invocation: Invocation): Promise<readonly Report[]> {
  const { chain } = await chainOf(invocation);
  const newest = await chain.length();
  const reports: Report[] = [];
  for (let sequence = newest; sequence > Math.max(0, newest - LOOK_BACK); sequence--)
    reports.push((await wholeReport(chain, sequence)).report);
  return reports;
}

const listingOf = ({ chain, run, groups = [] }: Report, id: string): readonly Mention[] =>
  groups.some((group) => group.id === id) ? [{ report: chain.sequence, on: run.finishedOn, what: "lists it" }] : [];

function mentionIn(report: Report, id: string): readonly Mention[] {
  const at = { report: report.chain.sequence, on: report.run.finishedOn };
  const done = report.changes.filter(({ change }) => change === id);
  const held = report.held.filter(({ change }) => change === id);
  return [
    ...done.map(({ result, because, consent }) => ({
      ...at,
      what: `${result}${because === undefined ? "" : `: ${because}`}${consent ? `, by approval ${consent.approval}` : ""}`,
    })),
    ...held.map(({ reason, because }) => ({ ...at, what: `held, ${reason}: ${because}` })),
  ];
}
