import { describe, expect, it } from "vitest";
import { serve } from "../cli/command-line.ts";
import { PRODUCTION } from "./manifests.ts";

describe("holdfast report verify", () => {
  it("answers for one report by itself, and says nothing of those beside it", async () => {
    await using s = await serve({ files: PRODUCTION });
    for (const _run of [1, 2]) await s.universe.run();
    const one = await s.run(["report", "verify", "2", "-o", "json"]);
    expect(one.code).toBe(0);
    expect(JSON.parse(one.out)).toMatchObject({ intact: "yes", complete: "not-checked", reports: 1 });
    const none = await s.run(["report", "verify", "9"]);
    expect([none.code, none.err]).toEqual([1, expect.stringContaining("there is no report 9 in s3://")]);
    expect((await s.run(["report", "verify", "two"])).err).toContain("two is not a report's sequence");
  });

  it("asks whether a report is overdue where it is told to: the simulated spring is long over", async () => {
    await using s = await serve({ files: PRODUCTION });
    await s.universe.run();
    expect((await s.run(["report", "verify"])).code).toBe(0);
    const due = await s.run(["report", "verify", "--due"]);
    expect(due.code).toBe(5);
    expect(due.out).toMatch(/due: is the last, and the next was due before/);
  });
});
