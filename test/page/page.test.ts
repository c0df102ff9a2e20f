import { Buffer } from "node:buffer";
import { afterAll, describe, expect, it } from "vitest";
import type { PageData } from "../../controller/views/page/data.ts";
import { reportPage, VIEWER_SCRIPT_HASH, viewerPage } from "../../controller/views/page/page.ts";
import { Reader, said, until } from "./browser.ts";
import { sampleChain } from "./fixture.ts";

const reader = new Reader();
afterAll(() => reader.close());

const name = (sequence: number): string => `${String(sequence).padStart(10, "0")}.dsse.json`;
const withReport = (data: PageData, sequence: number, change: (envelope: string) => string): PageData => ({
  ...data,
  reports: { ...data.reports, [name(sequence)]: change(data.reports[name(sequence)] ?? "") },
});
/** The payload with one character of it changed, in an envelope that is otherwise as it was. */
const tampered = (envelope: string): string => {
  const { payload, ...rest } = JSON.parse(envelope) as { readonly payload: string };
  const text = Buffer.from(payload, "base64").toString().replace('"trigger":"schedule"', '"trigger":"by-a-thief"');
  return JSON.stringify({ payload: Buffer.from(text).toString("base64"), ...rest });
};

describe("a page of reports, opened from the disk with no network", () => {
  it("verifies itself, and asks nobody for anything", async () => {
    const { page, asked, complaints } = await reader.open(reportPage(sampleChain({ mlDsa: true })));
    const { verdict, answers, checks, document } = await said(page);
    expect({ verdict, answers, checks }).toEqual({
      verdict: "VALID",
      answers: { intact: "yes", complete: "yes", sourced: "yes", anchored: "not checked" },
      checks: [],
    });
    expect(document).toContain("Report 31 of fleet production");
    expect(document).toContain("2 breaches of a recovery point objective");
    expect(await page.locator("#retention").innerText()).toMatch(
      /table\/sessions\s+every-day\s+1 d 6 h\s+none is known/,
    );
    expect(complaints).toEqual([]);
    expect(asked.filter((url) => !url.startsWith("file:"))).toEqual([]);
    expect(asked).toHaveLength(1);
  });

  it("verifies ML-DSA where the browser cannot", async () => {
    const before = `const real = SubtleCrypto.prototype.importKey;
      SubtleCrypto.prototype.importKey = function (format, key, algorithm, ...rest) {
        if (algorithm?.name === "ML-DSA-65") return Promise.reject(new DOMException("", "NotSupportedError"));
        return real.call(this, format, key, algorithm, ...rest);
      };`;
    const data = sampleChain({ mlDsa: true, reports: 3 });
    const { page } = await reader.open(reportPage(data), { before });
    expect((await said(page)).verdict).toBe("VALID");
    const wrong = withReport(data, 2, tampered);
    const { page: broken } = await reader.open(reportPage(wrong), { before });
    expect((await said(broken)).verdict).toBe("INVALID");
  });

  it("says INVALID and why, and shows nothing of what it holds, where a byte of a payload was changed", async () => {
    const { page } = await reader.open(reportPage(withReport(sampleChain(), 30, tampered)));
    const { verdict, answers, checks, document } = await said(page);
    expect(verdict).toBe("INVALID");
    expect(answers).toMatchObject({ intact: "no", complete: "no" });
    expect(checks).toEqual(["signature", "link"]);
    expect(document).toBe("");
    expect(await page.locator("#verdict").innerText()).toContain(`${name(30)}: 0 of the trusted keys signed it`);
    expect(await page.locator("#verdict").innerText()).not.toContain("by-a-thief");
  });

  it("shows signed reports under a warning where one of them is missing", async () => {
    const data = sampleChain({ reports: 6 });
    const reports = Object.fromEntries(Object.entries(data.reports).filter(([file]) => file !== name(4)));
    const { page } = await reader.open(reportPage({ ...data, reports }));
    const { verdict, answers, checks, document } = await said(page);
    expect(verdict).toBe("INVALID");
    expect(answers).toMatchObject({ intact: "yes", complete: "no" });
    expect(checks).toContain("sequence");
    expect(document).not.toBe("");
    expect(await page.locator("#verdict").innerText()).toContain("the set of them is not what it should be");
  });

  it("does not take a part of a chain for the whole of it", async () => {
    const { page } = await reader.open(reportPage(sampleChain({ reports: 6, from: 4 })));
    const { verdict, document } = await said(page);
    expect(verdict).toBe("VALID");
    expect(await page.locator("#verdict").innerText()).toContain("from 4 to 6");
    expect(document).toContain("begin with report 4");
  });

  it("answers ANCHORED for a head that the reader has", async () => {
    const { page } = await reader.open(reportPage(sampleChain({ reports: 3 })));
    const head = (await page.locator("#verdict dd > code").first().textContent()) ?? "";
    await page.locator("#head").fill(head);
    await page.locator("#head").press("Enter");
    await until(page, "document.querySelector('[data-question=anchored] .badge')?.textContent.includes('yes')");
    await page.locator("#head").fill(head.replace(/.$/, (last) => (last === "0" ? "1" : "0")));
    await page.getByRole("button", { name: "Compare" }).click();
    await until(page, "document.querySelector('[data-question=anchored] .badge')?.textContent.includes('no')");
    expect((await said(page)).checks).toEqual(["head"]);
    await page.locator("#head").fill("a mail said so");
    await page.locator("#head").press("Enter");
    await page.waitForSelector("[role=alert]");
    expect((await said(page)).answers).toMatchObject({ anchored: "not checked" });
  });

  it("shows another report of the period", async () => {
    const { page } = await reader.open(reportPage(sampleChain({ reports: 6 })));
    await page.locator("#choice").selectOption("2");
    await until(page, "document.getElementById('subtitle').textContent.startsWith('Report 2 ')");
    expect((await said(page)).document).toContain("Nothing was changed");
  });

  it("says of every section that a report does not have that it was not looked at", async () => {
    const { page } = await reader.open(reportPage({ ...sampleChain({ reports: 2 }), focus: 1 }));
    const { document } = await said(page);
    for (const what of [
      "the whole population of resources",
      "backup and copy jobs",
      "restore tests",
      "all vaults",
      "names",
      "exceptions",
    ])
      expect(document).toContain(`Not looked at: this report says nothing of ${what}`);
  });

  it("names attachments that were left out, and shows them once they are dropped", async () => {
    const whole = sampleChain({ reports: 2 });
    const { page } = await reader.open(reportPage({ ...whole, attachments: [] }));
    expect((await said(page)).document).toContain("inventory.ndjson.gz");
    expect(await page.locator("#retention figure").count()).toBe(0);
    await page.locator("#open input").setInputFiles(
      whole.attachments.map((encoded, at) => ({
        name: `${at}.bin`,
        mimeType: "application/gzip",
        buffer: Buffer.from(encoded, "base64"),
      })),
    );
    await page.waitForSelector("#retention figure");
    expect((await said(page)).verdict).toBe("VALID");
  });
});

