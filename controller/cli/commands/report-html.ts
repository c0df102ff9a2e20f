import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { readStoredKeys } from "../../attest/chain.ts";
import { reportsPrefix, sequenceOf } from "../../attest/names.ts";
import { HoldfastError } from "../../domain/errors.ts";
import { reportPage, VIEWER_SCRIPT_HASH, viewerPage } from "../../views/page/page.ts";
import { countOf } from "../../views/words.ts";
import { openEvidence, readTrust } from "../../world.ts";
import { settingsOf, type Invocation } from "../invocation.ts";
import { collectPage, type PageRange } from "../page-data.ts";

/** Writes a period of reports as one page that verifies itself. It says nothing about them: that is the page's to do. */
export async function reportHtml(invocation: Invocation): Promise<number> {
  const { flags, terminal, operands } = invocation;
  const { store, trust } = await openEvidence(settingsOf(invocation, "."));
  const keys = (await readTrust(flags.keys)) ?? trust ?? (await readStoredKeys(store));
  if (!keys) throw new HoldfastError("source-unreadable", `there is no chain of reports in ${store.url}`);
  const newest = (await store.list(reportsPrefix(keys.chainId))).reduce(
    (last, key) => Math.max(last, sequenceOf(key) ?? 0),
    0,
  );
  if (newest === 0) throw new HoldfastError("source-unreadable", `there is no report in ${store.url} yet`);
  const { data, from, leftOut } = await collectPage(store, keys, rangeOf(flags, operands[0], newest));
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

function rangeOf({ from, to }: Invocation["flags"], sequence: string | undefined, newest: number): PageRange {
  const focus = sequence === undefined ? undefined : sequenceFrom(sequence, newest);
  const range = {
    focus,
    from: from === undefined ? undefined : sequenceFrom(from, newest),
    to: to === undefined ? newest : sequenceFrom(to, newest),
  };
  if (range.from !== undefined && range.from > range.to)
    throw new HoldfastError(
      "setting-refused",
      `--from ${range.from} is after report ${range.to}, the last of the page`,
    );
  if (focus !== undefined && (focus > range.to || focus < (range.from ?? 1)))
    throw new HoldfastError("setting-refused", `report ${focus} is not among those that --from and --to name`);
  return range;
}

function sequenceFrom(text: string, newest: number): number {
  if (!/^[1-9]\d{0,9}$/.test(text))
    throw new HoldfastError("setting-refused", `${text} is not a report's sequence: give a number such as 42`);
  if (Number(text) > newest)
    throw new HoldfastError("source-unreadable", `there is no report ${text}: the newest is ${newest}`);
  return Number(text);
}
