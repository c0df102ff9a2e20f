import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { readAdvisories, type Advisories } from "../../scripts/audit/advisories.ts";
import { concluded } from "../../scripts/audit/conclusion.ts";
import { wrongLicences } from "../../scripts/audit/licences.ts";

/** As `npm audit --json` prints it (npm CLI 11), shortened. */
const report = (vulnerabilities: object) => ({
  auditReportVersion: 2,
  vulnerabilities,
  metadata: {
    vulnerabilities: { info: 0, low: 0, moderate: 0, high: 0, critical: 0, total: Object.keys(vulnerabilities).length },
    dependencies: { prod: 88, dev: 400, optional: 5, peer: 0, peerOptional: 0, total: 488 },
  },
});
const advisory = (severity: string) => ({
  source: 1,
  name: "tar-stream",
  title: "Path traversal",
  url: "https://github.com/advisories/GHSA-xxxx-xxxx-xxxx",
  severity,
  range: "<3.2.0",
});
const found = (severity: string, via: readonly unknown[] = [advisory(severity)]) => ({
  name: "tar-stream",
  severity,
  isDirect: true,
  via,
  effects: [],
  range: "<3.2.0",
  nodes: ["node_modules/tar-stream"],
  fixAvailable: true,
});
const read = (value: unknown) => readAdvisories(JSON.stringify(value));
const conclude = (advisories: Advisories, required?: string, licences: readonly string[] = []) =>
  concluded({ advisories, required, licences });

describe("what the registry knows of vulnerabilities", () => {
  it.each(["high", "critical"])(
    "fails the check at level %s, with what is known and where to read of it",
    (severity) => {
      expect(conclude(read(report({ "tar-stream": found(severity) })))).toEqual({
        lines: [
          `vulnerability: tar-stream <3.2.0: ${severity}: Path traversal (https://github.com/advisories/GHSA-xxxx-xxxx-xxxx)`,
          "88 production dependencies audited: 1 with vulnerabilities of level high or above, 0 with lesser ones",
        ],
        failed: true,
      });
    },
  );

  it("names the dependency by way of which a package is on the list", () => {
    expect(read(report({ parent: found("high", ["tar-stream"]) }))).toMatchObject({
      known: ["parent <3.2.0: high: by way of tar-stream"],
    });
  });

  it("is counted and passes below", () => {
    expect(conclude(read(report({ a: found("moderate"), b: found("low") })))).toEqual({
      lines: ["88 production dependencies audited: 0 with vulnerabilities of level high or above, 2 with lesser ones"],
      failed: false,
    });
  });
});

describe("an audit that did not happen", () => {
  const refused = JSON.stringify({ message: "405 Method Not Allowed - POST /-/npm/v1/security/advisories/bulk" });

  it.each([
    ["a registry that offers none", refused, "405 Method Not Allowed"],
    ["npm that printed nothing", "", "npm audit printed no report"],
    ["npm that printed something else", "ERR!", "npm audit printed no report"],
    ["a report of another version", JSON.stringify({ ...report({}), auditReportVersion: 3 }), "printed no report"],
  ])("is not taken for a clean one: %s", (_case, printed, because) => {
    const advisories = readAdvisories(printed);
    expect(advisories).toMatchObject({ is: "not-audited", because: expect.stringContaining(because) });
    expect(conclude(advisories)).toMatchObject({ failed: false, lines: [expect.stringMatching(/^NOT AUDITED/)] });
    expect(conclude(advisories, "required")).toMatchObject({
      failed: true,
      lines: [expect.stringMatching(/^NOT AUDITED/)],
    });
  });

  it("is not let pass by a word that was misspelt", () => {
    expect(conclude(readAdvisories(refused), "require")).toEqual({
      lines: ["HOLDFAST_AUDIT is require: say required, or leave it out"],
      failed: true,
    });
  });
});

describe("the licences of what is shipped", () => {
  const lock = (packages: object) => ({ packages: { "": { license: "Apache-2.0" }, ...packages } });

  it("are permissive", () => {
    const file = fileURLToPath(new URL("../../package-lock.json", import.meta.url));
    expect(wrongLicences(JSON.parse(readFileSync(file, "utf8")))).toEqual([]);
  });

  it.each([
    [
      "AGPL-3.0-or-later",
      { license: "AGPL-3.0-or-later" },
      "iam@1.0.0 has AGPL-3.0-or-later, which nobody has reviewed",
    ],
    [
      "an expression nobody read",
      { license: "(MIT OR GPL-2.0)" },
      "iam@1.0.0 has (MIT OR GPL-2.0), which nobody has reviewed",
    ],
    ["none at all", {}, "iam@1.0.0 has no licence, which nobody has reviewed"],
  ])("are refused: %s", (_case, licence, wrong) => {
    const packages = { "node_modules/a/node_modules/iam": { version: "1.0.0", ...licence } };
    expect(wrongLicences(lock(packages), {})).toEqual([wrong]);
    expect(conclude(read(report({})), undefined, [wrong])).toMatchObject({
      failed: true,
      lines: [`licence: ${wrong}`, expect.any(String)],
    });
  });

  it("are nobody's concern in the workshop", () => {
    expect(
      wrongLicences(lock({ "node_modules/iam": { version: "1.0.0", dev: true, license: "AGPL-3.0" } }), {}),
    ).toEqual([]);
  });

  it("may be reviewed, version by version, for as long as the package is there", () => {
    const reviewed = { "iam@1.0.0": "read" };
    expect(wrongLicences(lock({ "node_modules/iam": { version: "1.0.0" } }), reviewed)).toEqual([]);
    expect(wrongLicences(lock({ "node_modules/iam": { version: "1.0.1" } }), reviewed)).toEqual([
      "iam@1.0.0 was reviewed and is not there any more: take it off the list in scripts/audit/licences.ts",
      "iam@1.0.1 has no licence, which nobody has reviewed",
    ]);
  });
});
