import * as Plot from "@observablehq/plot";
import { figure, TONE_COLOR } from "../charts.ts";
import { code, h, type Child } from "../dom.ts";
import { facts, type Context, type Section } from "../section.ts";
import type { VerifiedReport } from "../shapes.ts";
import { dataTable, number, type Column } from "../table.ts";
import { badge, instant, plural, toneOf, when, wordBadge } from "../words.ts";

export const chain: Section = { id: "chain", title: "The chain, and the period in time", make };

interface Link {
  readonly sequence: number;
  readonly from: Date;
  readonly to: Date;
  readonly result: string;
  readonly late: boolean;
  /** Seconds between the end of the report before and the beginning of this one's window. Not 0: nobody watched. */
  readonly gap: number;
  readonly changes: number;
  readonly held: number;
  readonly of: VerifiedReport;
}

function make({ evidence, shown }: Context): readonly Child[] {
  const late = new Set(evidence.verification.late.map(({ sequence }) => sequence));
  const links = evidence.reports.map((of, at) => linkOf(of, evidence.reports[at - 1], late));
  const { chain: place } = shown.report;
  return [
    facts([
      ["Chain", code(place.id)],
      [
        "Report shown",
        `${number(place.sequence)}, of reports ${number(links[0]?.sequence ?? 0)} to ${number(links.at(-1)?.sequence ?? 0)} on this page`,
      ],
      [
        "Follows",
        place.previous
          ? [`report ${place.previous.sequence}, `, code(place.previous.payloadSha256)]
          : "nothing: it is the first",
      ],
      [
        "Merkle tree of all reports before",
        place.log ? [`${number(place.log.size)} leaves, root `, code(place.log.rootHash)] : "not told",
      ],
      ...(place.genesis
        ? [
            [
              "Begun",
              `${place.genesis.reason}${place.genesis.supersedes ? `, in place of chain ${place.genesis.supersedes.chainId} after its report ${place.genesis.supersedes.sequence}` : ""}`,
            ] as const,
          ]
        : []),
    ]),
    timeline(links),
    h("h3", {}, "Gaps and late reports"),
    gaps(links, evidence.verification.late),
    h("h3", {}, "Reports on this page"),
    dataTable({ caption: "Reports", columns: COLUMNS, rows: links.toReversed(), empty: "" }),
  ];
}

function linkOf(of: VerifiedReport, before: VerifiedReport | undefined, late: ReadonlySet<number>): Link {
  const { report, sequence } = of;
  const from = report.chain.window?.from ?? before?.report.run.finishedOn ?? report.run.startedOn;
  const to = report.chain.window?.to ?? report.run.finishedOn;
  const end = before?.report.chain.window?.to;
  return {
    sequence,
    from: new Date(from),
    to: new Date(to),
    result: report.result,
    late: late.has(sequence),
    gap: end !== undefined && before?.sequence === sequence - 1 ? (Date.parse(from) - Date.parse(end)) / 1000 : 0,
    changes: report.summary["changes"] ?? 0,
    held: report.summary["held"] ?? 0,
    of,
  };
}

/** Results by time, the best at the top, so that a bad day is low whatever the colours are. */
const ORDER = ["CONVERGED", "CORRECTED", "SUSPENDED", "DRIFTED", "STOOD_DOWN", "HELD", "INCOMPLETE", "FAILED"];

function timeline(links: readonly Link[]): Child {
  const results = ORDER.filter((one) => links.some(({ result }) => result === one));
  const counts = results.map((result) => `${number(links.filter((link) => link.result === result).length)} ${result}`);
  const color = ({ result }: Link) => TONE_COLOR[toneOf(result)] ?? "";
  const last = links.at(-1);
  return [
    figure({
      title: "Result of each report over the period, in UTC",
      says: `${plural(links.length, "report")}${last ? ` up to ${instant(last.to.toISOString())}` : ""}: ${counts.join(", ")}.`,
      plot: {
        height: 70 + results.length * 34,
        marginLeft: 110,
        x: { type: "utc", label: null, grid: true, ticks: 8, tickFormat: axisTime(links) },
        y: { domain: results, label: null, type: "band" },
        marks: [
          Plot.barX(links, {
            x1: "from",
            x2: "to",
            y: "result",
            fill: color,
            fillOpacity: 0.35,
            insetTop: 9,
            insetBottom: 9,
          }),
          Plot.tickX(links, { x: "to", y: "result", stroke: color, strokeWidth: 2, insetTop: 3, insetBottom: 3 }),
          Plot.text(
            links.filter(({ late }) => late),
            { x: "to", y: "result", text: () => "late", dy: -14, fill: "var(--ink)" },
          ),
        ],
      },
      data: { caption: "Result of each report", columns: COLUMNS.slice(0, 6), rows: links, empty: "" },
    }),
  ];
}

/** Days, or hours where the period is short: ISO 8601 in UTC, like every time on the page. */
function axisTime(links: readonly Link[]): (time: Date) => string {
  const spanned = (links.at(-1)?.to.getTime() ?? 0) - (links[0]?.from.getTime() ?? 0);
  return (time) =>
    spanned > 4 * 86_400_000 ? time.toISOString().slice(5, 10) : time.toISOString().slice(5, 16).replace("T", " ");
}

function gaps(
  links: readonly Link[],
  late: readonly { readonly sequence: number; readonly dueBefore: string; readonly finishedOn: string }[],
): HTMLElement {
  if (links.some(({ of }) => of.report.chain.window === undefined))
    return h(
      "p",
      { class: "note" },
      "Reports of the first form tell no windows of time: whether nobody watched for a while does not show.",
    );
  const open = links.filter(({ gap }) => gap !== 0);
  if (open.length === 0 && late.length === 0)
    return h(
      "p",
      {},
      badge("good", "none"),
      " Each window begins where the one before ended, and each report came before it was due.",
    );
  return h(
    "ul",
    {},
    open.map(({ sequence, gap, from }) =>
      h("li", {}, `Report ${sequence}: ${gap} s before ${instant(from.toISOString())} are in no window.`),
    ),
    late.map(({ sequence, dueBefore, finishedOn }) =>
      h(
        "li",
        {},
        `Report ${sequence} was due before ${instant(dueBefore)} and finished on ${instant(finishedOn)}: in between nobody watched.`,
      ),
    ),
  );
}

const COLUMNS: readonly Column<Link>[] = [
  { title: "Report", text: ({ sequence }) => sequence, numeric: true },
  {
    title: "Result",
    text: ({ result }) => result,
    show: ({ result, late }) => [wordBadge(result), late ? [" ", badge("bad", "late")] : ""],
  },
  { title: "Window from", text: ({ from }) => instant(from.toISOString()) },
  { title: "to", text: ({ to }) => instant(to.toISOString()) },
  { title: "Changes", text: ({ changes }) => changes, numeric: true },
  { title: "Held", text: ({ held }) => held, numeric: true },
  { title: "Next due before", text: ({ of }) => when(of.report.chain.nextDueBefore) },
  {
    title: "Commit",
    text: ({ of }) => of.report.source?.commit ?? "–",
    show: ({ of }) => code(of.report.source?.commit?.slice(0, 12) ?? "–"),
  },
  { title: "Payload SHA-256", text: ({ of }) => of.payloadSha256, show: ({ of }) => code(of.payloadSha256) },
];
