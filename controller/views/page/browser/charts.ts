import * as Plot from "@observablehq/plot";
import { h } from "./dom.ts";
import { dataTable, type TableOptions } from "./table.ts";

/** A chart with what it says in words, and the numbers it is drawn from: none of it hangs on seeing. */
export interface Figure<Row> {
  readonly title: string;
  /** What a reader would see in it, in one or two sentences. */
  readonly says: string;
  readonly plot: Plot.PlotOptions;
  readonly data: TableOptions<Row>;
}

const WIDTH = 880;

export function figure<Row>({ title, says, plot, data }: Figure<Row>): HTMLElement {
  const drawn = Plot.plot({
    width: WIDTH,
    marginTop: 32,
    marginBottom: 50,
    marginRight: 24,
    ...plot,
    style: { background: "transparent" },
  });
  // The content security policy allows the page's one style sheet, which has Plot's rules too.
  for (const style of drawn.querySelectorAll("style")) style.remove();
  drawn.setAttribute("role", "img");
  drawn.setAttribute("aria-label", `${title}. ${says}`);
  for (const part of drawn.querySelectorAll("[aria-label]")) part.removeAttribute("aria-label");
  return h(
    "figure",
    {},
    h("h3", {}, title),
    h("p", { class: "says" }, says),
    h("div", { class: "drawing", tabindex: 0, role: "region", "aria-label": `Chart: ${title}` }, drawn),
    h("details", { class: "numbers" }, h("summary", {}, "The numbers"), dataTable(data)),
  );
}

/** Colours by meaning, as the style sheet has them for light, dark and paper. */
export const TONE_COLOR: Readonly<Record<string, string>> = {
  good: "var(--good)",
  change: "var(--change)",
  bad: "var(--bad)",
  hold: "var(--hold)",
  unknown: "var(--unknown)",
  plain: "var(--accent)",
};

/** A legend of words and colours; each word is in the chart's own data table too. */
export const legend = (items: readonly (readonly [string, string])[]): HTMLElement =>
  h(
    "ul",
    { class: "legend" },
    items.map(([word, tone]) => h("li", {}, h("span", { class: `swatch ${tone}`, "aria-hidden": "true" }), word)),
  );

/** Under the tick marks, in the middle. */
export const axisBelow = (label: string): Plot.ScaleOptions => ({
  label,
  labelAnchor: "center",
  labelArrow: "none",
  labelOffset: 42,
});

export interface Bins {
  readonly domain: readonly [number, number];
  readonly thresholds: readonly number[];
  /** The count of the fullest one. */
  readonly fullest: number;
}

/** Bins of equal width, `about` so many, from nothing to past `greatest`; not one wide block where all values are the same. */
export function binsOf(values: readonly number[], greatest: number, about: number): Bins {
  const width = Math.max(1, Math.ceil(greatest / about));
  const count = Math.floor(greatest / width) + 1;
  const counts = new Map<number, number>();
  for (const value of values) {
    const bin = Math.floor(value / width);
    counts.set(bin, (counts.get(bin) ?? 0) + 1);
  }
  return {
    domain: [0, count * width],
    thresholds: Array.from({ length: count + 1 }, (_, at) => at * width),
    fullest: [...counts.values()].reduce((most, one) => Math.max(most, one), 0),
  };
}

/** How many values lie in each bin. */
export const histogram = <Row>(
  rows: readonly Row[],
  value: (row: Row) => number,
  { domain, thresholds, fullest }: Bins,
  below: string,
  beside: string,
): Plot.PlotOptions => ({
  height: 260,
  marginLeft: 56,
  x: { ...axisBelow(below), domain },
  y: {
    label: beside,
    labelArrow: "none",
    grid: true,
    domain: [0, fullest],
    ticks: Math.min(5, fullest),
    tickFormat: ",d",
  },
  marks: [
    Plot.rectY(rows, {
      ...Plot.binX({ y: "count" }, { x: value, thresholds: [...thresholds] }),
      fill: "var(--accent)",
    }),
    Plot.ruleY([0]),
  ],
});
