import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";

const PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/snap/bin/chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

function chromiumPath(): string {
  const given = process.env["HOLDFAST_CHROMIUM"];
  const found = given ?? PLACES.find((path) => existsSync(path));
  if (found === undefined)
    throw new Error(
      "The page of a report is tested in a stock Chromium, and there is none here. Debian and Ubuntu: apt-get install chromium. macOS: brew install --cask chromium. Elsewhere: set HOLDFAST_CHROMIUM to its path.",
    );
  return found;
}

/** Quiet, and without a network of its own: what the page asks for would fail, and is recorded. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** A page opened from the disk, and what it asked for or complained of. */
export interface Opened {
  readonly page: Page;
  readonly asked: readonly string[];
  readonly complaints: readonly string[];
}

const SETTLED =
  "!/^Verifying/.test(document.querySelector('#verdict h2').textContent) && document.getElementById('document').getAttribute('aria-busy') !== 'true'";

/** A stock browser, offline, and a folder for the pages it opens. */
export class Reader {
  readonly #folder = mkdtempSync(join(tmpdir(), "holdfast-page-"));
  #browser: Browser | undefined;
  #tab: Page | undefined;
  #count = 0;

  async open(html: string, how: BrowserContextOptions & { readonly before?: string } = {}): Promise<Opened> {
    this.#browser ??= await chromium.launch({ executablePath: chromiumPath(), args: FLAGS });
    const { before, ...options } = how;
    const context = await this.#browser.newContext({ offline: true, reducedMotion: "reduce", ...options });
    if (before !== undefined) await context.addInitScript(before);
    const page = await context.newPage();
    const asked: string[] = [];
    const complaints: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(error.message));
    await page.goto(pathToFileURL(this.write(html)).href);
    await until(page, SETTLED);
    return { page, asked, complaints };
  }

  /** Opens one page after another in the same tab: for many of them, of which each is only read. */
  async next(html: string): Promise<Page> {
    this.#tab ??= (await this.open(html)).page;
    await this.#tab.goto(pathToFileURL(this.write(html)).href);
    await until(this.#tab, SETTLED);
    return this.#tab;
  }

  write(html: string): string {
    const file = join(this.#folder, `page-${++this.#count}.html`);
    writeFileSync(file, html);
    return file;
  }

  async close(): Promise<void> {
    await this.#browser?.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Waits until an expression holds in the page: asked from outside, for the page's own policy lets nothing be evaluated inside. */
export async function until(page: Page, expression: string): Promise<void> {
  for (let tries = 0; tries < TRIES; tries++) {
    if (await page.evaluate<boolean>(`Boolean(${expression})`)) return;
    await page.waitForTimeout(PAUSE_MS);
  }
  throw new Error(`never so on the page: ${expression}`);
}
const PAUSE_MS = 50;
const TRIES = 1200;

/** What the page says of what it was given, as a reader sees it. */
export interface Said {
  readonly verdict: string;
  readonly answers: Readonly<Record<string, string>>;
  /** The checks that failed, in the order of the table. */
  readonly checks: readonly string[];
  /** The text of the whole document below the verdict; empty where nothing is shown. */
  readonly document: string;
}

export async function said(page: Page): Promise<Said> {
  // The page's own globals are not those of the tests: the function goes over as text.
  return page.evaluate(`(() => {
    const text = (element) => element?.textContent.trim() ?? "";
    const rows = [...document.querySelectorAll("#verdict .answers tbody tr")];
    return {
      verdict: text(document.querySelector("#verdict h2")),
      answers: Object.fromEntries(rows.map((row) => [row.dataset.question, text(row.querySelector(".badge")).replace(/^\\S+\\s+/, "")])),
      checks: [...document.querySelectorAll("#verdict .data-table tbody tr td:nth-child(2)")].map((cell) => text(cell).replace(/^\\S+\\s+/, "")),
      document: document.getElementById("document").innerText.trim(),
    };
  })()`);
}
