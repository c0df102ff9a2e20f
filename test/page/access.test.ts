import axe from "axe-core";
import { afterAll, describe, expect, it } from "vitest";
import { reportPage, viewerPage } from "../../controller/views/page/page.ts";
import { Reader } from "./browser.ts";
import { sampleChain } from "./fixture.ts";

const reader = new Reader();
afterAll(() => reader.close());

const whole = sampleChain({ mlDsa: true, rows: 120 });
const broken = { ...whole, reports: { ...whole.reports, "0000000030.dsse.json": "{}" } };
const PAGES = {
  "a whole report": () => reportPage(whole),
  "one that is not to be relied on": () => reportPage(broken),
  "the viewer": viewerPage,
};

describe("everybody can read it", () => {
  it.each(
    Object.keys(PAGES).flatMap((what) => (["light", "dark"] as const).map((colorScheme) => ({ what, colorScheme }))),
  )("axe finds no violation in $what, $colorScheme", async ({ what, colorScheme }) => {
    const { page } = await reader.open(PAGES[what as keyof typeof PAGES](), { colorScheme });
    await page.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true; })");
    await page.evaluate(axe.source);
    const violations = await page.evaluate<readonly string[]>(
      `axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }).then(({ violations }) =>
        violations.flatMap(({ id, help, nodes }) => nodes.map(({ html, failureSummary }) => [id, help, html.slice(0, 160), failureSummary].join(" | "))))`,
    );
    expect(violations).toEqual([]);
  });

  it("fits a telephone: nothing makes the page itself scroll sideways", async () => {
    for (const html of [reportPage(whole), reportPage(broken), viewerPage()]) {
      const { page } = await reader.open(html, { viewport: { width: 375, height: 800 } });
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(375);
    }
  });

  it("uses the width of a desk where there are no contents to list", async () => {
    for (const html of [reportPage(broken), viewerPage()]) {
      const { page } = await reader.open(html, { viewport: { width: 1280, height: 800 } });
      expect(await page.evaluate("document.querySelector('main').getBoundingClientRect().width")).toBeGreaterThan(1000);
    }
  });

  it("can be worked with a keyboard, and shows where it is", async () => {
    const { page } = await reader.open(reportPage(whole));
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.textContent")).toBe("Skip to the report");
    const outline = await page.evaluate("getComputedStyle(document.activeElement).outlineStyle");
    expect(outline).toBe("solid");
    await page.keyboard.press("Enter");
    expect(await page.evaluate("document.activeElement.id")).toBe("main");
    const sort = page.locator("#changes thead button").first();
    await sort.focus();
    await page.keyboard.press("Enter");
    expect(await page.locator("#changes th").first().getAttribute("aria-sort")).toBe("ascending");
  });

  it("says in words what each chart draws, and has its numbers beside it", async () => {
    const { page } = await reader.open(reportPage(whole));
    const charts = await page.evaluate<readonly (readonly [string, number])[]>(
      `[...document.querySelectorAll("figure")].map((figure) => [figure.querySelector("svg[role=img]").getAttribute("aria-label"), figure.querySelectorAll("tbody tr").length])`,
    );
    expect(charts.length).toBeGreaterThanOrEqual(6);
    for (const [label, rows] of charts) {
      expect(label).toMatch(/\. .+\./);
      expect(rows).toBeGreaterThan(0);
    }
  });

  it("prints in ink on paper, whatever the screen is", async () => {
    const { page } = await reader.open(reportPage(whole), { colorScheme: "dark" });
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    expect(await page.evaluate("getComputedStyle(document.documentElement).backgroundColor")).toBe(
      "rgb(255, 255, 255)",
    );
    expect(await page.locator("#open").isVisible()).toBe(false);
    expect(await page.locator("#commands pre").first().isVisible()).toBe(true);
    expect((await page.pdf({ preferCSSPageSize: true })).length).toBeGreaterThan(10_000);
  });
});
