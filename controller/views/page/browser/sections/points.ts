import * as Plot from "@observablehq/plot";
import { binsOf, figure, histogram } from "../charts.ts";
import { code, h, type Child } from "../dom.ts";
import { attached } from "../rows.ts";
import { listed, missingAttachment, notLookedAt, type Context, type Section } from "../section.ts";
import type { InventoryRow, RpoBreachRow, VaultRow } from "../shapes.ts";
import { number, type Column } from "../table.ts";
import { badge, bytes, instant, plural, span, when } from "../words.ts";

/** How old the newest backup of each resource is, how long backups are kept, and in which vaults. */
export const points: Section = {
  id: "retention",
  title: "Recovery points: their age, and how long they are kept",
  make,
};

const LIST = "inventory.ndjson.gz";
/** Those that can be restored from, whatever AWS Backup is about to do with them (rule 1). */
const RESTORABLE = new Set(["COMPLETED", "AVAILABLE", "PARTIAL", "STOPPED", "EXPIRED"]);
const DAY = 86_400_000;

async function make({ evidence, shown }: Context): Promise<readonly Child[]> {
  const { report } = shown;
  const list = await attached(evidence, shown, LIST);
  return [
    ...(list?.rows
      ? fromInventory(list.rows, report.run.finishedOn)
      : list
        ? [missingAttachment(LIST, list)]
        : [notLookedAt("single recovery points")]),
    ...(await breaches({ evidence, shown })),
    h("h3", {}, "Vaults"),
    ...(await listed({ evidence, shown }, "vaults", "all vaults", {
      caption: "Vaults",
      columns: VAULTS,
      empty: "No vault was found.",
    })),
  ];
}

function fromInventory(rows: readonly InventoryRow[], at: string): readonly Child[] {
  if (rows.length === 0)
    return [h("p", { class: "empty" }, "The vaults that policies look at hold no recovery point.")];
  return [
    h(
      "p",
      { class: "note" },
      `From the inventory attachment: ${plural(rows.length, "recovery point")} in the vaults that policies look at, as of ${instant(at)}.`,
    ),
    ...ages(rows, at),
    retention(rows),
  ];
}

interface Newest {
  readonly resource: string;
  readonly type: string;
  readonly createdOn: string;
  readonly hours: number;
}

function ages(rows: readonly InventoryRow[], at: string): readonly Child[] {
  const byResource = Map.groupBy(
    rows.filter(({ status }) => status === undefined || RESTORABLE.has(status)),
    ({ resourceArn }) => resourceArn ?? "unknown",
  );
  const newest = [...byResource]
    .map(([resource, of]): Newest => {
      const last = of.reduce((a, b) => (a.createdOn > b.createdOn ? a : b));
      return {
        resource,
        type: last.resourceType ?? "–",
        createdOn: last.createdOn,
        hours: (Date.parse(at) - Date.parse(last.createdOn)) / 3_600_000,
      };
    })
    .toSorted((a, b) => b.hours - a.hours);
  if (newest.length === 0) return [h("p", { class: "warning" }, "None of them can be restored from.")];
  const within = newest.filter(({ hours }) => hours <= 24).length;
  const oldest = newest[0];
  const bins = binsOf(
    newest.map(({ hours }) => hours),
    Math.max(48, oldest?.hours ?? 0),
    48,
  );
  return [
    figure({
      title: "Recovery point objective: the age of each resource's newest restorable backup",
      says: `${number(within)} of ${plural(newest.length, "resource")} ${within === 1 ? "was" : "were"} backed up within the last 24 hours; the stalest is ${span((oldest?.hours ?? 0) * 3600)} behind.`,
      plot: withMark(histogram(newest, ({ hours }) => hours, bins, "age of the newest backup, in hours", "resources")),
      data: {
        caption: "Newest restorable recovery point of each resource",
        columns: [
          { title: "Resource", text: ({ resource }) => resource, show: ({ resource }) => code(resource) },
          { title: "Type", text: ({ type }) => type },
          { title: "Newest backup", text: ({ createdOn }) => instant(createdOn) },
          { title: "Age", text: ({ hours }) => hours, show: ({ hours }) => span(hours * 3600), numeric: true },
        ],
        rows: newest,
        empty: "",
      },
    }),
  ];
}

/** The day that most objectives speak of. */
const withMark = (plot: Plot.PlotOptions): Plot.PlotOptions => ({
  ...plot,
  marks: [
    ...(plot.marks ?? []),
    Plot.ruleX([24], { stroke: "var(--ink)", strokeDasharray: "4 3" }),
    Plot.text([24], { x: (hours: number) => hours, text: ["24 h"], frameAnchor: "top", dy: -14 }),
  ],
});

interface Kept {
  readonly arn: string;
  readonly resource: string;
  readonly days: number | null;
  readonly deleteOn: string | null;
  readonly createdOn: string;
  readonly bytes: number;
}

