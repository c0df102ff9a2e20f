import * as z from "zod";
import { describe, expect, it } from "vitest";
import type { ExportFile } from "../../controller/exports/export-report.ts";
import { oscalFiles as filesOf } from "../../controller/exports/formats.ts";
import { oscalWriter } from "../../controller/exports/oscal/results.ts";
import { eventful, fileOf, reportOf } from "./fixture.ts";
import { schemaCheck, wrongWith } from "./schemas.ts";

const check = schemaCheck("oscal-assessment-results.json");
const url = (sequence: number) => `../reports/${sequence}`;

const Results = z.object({
  "assessment-results": z.object({
    "import-ap": z.object({ href: z.string() }),
    results: z.array(
      z.object({
        observations: z.array(
          z.object({ uuid: z.string(), "relevant-evidence": z.array(z.object({ href: z.string() })) }),
        ),
        findings: z.array(
          z.object({
            target: z.object({ "target-id": z.string(), status: z.object({ state: z.string() }) }),
            "related-observations": z.array(z.object({ "observation-uuid": z.string() })),
          }),
        ),
      }),
    ),
    "back-matter": z.object({
      resources: z.array(
        z.object({
          uuid: z.string(),
          rlinks: z.array(z.object({ href: z.string(), hashes: z.array(z.object({ value: z.string() })) })),
        }),
      ),
    }),
  }),
});

function oscalFiles(files: readonly ExportFile[], where: (sequence: number) => string) {
  const writer = oscalWriter(where);
  for (const file of files) writer.add(file);
  return filesOf(writer);
}

const parsed = (text: string | undefined): unknown => JSON.parse(text ?? "null");

describe("OSCAL assessment results", () => {
  it("the schema refuses what is not of it", () => {
    expect(wrongWith(check, { "assessment-results": { uuid: "x", surprise: 1 } }).length).toBeGreaterThan(3);
  });

  it("hold to NIST's schema, results and plan, of eventful reports and quiet ones", async () => {
    const files = oscalFiles([await fileOf(1, eventful), await fileOf(2)], url);
    expect([...files.keys()]).toEqual(["assessment-plan.json", "assessment-results.json"]);
    for (const text of files.values()) expect(wrongWith(check, parsed(text))).toEqual([]);
  });

  it("hold to it whatever the text in a report", async () => {
    const held = [
      { ...(eventful["held"] as readonly object[])[0], because: " \n two\r\nlines \u2028 and more ", reason: "" },
    ];
    const files = oscalFiles([await fileOf(1, { held })], url);
    expect(wrongWith(check, parsed(files.get("assessment-results.json")))).toEqual([]);
  });

  it("judge three controls, and leave out the ones that a report did not look at", async () => {
    const [loud, quiet] = [await fileOf(1, eventful), await fileOf(2)];
    const results = Results.parse(parsed(oscalFiles([loud, quiet], url).get("assessment-results.json")));
    const states = results["assessment-results"].results.map(({ findings }) =>
      findings.map(({ target }) => [target["target-id"], target.status.state]),
    );
    expect(states).toEqual([
      [
        ["cm-6_smt", "not-satisfied"],
        ["cp-9_smt", "not-satisfied"],
        ["cp-9.1_smt", "satisfied"],
      ],
      [["cm-6_smt", "satisfied"]],
    ]);
  });

  it("judge a report of no change by the rows it refers to, and leave out what they are needed for where they are not at hand", async () => {
    const full = await reportOf(1, eventful);
    const short = await fileOf(2, {
      coverage: { complete: true, population: 12, protected: 11, unprotected: [] },
      jobs: { complete: true, window: { from: "a", to: "b" }, byState: {}, failed: [] },
      restoreTests: [],
      unchanged: {
        since: { sequence: 1, payloadSha256: full.payloadSha256 },
        sections: ["coverage.unprotected", "jobs.failed", "restoreTests"],
      },
    });
    const judged = (files: readonly ExportFile[]) => {
      const results = Results.parse(parsed(oscalFiles(files, url).get("assessment-results.json")));
      const last = results["assessment-results"].results.at(-1);
      return last?.findings.map(({ target }) => [target["target-id"], target.status.state]);
    };
    expect(judged([full, short])).toEqual([
      ["cm-6_smt", "satisfied"],
      ["cp-9_smt", "not-satisfied"],
      ["cp-9.1_smt", "satisfied"],
    ]);
    expect(judged([short])).toEqual([["cm-6_smt", "satisfied"]]);
  });

  it("say nothing of backups where nobody looked", async () => {
    const coverage = { complete: false, population: 0, protected: 0, unprotected: [] };
    const jobs = { complete: false, window: { from: "a", to: "b" }, byState: {}, failed: [] };
    const results = Results.parse(
      parsed(oscalFiles([await fileOf(1, { coverage, jobs })], url).get("assessment-results.json")),
    );
    expect(results["assessment-results"].results[0]?.findings.map(({ target }) => target["target-id"])).toEqual([
      "cm-6_smt",
    ]);
  });

  it("rest every observation on the signed report, named by the file's digest", async () => {
    const report = await reportOf(1, eventful);
    const results = Results.parse(parsed(oscalFiles([report], url).get("assessment-results.json")))[
      "assessment-results"
    ];
    const [resource] = results["back-matter"].resources;
    expect(resource?.rlinks).toEqual([{ href: "../reports/1", hashes: [{ value: report.envelopeSha256 }] }]);
    const [result] = results.results;
    const evidence = result?.observations.flatMap((one) => one["relevant-evidence"].map(({ href }) => href));
    expect(new Set(evidence)).toEqual(new Set([`#${resource?.uuid}`]));
    const ids = new Set(result?.observations.map(({ uuid }) => uuid));
    expect(ids.size).toBe(result?.observations.length);
    for (const finding of result?.findings ?? [])
      for (const one of finding["related-observations"]) expect(ids).toContain(one["observation-uuid"]);
  });

  it("name the plan that lies beside them, and are the same bytes each time", async () => {
    const files = [await fileOf(1, eventful)];
    const first = oscalFiles(files, url);
    expect(Results.parse(parsed(first.get("assessment-results.json")))["assessment-results"]["import-ap"].href).toBe(
      "assessment-plan.json",
    );
    expect([...oscalFiles(files, url)]).toEqual([...first]);
  });

  it("are none where there is no report", () => {
    expect(oscalFiles([{ sequence: 1, envelopeSha256: "0".repeat(64), unreadable: "no" }], url).size).toBe(0);
  });
});
