import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { VIEWER_SCRIPT_HASH } from "../../controller/views/page/page.ts";
import { DESIRED_BUCKET, serve, type Served } from "../cli/command-line.ts";
import { PRODUCTION } from "../scenarios/manifests.ts";
import { Reader, said } from "./browser.ts";

const FROM_S3 = { HOLDFAST_DESIRED_STATE: `s3://${DESIRED_BUCKET}` };
const HOUR_MS = 3_600_000;
const WEEK_MS = 168 * HOUR_MS;

const reader = new Reader();
let s: Served;
beforeAll(async () => {
  s = await serve({ files: PRODUCTION });
  await s.run(["sync", "--to", `s3://${DESIRED_BUCKET}`]);
  for (const before of [0, HOUR_MS, 5 * WEEK_MS, HOUR_MS]) {
    s.universe.simulator.clock.advance(before);
    const { code, err } = await s.run(["reconcile"], { env: FROM_S3 });
    if (code !== 0) throw new Error(err);
  }
});
afterAll(async () => {
  await reader.close();
  await s[Symbol.asyncDispose]();
});

const page = (name: string): Promise<string> => readFile(join(s.folder, name), "utf8");
const html = (...more: readonly string[]) => s.run(["report", "html", "--out", join(s.folder, "page.html"), ...more]);

describe("holdfast report html", () => {
  it("writes the reports of a run as a page that finds them intact and complete", async () => {
    const { code, out, err } = await html("--from", "1");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toContain("4 reports from 1 on");
    expect(out).toContain(VIEWER_SCRIPT_HASH);
    const { page: opened, complaints } = await reader.open(await page("page.html"));
    const { verdict, answers, checks, document } = await said(opened);
    expect({ verdict, checks, complaints }).toEqual({ verdict: "VALID", checks: [], complaints: [] });
    expect(answers).toMatchObject({ intact: "yes", complete: "yes" });
    expect(document).toContain("Report 4 of fleet");
    expect(document).not.toContain("This part cannot be shown");
  });

  it("takes a month before the last report, and the full one that a short one refers to", async () => {
    const { out } = await html();
    expect(out).toMatch(/[23] reports from [23] on/);
  });

  it("ends with the report that is asked for, and shows that one", async () => {
    const { out } = await html("2", "--from", "1");
    expect(out).toContain("2 reports from 1 on");
    const { page: opened } = await reader.open(await page("page.html"));
    expect(await opened.locator("#subtitle").textContent()).toMatch(/^Report 2 /);
  });

  it.each([
    ["9", "there is no report 9 among those of the page"],
    ["two", "two is not a report's sequence"],
  ])("refuses report %s", async (sequence, message) => {
    const { code, err } = await html(sequence);
    expect(code).toBe(1);
    expect(err).toContain(message);
  });
});

describe("holdfast report viewer", () => {
  it("writes the page without data, with the same script", async () => {
    const { code, out } = await s.run(["report", "viewer", "--out", join(s.folder, "viewer.html")]);
    expect(code).toBe(0);
    expect(out).toContain(VIEWER_SCRIPT_HASH);
    const { page: opened } = await reader.open(await page("viewer.html"));
    expect((await said(opened)).verdict).toBe("Nothing to verify yet");
  });
});