function retention(rows: readonly InventoryRow[]): Child {
  const kept = rows.map(({ arn, resourceArn, createdOn, deleteOn, bytes: size }): Kept => ({
    arn,
    resource: resourceArn ?? "–",
    createdOn,
    deleteOn,
    days: deleteOn === null ? null : Math.round((Date.parse(deleteOn) - Date.parse(createdOn)) / DAY),
    bytes: size ?? 0,
  }));
  const dated = kept.filter((row): row is Kept & { readonly days: number } => row.days !== null);
  const forever = kept.length - dated.length;
  const days = dated.map((row) => row.days);
  const [least, greatest] = bounds(days);
  const bins = binsOf(days, dated.length === 0 ? 1 : greatest, 40);
  return figure({
    title: "Retention: for how many days recovery points are kept",
    says: [
      dated.length === 0
        ? "None has a delete date"
        : `Kept for ${least === greatest ? number(least) : `${number(least)} to ${number(greatest)}`} days`,
      forever === 0
        ? "all have a delete date."
        : `${plural(forever, "recovery point has", "recovery points have")} no delete date and stay${forever === 1 ? "s" : ""} for ever.`,
    ].join("; "),
    plot: histogram(dated, (row) => row.days, bins, "days from creation to deletion", "recovery points"),
    data: {
      caption: "Recovery points",
      columns: [
        { title: "Recovery point", text: ({ arn }) => arn, show: ({ arn }) => code(arn) },
        { title: "Of", text: ({ resource }) => resource, show: ({ resource }) => code(resource) },
        { title: "Created on", text: ({ createdOn }) => instant(createdOn) },
        { title: "Deleted on", text: ({ deleteOn }) => (deleteOn === null ? "never" : instant(deleteOn)) },
        {
          title: "Days kept",
          text: (row) => row.days ?? Number.POSITIVE_INFINITY,
          show: (row) => (row.days === null ? "for ever" : number(row.days)),
          numeric: true,
        },
        { title: "Size", text: (row) => row.bytes, show: (row) => bytes(row.bytes), numeric: true },
      ],
      rows: kept,
      empty: "",
    },
  });
}

/** The least and the greatest, of lists too long to be spread as arguments. */
function bounds(values: readonly number[]): readonly [number, number] {
  let least = Number.POSITIVE_INFINITY;
  let greatest = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    least = Math.min(least, value);
    greatest = Math.max(greatest, value);
  }
  return [least, greatest];
}

/** Counted as the summary has them, wherever the list lies. Reports that do not count them hold none. */
async function breaches(context: Context): Promise<readonly Child[]> {
  const { jobs, summary } = context.shown.report;
  if (!jobs) return [];
  const count = summary["jobs.rpoBreaches"] ?? 0;
  return [
    h(
      "p",
      {},
      jobs.oldestRecoveryPointOn === null
        ? "How old the oldest recovery point is, is not known. "
        : `Oldest recovery point in the vaults that RecoveryPointPolicies reach: ${when(jobs.oldestRecoveryPointOn)}. `,
      count === 0
        ? "No breach of a recovery point objective is recorded: of resources that a CoveragePolicy matches there is none."
        : `${plural(count, "breach", "breaches")} of a recovery point objective.`,
    ),
    ...(count === 0
      ? []
      : await listed(context, "jobs.rpoBreaches", "recovery point objectives", {
          caption: "Breaches of a recovery point objective",
          columns: BREACHES,
          empty: "",
        })),
  ];
}

const BREACHES: readonly Column<RpoBreachRow>[] = [
  { title: "Type", text: ({ type }) => type },
  { title: "Resource", text: ({ arn }) => arn, show: ({ arn }) => code(arn) },
  { title: "Policy", text: ({ policy }) => policy },
  {
    title: "Objective",
    text: ({ rpoSeconds }) => rpoSeconds,
    show: ({ rpoSeconds }) => span(rpoSeconds),
    numeric: true,
  },
  {
    title: "Newest usable recovery point",
    text: ({ lastGoodOn }) => (lastGoodOn === null ? "none is known" : instant(lastGoodOn)),
  },
];

const VAULTS: readonly Column<VaultRow>[] = [
  { title: "Vault", text: ({ arn }) => arn, show: ({ arn }) => code(arn) },
  { title: "Type", text: ({ type }) => type },
  {
    title: "Lock",
    text: lockText,
    show: (row) => [
      row.locked ? badge("good", "locked") : badge("plain", "not locked"),
      row.locked ? ` ${lockText(row)}` : "",
    ],
  },
  {
    title: "Keeps at least",
    text: ({ minDays }) => minDays ?? 0,
    show: ({ minDays }) => (minDays === null ? "–" : plural(minDays, "day")),
    numeric: true,
  },
  {
    title: "Keeps at most",
    text: ({ maxDays }) => maxDays ?? 0,
    show: ({ maxDays }) => (maxDays === null ? "–" : plural(maxDays, "day")),
    numeric: true,
  },
  { title: "Recovery points", text: ({ recoveryPointCount }) => recoveryPointCount, numeric: true },
  {
    title: "Encrypted with",
    text: ({ kmsKeyArn }) => kmsKeyArn ?? "–",
    show: ({ kmsKeyArn }) => (kmsKeyArn === null ? "–" : code(kmsKeyArn)),
  },
  {
    title: "Access policy, SHA-256",
    text: ({ policySha256 }) => policySha256 ?? "none",
    show: ({ policySha256 }) => (policySha256 === null ? "none, or not read" : code(policySha256)),
  },
];

function lockText({ locked, lockDate }: VaultRow): string {
  if (!locked) return "not locked";
  return lockDate === null
    ? "governance: who has the right can take it off"
    : `nobody can take it off from ${instant(lockDate)} on`;
}
