import { code, h, type Child } from "../dom.ts";
import { axisBelow, figure, TONE_COLOR } from "../charts.ts";
import * as Plot from "@observablehq/plot";
import { rowsOf } from "../rows.ts";
import { listed, notLookedAt, type Context, type Section } from "../section.ts";
import type { Report, UnprotectedRow } from "../shapes.ts";
import { dataTable, number, type Column } from "../table.ts";
import { plural, RESULT_WORDS, toneOf, wordBadge } from "../words.ts";

export const coverage: Section = { id: "coverage", title: "Coverage: accounts and Regions", make };

type Coverage = NonNullable<Report["coverage"]>;

async function make(context: Context): Promise<readonly Child[]> {
  const { report } = context.shown;
  const bare = await rowsOf(context.evidence, context.shown, "coverage.unprotected");
  return [
    map(report, bare?.rows ?? []),
    ...(report.coverage ? population(report.coverage) : [notLookedAt("the whole population of resources")]),
    ...(report.coverage
      ? [
          h("h3", {}, "Resources without a recovery point"),
          ...(await listed(context, "coverage.unprotected", "resources without a recovery point", {
            caption: "Unprotected resources",
            columns: UNPROTECTED,
            empty: report.coverage.complete ? "There are none." : "None was found, as far as could be read.",
          })),
        ]
      : []),
  ];
}

interface MapRow {
  readonly account: string;
  readonly byRegion: ReadonlyMap<string, string>;
}

/** A table is the map: each cell is a place, its word the place's result, and its colour repeats the word. */
function map({ targets = [], scope }: Report, unprotected: readonly UnprotectedRow[]): HTMLElement {
  const regions = [...new Set([...scope.regions, ...targets.map(({ target }) => target.region)])].toSorted();
  const byAccount = Map.groupBy(targets, ({ target }) => target.account);
  const rows = [...new Set([...scope.accounts, ...byAccount.keys()])].toSorted().map((account): MapRow => ({
    account,
    byRegion: new Map((byAccount.get(account) ?? []).map(({ target, result }) => [target.region, result])),
  }));
  const bare = Map.groupBy(unprotected, ({ arn }) => placeOf(arn));
  const columns: readonly Column<MapRow>[] = [
    { title: "Account", text: ({ account }) => account, show: ({ account }) => h("b", {}, account) },
    ...regions.map((region): Column<MapRow> => ({
      title: region,
      text: ({ byRegion }) => byRegion.get(region) ?? "",
      show: ({ account, byRegion }) => place(byRegion.get(region), bare.get(`${account}/${region}`)?.length ?? 0),
    })),
  ];
  const table = dataTable({
    caption: "Result of each account in each Region",
    columns,
    rows,
    empty: "No account was looked at.",
  });
  table.classList.add("map");
  return table;
}

function place(result: string | undefined, bare: number): Child {
  if (result === undefined) return h("span", { class: "nothing", title: "not a target of this fleet" }, "–");
  return h(
    "span",
    { class: `place ${toneOf(result)}`, title: RESULT_WORDS[result] },
    wordBadge(result),
    bare > 0 && h("span", { class: "bare" }, `${number(bare)} unprotected`),
  );
}

/** The account and Region in an ARN; those of S3 name neither. */
function placeOf(arn: string): string {
  const [, , , region = "", account = ""] = arn.split(":");
  return `${account}/${region}`;
}

function population({ complete, population: all, protected: safe, byPlan }: Coverage): readonly Child[] {
  const share = ` (${((100 * safe) / all).toFixed(1)} %)`;
  const protectedText = `${number(safe)} of ${plural(all, "resource")} that AWS Backup can protect ${safe === 1 ? "has" : "have"} a recovery point${share}; ${plural(all - safe, "resource has", "resources have")} none.`;
  const plans = Object.entries(byPlan).toSorted(([, a], [, b]) => b - a);
  return [
    h("h3", {}, "The whole population"),
    h("p", { class: "lead" }, all === 0 ? "No resource that AWS Backup can protect was found." : protectedText),
    !complete &&
      h(
        "p",
        { class: "warning" },
        "Some listing was not read to its end: there may be more resources than these, and the share is not to be relied on.",
      ),
    plans.length > 0 &&
      figure({
        title: "Resources by the plan that backed them up",
        says: `${plural(plans.length, "plan")} completed jobs in the window; ${plans[0]?.[0] ?? ""} covered the most, ${number(plans[0]?.[1] ?? 0)}.`,
        plot: {
          marginLeft: 160,
          height: 90 + plans.length * 26,
          x: { ...axisBelow("resources"), grid: true },
          y: { label: null },
          marks: [
            Plot.barX(plans, { x: "1", y: "0", fill: TONE_COLOR["plain"] ?? "", sort: { y: "-x" } }),
            Plot.ruleX([0]),
          ],
        },
        data: {
          caption: "Resources by plan",
          columns: [
            { title: "Plan", text: ([plan]) => plan },
            { title: "Resources", text: ([, count]) => count, numeric: true },
          ],
          rows: plans,
          empty: "",
        },
      }),
  ];
}

const UNPROTECTED: readonly Column<UnprotectedRow>[] = [
  { title: "Type", text: ({ type }) => type },
  { title: "Resource", text: ({ arn }) => arn, show: ({ arn }) => code(arn) },
  { title: "Why", text: ({ reason }) => reason },
];