describe("what a report may hold", () => {
  const HOSTILE = [
    `</script><script>globalThis.pwned = 1</script>`,
    `<img src=x onerror="globalThis.pwned = 1">`,
    `=HYPERLINK("https://evil.example.com")`,
    `a\u202Eb\u0000\u200B`,
    `{{constructor.constructor('globalThis.pwned = 1')()}}<!--`,
  ];

  it.each(HOSTILE)("shows %j as it is written, and runs nothing of it", async (hostile) => {
    const { page, asked, complaints } = await reader.open(reportPage(sampleChain({ reports: 2, name: hostile })));
    const { verdict } = await said(page);
    expect(verdict).toBe("VALID");
    expect(await page.evaluate("globalThis.pwned")).toBeUndefined();
    expect(await page.evaluate("document.querySelectorAll('img, iframe, main script, a[href^=http]').length")).toBe(0);
    expect(await page.locator("#changes b").first().textContent()).toBe(
      hostile.replace("\u202E", "\\u{202E}").replace("\0", "\\u{0000}").replace("\u200B", "\\u{200B}"),
    );
    expect(asked).toHaveLength(1);
    expect(complaints).toEqual([]);
  });
});

describe("the page's content security policy", () => {
  it("names the hash of the one script that pages of a release have", () => {
    expect(reportPage(sampleChain({ reports: 1 }))).toContain(`script-src '${VIEWER_SCRIPT_HASH}'`);
    expect(viewerPage()).toContain(`script-src '${VIEWER_SCRIPT_HASH}'`);
  });

  it("keeps an edited script from running: then nothing is said to be verified", async () => {
    const html = reportPage(sampleChain({ reports: 1 })).replace('"INVALID"', '"VALID"');
    const { page } = await reader.open(html);
    const { verdict, document } = await said(page);
    expect(verdict).toBe("Not verified");
    expect(document).toBe("");
  });

  it("keeps a script that got in from running, and everything from the network", async () => {
    const { page } = await reader.open(reportPage(sampleChain({ reports: 1 })));
    const outcome = await page.evaluate(`(async () => {
      const violated = [];
      document.addEventListener("securitypolicyviolation", ({ effectiveDirective }) => violated.push(effectiveDirective));
      const script = document.createElement("script");
      script.textContent = "globalThis.pwned = 1";
      document.body.append(script);
      const image = new Image();
      image.src = "https://evil.example.com/x.png";
      document.body.append(image);
      await fetch("https://evil.example.com/").catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve));
      return { violated, pwned: globalThis.pwned };
    })()`);
    expect(outcome).toEqual({
      violated: expect.arrayContaining(["script-src-elem", "img-src", "connect-src"]) as unknown,
      pwned: undefined,
    });
  });
});

