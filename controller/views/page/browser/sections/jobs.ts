import * as Plot from "@observablehq/plot";
import { axisBelow, figure, TONE_COLOR } from "../charts.ts";
import { code, h, type Child } from "../dom.ts";
import { listed, notLookedAt, type Context, type Section } from "../section.ts";
import type { FailedJob, Report } from "../shapes.ts";
import { number, type Column } from "../table.ts";
import { instant, plural, toneOf, wordBadge } from "../words.ts";

export const jobs: Section = { id: "jobs", title: "Backup and copy jobs", make };

async function make(context: Context): Promise<readonly Child[]> {
  const { jobs: told, jobsSinceSurvey } = context.shown.report;
  if (jobsSinceSurvey) return sinceSurvey(context, jobsSinceSurvey);
  if (!told) return [notLookedAt("backup and copy jobs")];
  return [
    h("p", {}, `Jobs created from ${instant(told.window.from)} to ${instant(told.window.to)}.`),
    !told.complete && h("p", { class: "warning" }, "Some list of jobs was not read to its end: there may be more."),
    chart(told),
    h("h3", {}, "Jobs that did not do all they should"),
    ...(await listed(context, "jobs.failed", "jobs that failed", {
      caption: "Failed jobs",
      columns: FAILED,
      empty: told.complete ? "Every job of the window did what it should." : "None was found, as far as could be read.",
    })),
  ];
}

/** Of a run over a part of the fleet, which counts no jobs: the next one over all of it does. */
async function sinceSurvey(
  context: Context,
  { from, to, complete }: NonNullable<Report["jobsSinceSurvey"]>,
): Promise<readonly Child[]> {
  return [
    h("p", {}, `Jobs of the targets looked at that ended from ${instant(from)} to ${instant(to)}.`),
    !complete && h("p", { class: "warning" }, "Some list of jobs was not read to its end: there may be more."),
    h("h3", {}, "Jobs that did not do all they should"),
    ...(await listed(context, "jobsSinceSurvey.failed", "jobs that failed", {
      caption: "Failed jobs",
      columns: FAILED,
      empty: complete ? "Every job there did what it should." : "None was found, as far as could be read.",
    })),
  ];
}

function chart({ complete, byState, copyByState }: NonNullable<Report["jobs"]>): HTMLElement {
  const rows = [
    ...Object.entries(byState).map(([state, count]) => ({ sort: "backup", state, count })),
    ...Object.entries(copyByState).map(([state, count]) => ({ sort: "copy", state, count })),
  ];
  if (rows.length === 0)
    return h(
      "p",
      { class: "empty" },
      complete ? "There were no jobs in the window." : "No job was found, as far as could be read.",
    );
  const states = new Set(rows.map(({ state }) => state));
  const total = (sort: string) => rows.filter((row) => row.sort === sort).reduce((sum, { count }) => sum + count, 0);
  const completed = (sort: string) => rows.find((row) => row.sort === sort && row.state === "COMPLETED")?.count ?? 0;
  return figure({
    title: "Jobs by state",
    says: `${number(completed("backup"))} of ${plural(total("backup"), "backup job")} and ${number(completed("copy"))} of ${plural(total("copy"), "copy job")} completed.`,
    plot: {
      marginLeft: 110,
      marginRight: 70,
      insetRight: 44,
      height: 100 + rows.length * 26,
      x: { ...axisBelow("jobs"), grid: true },
      y: { label: null, domain: [...states] },
      fy: { label: null },
      marks: [
        Plot.barX(rows, {
          x: "count",
          y: "state",
          fy: "sort",
          fill: ({ state }: { state: string }) => TONE_COLOR[toneOf(state)] ?? "",
        }),
        Plot.text(rows, {
          x: "count",
          y: "state",
          fy: "sort",
          text: ({ count }: { count: number }) => number(count),
          dx: 4,
          textAnchor: "start",
        }),
        Plot.ruleX([0]),
      ],
    },
    data: {
      caption: "Jobs by sort and state",
      columns: [
        { title: "Sort", text: ({ sort }) => sort },
        { title: "State", text: ({ state }) => state, show: ({ state }) => wordBadge(state) },
        { title: "Jobs", text: ({ count }) => count, numeric: true },
      ],
      rows,
      empty: "",
    },
  });
}

const FAILED: readonly Column<FailedJob>[] = [
  { title: "State", text: ({ state }) => state, show: ({ state }) => wordBadge(state) },
  { title: "Sort", text: ({ kind }) => kind },
  { title: "Resource", text: ({ arn }) => arn, show: ({ arn }) => code(arn) },
  { title: "On", text: ({ on }) => instant(on) },
  { title: "Message", text: ({ message }) => message || "AWS gave none" },
  {
    title: "Made good by",
    text: ({ retriedBy }) => retriedBy ?? "no later job",
    show: ({ retriedBy }) => (retriedBy === undefined ? "no later job" : code(retriedBy)),
  },
  { title: "Job", text: ({ jobId }) => jobId, show: ({ jobId }) => code(jobId) },
];
