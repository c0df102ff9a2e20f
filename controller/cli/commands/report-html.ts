import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { readStoredKeys } from "../../attest/chain/chain.ts";
import { HoldfastError } from "../../domain/errors.ts";
import { reportPage, VIEWER_SCRIPT_HASH, viewerPage } from "../../views/page/page.ts";
import { countOf } from "../../views/words.ts";
import { openEvidence } from "../../world.ts";
import { readTrust } from "../../world/trust.ts";
import type { ObjectStore } from "../../ports.ts";
import { settingsOf, type Invocation } from "../invocation.ts";
import { periodOf } from "./period.ts";
import { collectPage, type PageRange } from "../page-data.ts";

/** Writes a period of reports as one page that verifies itself. It says nothing about them: that is the page's to do. */
export async function reportHtml(invocation: Invocation): Promise<number> {
  const { flags, terminal } = invocation;
  const { store, trust } = await openEvidence(settingsOf(invocation, "."));
  const keys = (await readTrust(flags.keys)) ?? trust ?? (await readStoredKeys(store));
  if (!keys) throw new HoldfastError("source-unreadable", `there is no chain of reports in ${store.url}`);
  const range = await rangeOf(store, keys.chainId, invocation);
  const { data, from, leftOut } = await collectPage(store, keys, range);
  const out = flags.out ?? "";
  const page = reportPage(data);
  await writePage(out, page);
  const count = Object.keys(data.reports).length;
  terminal.out(
    [
      `wrote ${out}: ${countOf(count, "report")} from ${from} on, ${Math.ceil(page.length / 1000)} kB; open it in a browser, no network is needed`,
      ...leftOut.map((what) => `not on the page: ${what}`),
      `its script is ${VIEWER_SCRIPT_HASH}, as in every page of this release`,
    ].join("\n"),
  );
  return 0;
}

/** The page without data: an auditor's own copy, which opens what is dropped on it. */
export async function reportViewer({ flags, terminal }: Invocation): Promise<number> {
  const out = flags.out ?? "";
  await writePage(out, viewerPage());
  terminal.out(`wrote ${out}: drop reports, keys.json and attachments on it\nits script is ${VIEWER_SCRIPT_HASH}`);
  return 0;
}

async function writePage(path: string, page: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, page);
}

async function rangeOf(store: ObjectStore, chainId: string, { flags, operands }: Invocation): Promise<PageRange> {
  const { from, to } = await periodOf(store, chainId, { from: flags.from, to: flags.to });
  const focus = operands[0];
  if (focus === undefined) return { from: flags.from === undefined ? undefined : from, to };
  if (!/^[1-9]\d{0,9}$/.test(focus))
    throw new HoldfastError("setting-refused", `${focus} is not a report's sequence: give a number such as 42`);
  if (Number(focus) > to || (flags.from !== undefined && Number(focus) < from))
    throw new HoldfastError(
      "source-unreadable",
      `there is no report ${focus} among those of the page: they end with ${to}`,
    );
  // A page is about the report that is asked for: its month ends with it, unless another end was asked for.
  return {
    from: flags.from === undefined ? undefined : from,
    to: flags.to === undefined ? Number(focus) : to,
    focus: Number(focus),
  };
}