describe("a large report", () => {
  it("makes the rows that are looked at, filters and sorts over all, and prints what paper can take", async () => {
    const { page } = await reader.open(reportPage(sampleChain({ reports: 2, rows: 5000 })));
    expect((await said(page)).verdict).toBe("VALID");
    const nodes = () => page.evaluate<number>("document.querySelectorAll('*').length");
    expect(await nodes()).toBeLessThan(12_000);
    const table = page.locator("#changes .data-table").first();
    const rows = table.locator("tbody tr");
    expect(await rows.count()).toBe(50);
    expect(await table.locator(".count").textContent()).toBe("Rows 1 to 50 of 5,000");
    await table.getByRole("button", { name: "Next" }).click();
    expect(await table.locator(".count").textContent()).toBe("Rows 51 to 100 of 5,000");
    await table.getByRole("searchbox").fill("nightly-4999");
    expect(await rows.count()).toBe(1);
    expect(await rows.first().innerText()).toContain("nightly-4999");
    await table.getByRole("searchbox").fill("");
    await table.getByRole("button", { name: "Result" }).click();
    expect(await table.locator("th").first().getAttribute("aria-sort")).toBe("ascending");
    await table.getByRole("button", { name: "Result" }).click();
    expect(await rows.first().innerText()).toContain("failed");
    expect(await nodes()).toBeLessThan(12_000);
    await page.evaluate("dispatchEvent(new Event('beforeprint'))");
    expect(await rows.count()).toBe(2000);
    expect(await table.locator(".left-out").textContent()).toContain("3,000 more rows are not printed");
    await page.evaluate("dispatchEvent(new Event('afterprint'))");
    expect(await rows.count()).toBe(50);
  });
});

describe("the viewer without data", () => {
  const files = (data: PageData) => [
    { name: "keys.json", mimeType: "application/json", buffer: Buffer.from(data.keys) },
    ...Object.entries(data.reports).map(([file, envelope]) => ({
      name: file,
      mimeType: "application/json",
      buffer: Buffer.from(envelope),
    })),
    ...Object.entries(data.packs).map(([commit, pack]) => ({
      name: `${commit}.pack`,
      mimeType: "application/octet-stream",
      buffer: Buffer.from(pack, "base64"),
    })),
  ];
  const settled = "/VALID/.test(document.querySelector('#verdict h2').textContent)";

  it("is at most 500 kB", () => {
    expect(Buffer.byteLength(viewerPage())).toBeLessThanOrEqual(500_000);
  });

  it("verifies the files it is given", async () => {
    const { page } = await reader.open(viewerPage());
    expect((await said(page)).verdict).toBe("Nothing to verify yet");
    await page.locator("#open input").setInputFiles(files(sampleChain({ reports: 4 })));
    await until(page, settled);
    expect(await said(page)).toMatchObject({
      verdict: "VALID",
      answers: { intact: "yes", complete: "yes", sourced: "yes" },
    });
  });

  it("refuses what was signed by other keys than the ones it is given afterwards", async () => {
    const { page } = await reader.open(viewerPage());
    await page.locator("#open input").setInputFiles(files(sampleChain({ reports: 4 })));
    await until(page, settled);
    const keys = sampleChain({ reports: 1, mlDsa: true }).keys;
    await page
      .locator("#open input")
      .setInputFiles([{ name: "keys.json", mimeType: "application/json", buffer: Buffer.from(keys) }]);
    await until(page, "document.querySelector('#verdict h2').textContent === 'INVALID'");
    expect((await said(page)).document).toBe("");
  });

  it("says that there are no keys to verify with", async () => {
    const { page } = await reader.open(viewerPage());
    await page.locator("#open input").setInputFiles(files(sampleChain({ reports: 2 })).slice(1));
    await until(page, settled);
    expect(await said(page)).toMatchObject({ verdict: "INVALID", checks: ["keys"], document: "" });
  });
});
