import * as Plot from "@observablehq/plot";
import { axisBelow, figure, legend, TONE_COLOR } from "../charts.ts";
import { code, type Child } from "../dom.ts";
import { note, notLookedAt, type Context, type Section } from "../section.ts";
import { rowsOf } from "../rows.ts";
import type { RestoreTestRow } from "../shapes.ts";
import { dataTable, number, type Column } from "../table.ts";
import { instant, plural, span, toneOf, when, wordBadge } from "../words.ts";

export const restores: Section = { id: "restore-tests", title: "Restore tests", make };

async function make({ evidence, shown }: Context): Promise<readonly Child[]> {
  const found = await rowsOf(evidence, shown, "restoreTests");
  if (!found) return [notLookedAt("restore tests")];
  return [
    note(found.note),
    ...chart(found.rows),
    dataTable({
      caption: "Restore tests",
      columns: COLUMNS,
      rows: found.rows,
      empty: "No restore was tested in the window: that backups exist does not prove that they can be restored.",
    }),
  ];
}

function chart(rows: readonly RestoreTestRow[]): readonly Child[] {
  const timed = rows.filter((row): row is RestoreTestRow & { readonly rtoSeconds: number } => row.rtoSeconds !== null);
  if (timed.length === 0) return [];
  const passed = rows.filter(
    ({ status, validationStatus }) =>
      status === "COMPLETED" && validationStatus !== "FAILED" && validationStatus !== "TIMED_OUT",
  );
  const slowest = timed.reduce((a, b) => (a.rtoSeconds > b.rtoSeconds ? a : b));
  const targets = timed.filter(
    (row): row is (typeof timed)[number] & { readonly rtoTargetSeconds: number } => row.rtoTargetSeconds !== undefined,
  );
  const late = timed.filter(({ rtoMet }) => rtoMet === false);
  const within =
    targets.length === 0
      ? ""
      : ` ${late.length === 0 ? "All kept" : `${number(late.length)} missed`} the recovery time that a manifest allows, the dashed line.`;
  const states = [...new Set(timed.map(({ status }) => status))];
  const fill = ({ status }: RestoreTestRow) => TONE_COLOR[toneOf(status)] ?? "";
  return [
    figure({
      title: "How long a restore took",
      says: `${number(passed.length)} of ${plural(rows.length, "restore test")} completed without a failed validation; the slowest took ${span(slowest.rtoSeconds)}.${within}`,
      plot: {
        height: 260,
        marginLeft: 140,
        x: { ...axisBelow("minutes from creation to completion"), grid: true, zero: true },
        y: { label: null },
        symbol: { domain: states },
        marks: [
          Plot.dot(timed, {
            x: (row: { rtoSeconds: number }) => row.rtoSeconds / 60,
            y: (row: RestoreTestRow) => row.resourceType ?? "other",
            fill,
            symbol: "status",
            r: 5,
          }),
          Plot.tickX(targets, {
            x: (row: { rtoTargetSeconds: number }) => row.rtoTargetSeconds / 60,
            y: (row: RestoreTestRow) => row.resourceType ?? "other",
            strokeDasharray: "4 3",
            strokeWidth: 2,
          }),
          Plot.ruleX([0]),
        ],
      },
      data: {
        caption: "Duration of each restore test",
        columns: [
          { title: "Type", text: ({ resourceType }) => resourceType ?? "–" },
          { title: "Status", text: ({ status }) => status, show: ({ status }) => wordBadge(status) },
          { title: "Took", text: (row) => row.rtoSeconds, show: (row) => span(row.rtoSeconds), numeric: true },
          { title: "Job", text: ({ jobId }) => jobId, show: ({ jobId }) => code(jobId) },
        ],
        rows: timed,
        empty: "",
      },
    }),
    legend(states.map((state) => [state, toneOf(state)] as const)),
  ];
}

const COLUMNS: readonly Column<RestoreTestRow>[] = [
  { title: "Status", text: ({ status }) => status, show: ({ status }) => wordBadge(status) },
  {
    title: "Validation",
    text: ({ validationStatus }) => validationStatus ?? "none",
    show: ({ validationStatus }) => (validationStatus === null ? "none" : wordBadge(validationStatus)),
  },
  {
    title: "Resource",
    text: ({ resource }) => resource ?? "–",
    show: ({ resource }) => (resource === null ? "–" : code(resource)),
  },
  { title: "Type", text: ({ resourceType }) => resourceType ?? "–" },
  { title: "Started", text: ({ startedOn }) => instant(startedOn) },
  { title: "Finished", text: ({ finishedOn }) => when(finishedOn) },
  {
    title: "Took",
    text: ({ rtoSeconds }) => rtoSeconds ?? -1,
    show: ({ rtoSeconds }) => (rtoSeconds === null ? "–" : span(rtoSeconds)),
    numeric: true,
  },
  {
    title: "Allowed",
    text: ({ rtoTargetSeconds }) => rtoTargetSeconds ?? -1,
    show: ({ rtoTargetSeconds, rtoMet }) =>
      rtoTargetSeconds === undefined ? "–" : `${span(rtoTargetSeconds)}${rtoMet === false ? ", missed" : ""}`,
    numeric: true,
  },
  { title: "Message", text: ({ message }) => message ?? "–" },
  {
    title: "Recovery point",
    text: ({ recoveryPointArn }) => recoveryPointArn,
    show: ({ recoveryPointArn }) => code(recoveryPointArn),
  },
];
