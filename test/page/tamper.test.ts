import { Buffer } from "node:buffer";
import { afterAll, describe, expect, it } from "vitest";
import type { PageData } from "../../controller/views/page/data.ts";
import { reportPage } from "../../controller/views/page/page.ts";
import { CHAIN, type Evidence } from "../verifier/chain.ts";
import { type Expected, ROWS, SOUND } from "../verifier/rows.ts";
import { Reader, said, until, type Said } from "./browser.ts";

/** Every attack of the tamper table, put on a page: the page sees it, says no to the same question for the same reason, or says why not. */
const reader = new Reader();
afterAll(() => reader.close());

/** What a page cannot see of files on their own, and why that is right. */
const BLIND: Readonly<Record<string, string>> = {
  start: "a page of a month begins in mid-chain, says where, and vouches for nothing before",
  due: "a page is filed, and is no less valid when it is read years later",
  period: "nobody asks a page for a period: it says which reports it has",
  "file-name": "what is not named as a report is an attachment to a page",
  "attachment-missing": "a page may leave attachments out, and says so: then none is asked for",
};
/** The same of single rows. */
const BLIND_ROWS: Readonly<Record<string, string>> = {
  "changes a byte of an attachment":
    "an attachment is known by the SHA-256 of its bytes: an altered one is another, and the one that is named is not there",
};

const below = ({ files }: Evidence, folder: string): readonly (readonly [string, Uint8Array])[] => {
  const prefix = `v1/${CHAIN}/${folder}/`;
  return [...files]
    .filter(([path]) => path.startsWith(prefix))
    .map(([path, bytes]) => [path.slice(prefix.length), bytes]);
};
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");

const pageOf = (evidence: Evidence): PageData => ({
  format: 1,
  focus: null,
  keys: Buffer.from(evidence.keys).toString("utf8"),
  reports: Object.fromEntries(
    below(evidence, "reports")
      .filter(([name]) => name.endsWith(".dsse.json"))
      .map(([name, bytes]) => [name, Buffer.from(bytes).toString("utf8")]),
  ),
  attachments: below(evidence, "attachments").map(([, bytes]) => base64(bytes)),
  packs: Object.fromEntries(below(evidence, "git").map(([name, bytes]) => [name.replace(".pack", ""), base64(bytes)])),
});

async function verdictOf(evidence: Evidence): Promise<Said> {
  const page = await reader.next(reportPage(pageOf(evidence)));
  const { head } = evidence.pins;
  if (head !== undefined && (await page.locator("#head").count()) > 0) {
    await page.locator("#head").fill(head);
    await page.locator("#head").press("Enter");
    await until(page, "/yes|no$/.test(document.querySelector('[data-question=anchored] .badge')?.textContent)");
  }
  return said(page);
}

/** The checks that a page makes of a row. */
const visible = (row: string, { checks }: Expected): readonly string[] =>
  BLIND_ROWS[row] === undefined ? checks.filter((check) => BLIND[check] === undefined) : [];

describe("evidence as it was written", () => {
  it.each(SOUND)("$row: VALID", async ({ evidence, yes }) => {
    const { verdict, answers, checks } = await verdictOf(evidence());
    expect({ verdict, checks }).toEqual({ verdict: "VALID", checks: [] });
    for (const question of yes) expect(answers[question]).toBe("yes");
  });
});

describe("evidence tampered with, on a page", () => {
  it.each(ROWS)("$row: $because", async ({ row, evidence, expected }) => {
    const given = evidence();
    const { verdict, answers, checks, document } = await verdictOf(given);
    const isEmpty = below(given, "reports").length === 0;
    const seen = isEmpty ? [] : visible(row, expected);
    const conclusion = isEmpty ? "Nothing to verify yet" : seen.length > 0 ? "INVALID" : "VALID";
    expect({ verdict, checks: [...new Set(checks)] }).toEqual({ verdict: conclusion, checks: seen });
    const no = isEmpty || seen.length < expected.checks.length ? [] : expected.no;
    expect(no.map((question) => answers[question])).toEqual(no.map(() => "no"));
    expect(answers["intact"] === "no" && document !== "", "shows what is not intact").toBe(false);
  });
});
