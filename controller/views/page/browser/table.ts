import { append, h, type Child } from "./dom.ts";

export interface Column<Row> {
  readonly title: string;
  /** What it is sorted and filtered by. */
  readonly text: (row: Row) => string | number;
  /** What is shown, where that is more than the text. */
  readonly show?: (row: Row) => Child;
  readonly numeric?: boolean;
}

export interface TableOptions<Row> {
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  /** Said in place of a table without rows. */
  readonly empty: string;
}

/** Rows on the page at a time: as many as a screen can use, so that thousands cost no more than these. */
const PAGE = 50;
/** Rows on paper: beyond them a table says how many are left out. */
const PRINTED = 2000;
const FILTER_FROM = 12;

/**
 * A table whose rows are made when they are looked at: a page of them, filtered and sorted over all. Before printing all are made, as
 * far as paper is sensible.
 */
export function dataTable<Row>(options: TableOptions<Row>): HTMLElement {
  if (options.rows.length === 0) return h("p", { class: "empty" }, options.empty);
  return new DataTable(options).element;
}

class DataTable<Row> {
  readonly element: HTMLElement;
  readonly #options: TableOptions<Row>;
  readonly #body = h("tbody");
  readonly #count = h("p", { class: "count", role: "status" });
  readonly #left = h("p", { class: "left-out" });
  readonly #previous = h("button", { type: "button" }, "Previous");
  readonly #next = h("button", { type: "button" }, "Next");
  readonly #headers: readonly HTMLTableCellElement[];
  #texts: readonly string[] | undefined;
  #rows: readonly Row[];
  #page = 0;
  #sort: { readonly column: number; readonly down: boolean } | undefined;

  constructor(options: TableOptions<Row>) {
    this.#options = options;
    this.#rows = options.rows;
    this.#headers = options.columns.map((column, at) => this.#header(column, at));
    this.element = h(
      "div",
      { class: "data-table" },
      this.#tools(),
      h(
        "div",
        { class: "scroll", tabindex: 0, role: "region", "aria-label": options.caption },
        h("table", {}, h("caption", {}, options.caption), h("thead", {}, h("tr", {}, this.#headers)), this.#body),
      ),
      this.#left,
      this.#pager(),
    );
    window.addEventListener("beforeprint", () => this.#show(0, PRINTED));
    window.addEventListener("afterprint", () => this.#turn(this.#page));
    this.#turn(0);
  }

  #header({ title, numeric }: Column<Row>, at: number): HTMLTableCellElement {
    const button = h("button", { type: "button" }, title);
    button.addEventListener("click", () => this.#sortBy(at));
    return h("th", { scope: "col", class: numeric ? "number" : undefined }, button);
  }

  #tools(): Child {
    const { rows, caption } = this.#options;
    if (rows.length < FILTER_FROM) return null;
    const box = h("input", {
      type: "search",
      "aria-label": `Filter: ${caption}`,
      placeholder: "Filter",
      autocomplete: "off",
    });
    box.addEventListener("input", () => this.#filter(box.value));
    return h("div", { class: "tools" }, box);
  }

  #pager(): Child {
    if (this.#options.rows.length <= PAGE) return this.#count;
    this.#previous.addEventListener("click", () => this.#turn(this.#page - 1));
    this.#next.addEventListener("click", () => this.#turn(this.#page + 1));
    return h("div", { class: "pager" }, this.#count, this.#previous, this.#next);
  }

  #filter(wanted: string): void {
    const { rows, columns } = this.#options;
    this.#texts ??= rows.map((row) =>
      columns
        .map(({ text }) => text(row))
        .join("\n")
        .toLowerCase(),
    );
    const words = wanted.toLowerCase().split(/\s+/).filter(Boolean);
    this.#rows = rows.filter((_, at) => words.every((word) => this.#texts?.[at]?.includes(word)));
    this.#order();
  }

  #sortBy(column: number): void {
    this.#sort = { column, down: this.#sort?.column === column && !this.#sort.down };
    for (const [at, header] of this.#headers.entries())
      if (at === column) header.setAttribute("aria-sort", this.#sort.down ? "descending" : "ascending");
      else header.removeAttribute("aria-sort");
    this.#order();
  }

  #order(): void {
    const by = this.#sort && this.#options.columns[this.#sort.column];
    if (by) {
      const sign = this.#sort?.down ? -1 : 1;
      this.#rows = this.#rows.toSorted((a, b) => sign * compare(by.text(a), by.text(b)));
    }
    this.#turn(0);
  }

  #turn(page: number): void {
    this.#page = page;
    this.#show(page * PAGE, PAGE);
    this.#previous.disabled = page === 0;
    this.#next.disabled = (page + 1) * PAGE >= this.#rows.length;
  }

  #show(from: number, count: number): void {
    const { columns, rows } = this.#options;
    const shown = this.#rows.slice(from, from + count);
    this.#body.replaceChildren(
      ...shown.map((row) =>
        h(
          "tr",
          {},
          columns.map((column) => cell(column, row)),
        ),
      ),
    );
    const of = this.#rows.length === rows.length ? number(rows.length) : `${number(this.#rows.length)} that match`;
    this.#count.textContent =
      shown.length === 0
        ? "No row matches"
        : shown.length === this.#rows.length
          ? `${of} ${rows.length === 1 ? "row" : "rows"}`
          : `Rows ${number(from + 1)} to ${number(from + shown.length)} of ${of}`;
    const left = this.#rows.length - from - shown.length;
    this.#left.textContent =
      count === PRINTED && left > 0
        ? `${number(left)} more rows are not printed: they are on the screen, and in the report's files.`
        : "";
  }
}

function cell<Row>(column: Column<Row>, row: Row): HTMLElement {
  const shown = column.show ? column.show(row) : column.text(row);
  const isShort = String(column.text(row)).length <= SHORT;
  const element = h("td", { class: column.numeric ? "number" : isShort ? "short" : undefined });
  append(element, [typeof shown === "number" ? number(shown) : shown]);
  return element;
}

/** A time, an account with its Region, a word or two: read at a glance, and never broken. */
const SHORT = 30;

const collator = new Intl.Collator("en", { numeric: true });
const compare = (a: string | number, b: string | number): number =>
  typeof a === "number" && typeof b === "number" ? a - b : collator.compare(String(a), String(b));

/** Thousands apart, the same in every locale. */
export const number = (value: number): string => value.toLocaleString("en");
