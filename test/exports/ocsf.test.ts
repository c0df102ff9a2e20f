import * as z from "zod";
import { describe, expect, it } from "vitest";
import { ocsfWriter } from "../../controller/exports/ocsf/ocsf.ts";
import type { ExportFile } from "../../controller/exports/export-report.ts";
import { eventful, fileOf, key } from "./fixture.ts";
import { schemaCheck, wrongWith } from "./schemas.ts";

const Finding = z.object({
  activity_id: z.number(),
  type_uid: z.number(),
  severity: z.string(),
  time: z.number(),
  finding_info: z.object({ uid: z.string(), uid_alt: z.string(), src_url: z.string(), types: z.array(z.string()) }),
  compliance: z.object({ status_id: z.number() }),
  resources: z.array(z.object({ uid: z.string(), is_backed_up: z.boolean().optional() })),
});

/** Findings of each file in turn, each checked against the schema. */
function findingsOf(files: readonly ExportFile[]) {
  const check = schemaCheck("ocsf-compliance-finding.json");
  const writer = ocsfWriter((sequence) => `s3://evidence/${sequence}`);
  return files.map((file) =>
    writer
      .add(file)
      .split("\n")
      .slice(0, -1)
      .map((line) => {
        const value: unknown = JSON.parse(line);
        expect(wrongWith(check, value)).toEqual([]);
        return Finding.parse(value);
      }),
  );
}

const short = ({ finding_info, activity_id, severity, compliance }: z.infer<typeof Finding>) =>
  [finding_info.types[0], activity_id, severity, compliance.status_id] as const;

describe("OCSF compliance findings", () => {
  it("the schema refuses what is not of it", () => {
    const check = schemaCheck("ocsf-compliance-finding.json");
    expect(wrongWith(check, { class_uid: 2003, surprise: 1 }).length).toBeGreaterThan(5);
  });

  it("say one thing of each resource: drifted and held, unknown, finding, unprotected, mended", async () => {
    const file = await fileOf(1, eventful);
    const [findings = []] = findingsOf([file]);
    expect(findings.map(short)).toEqual([
      ["different", 1, "Medium", 3],
      ["expired", 1, "Medium", 3],
      ["unknown", 1, "Medium", 2],
      ["no-recovery-point", 1, "High", 3],
      ["corrected", 3, "Informational", 1],
    ]);
    expect(findings.map(({ type_uid }) => type_uid)).toEqual([200301, 200301, 200301, 200301, 200303]);
    for (const { finding_info } of findings) {
      expect(finding_info.uid_alt).toBe("payloadSha256" in file ? file.payloadSha256 : "");
      expect(finding_info.src_url).toBe("s3://evidence/1");
    }
  });

  it("say of an unprotected resource that it is not backed up, and of no other that it is", async () => {
    const [findings = []] = findingsOf([await fileOf(1, eventful)]);
    expect(findings.map(({ resources }) => resources[0]?.is_backed_up)).toEqual([
      undefined,
      undefined,
      undefined,
      false,
      undefined,
    ]);
  });

  it("say every way in which one resource breaks its policies, and close each by itself", async () => {
    const broken = (policy: string, cause: string) => ({
      key: key("protected-resource", "orders"),
      id: "orders",
      drift: "finding",
      differences: [],
      finding: { policy, cause },
    });
    const all = [broken("strict", "uncopied"), broken("strict", "overlap"), broken("lenient", "overlap")];
    const [first, second] = findingsOf([
      await fileOf(1, { resources: all }),
      await fileOf(2, { resources: all.slice(1) }),
    ]);
    expect(first?.map(({ finding_info }) => finding_info.types[0])).toEqual(["overlap", "overlap", "uncopied"]);
    expect(second?.map(short).filter(([, activity]) => activity === 3)).toEqual([["uncopied", 3, "Informational", 1]]);
  });

  it("update a trouble that lasts and close it when a whole report has it no more", async () => {
    const drift = {
      resources: [
        { key: key("vault", "nightly"), drift: "missing", differences: [{ path: "", effect: "strengthens" }] },
      ],
    };
    const [first, second, third] = findingsOf([await fileOf(1, drift), await fileOf(2, drift), await fileOf(3)]);
    expect(first?.map(short)).toEqual([["missing", 1, "High", 3]]);
    expect(second?.map(short)).toEqual([["missing", 2, "High", 3]]);
    expect(third?.map(short)).toEqual([["missing", 3, "Informational", 1]]);
    expect(new Set([first, second, third].map((one) => one?.[0]?.finding_info.uid)).size).toBe(1);
  });

  it("close nothing in a run of part of the fleet, nor in a report of no change", async () => {
    const drift = { resources: [{ key: key("vault", "nightly"), drift: "missing", differences: [] }] };
    const partial = await fileOf(2, { scope: { fleet: "acme", partial: true } });
    const unchanged = await fileOf(3, {
      unchanged: { since: { sequence: 1, payloadSha256: "0".repeat(64) }, sections: ["resources"] },
    });
    expect(findingsOf([await fileOf(1, drift), partial, unchanged]).slice(1)).toEqual([[], []]);
  });

  it.each(["FAILED", "INCOMPLETE", "STOOD_DOWN", "SUSPENDED"])(
    "close nothing in a run that ended %s: it may not have looked",
    async (result) => {
      const drift = { resources: [{ key: key("vault", "nightly"), drift: "missing", differences: [] }] };
      expect(findingsOf([await fileOf(1, drift), await fileOf(2, { result })])[1]).toEqual([]);
    },
  );

  it("close an unprotected resource only where the whole population was read", async () => {
    const seen = await fileOf(1, { coverage: eventful["coverage"] });
    const cut = await fileOf(2, { coverage: { complete: false, population: 3, protected: 3, unprotected: [] } });
    const whole = await fileOf(3, { coverage: { complete: true, population: 12, protected: 12, unprotected: [] } });
    const [, second, third] = findingsOf([seen, cut, whole]);
    expect(second).toEqual([]);
    expect(third?.map(short)).toEqual([["no-recovery-point", 3, "Informational", 1]]);
  });
});
