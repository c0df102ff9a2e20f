import type { Evidence } from "./evidence.ts";
import { h, type Child } from "./dom.ts";
import { rowsOf, type Lists } from "./rows.ts";
import type { VerifiedReport } from "./shapes.ts";
import { dataTable, type TableOptions } from "./table.ts";
import { bytes } from "./words.ts";

/** What a section is made from: the report that is shown, among all that verified. */
export interface Context {
  readonly evidence: Evidence;
  readonly shown: VerifiedReport;
}

/** A numbered part of the document. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly make: (context: Context) => Promise<readonly Child[]> | readonly Child[];
}

/** Said wherever a report has no such section: silence is not a clean bill. */
export const notLookedAt = (what: string): HTMLElement =>
  h("p", { class: "empty" }, `Not looked at: this report says nothing of ${what}.`);

export const note = (text: string | undefined): Child => text !== undefined && h("p", { class: "note" }, text);

/** A list as a table, wherever the list lies; or that the report did not look. */
export async function listed<Name extends keyof Lists>(
  { evidence, shown }: Context,
  name: Name,
  what: string,
  table: Omit<TableOptions<Lists[Name]>, "rows">,
): Promise<readonly Child[]> {
  const found = await rowsOf(evidence, shown, name);
  return found ? [note(found.note), dataTable({ ...table, rows: found.rows })] : [notLookedAt(what)];
}

/** Terms and what they are. */
export const facts = (rows: readonly (readonly [string, Child])[]): HTMLElement =>
  h(
    "dl",
    { class: "facts" },
    rows.map(([term, value]) => h("div", {}, h("dt", {}, term), h("dd", {}, value))),
  );

export const missingAttachment = (
  name: string,
  { sha256, size }: { readonly sha256: string; readonly size: number },
): HTMLElement =>
  h(
    "p",
    { class: "note" },
    `The rows are in the attachment ${name} (${bytes(size)}), which is not on this page: `,
    h("code", {}, sha256),
    ". Drop that file on the page to see them.",
  );
