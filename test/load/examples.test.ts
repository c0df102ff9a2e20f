import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { load, validate } from "../../controller/load/load.ts";
import { SMALLEST_FLEET } from "../../controller/load/manifests/fleet.ts";
import { consentKinds, manifestKinds } from "../../controller/load/manifests/registry.ts";
import { showProblem } from "../../controller/load/problems.ts";
import { generateManifestDocs } from "../../scripts/generate/manifests.ts";
import { NOW, organization, REVISION } from "./support.ts";

const root = fileURLToPath(new URL("../../desired-state/", import.meta.url));
const examples = readdirSync(join(root, "examples")).map((situation) => ({
  situation,
  files: readdirSync(join(root, "examples", situation)).map((name) => ({
    path: `${situation}/${name}`,
    text: readFileSync(join(root, "examples", situation, name), "utf8"),
  })),
}));

const generated = await generateManifestDocs();
const schema: object = JSON.parse(generated.get("desired-state/schema.json") ?? "null");
const fits: ValidateFunction = new Ajv2020({
  allErrors: true,
  strict: true,
  allowUnionTypes: true,
  formats: { date: true, "date-time": true },
}).compile(schema);

/** Documents as an editor sees them: YAML's own idea of the types, account ids as numbers and all. */
const documents = (text: string): readonly unknown[] => parseAllDocuments(text).map((one): unknown => one.toJS());
const misfits = (document: unknown) => (fits(document) ? [] : (fits.errors ?? []));

describe("the examples", () => {
  it.each(examples)("$situation has nothing to complain of, and tells its story", ({ files }) => {
    expect(validate(files).map(showProblem)).toEqual([]);
    expect(files.some(({ path, text }) => path.endsWith("/README.md") && text.startsWith("# "))).toBe(true);
  });

  it.each(examples)("$situation is loaded, with resources in every account of its fleet", async ({ files }) => {
    const desired = await load({ revision: REVISION, files }, organization(), NOW);
    expect(desired.warnings.map(showProblem)).toEqual([]);
    const accounts = new Set(desired.resources.map(({ key }) => key.target.account));
    expect(accounts).toEqual(new Set(desired.fleet.targets.map(({ account }) => account)));
  });

  it.each(examples.flatMap(({ files }) => files).filter(({ path }) => path.endsWith(".yaml")))(
    "$path fits the schema that editors use",
    ({ text }) => {
      for (const document of documents(text)) expect(misfits(document)).toEqual([]);
    },
  );

  it("production-fleet comes to what the demo shows", async () => {
    const { files = [] } = examples.find(({ situation }) => situation === "production-fleet") ?? {};
    const { resources, rules, fleet } = await load({ revision: REVISION, files }, organization(), NOW);
    const counts = Object.fromEntries(
      Map.groupBy(resources, ({ key }) => key.kind)
        .entries()
        .map(([kind, all]) => [kind, all.length]),
    );
    expect({ ...counts, rules: rules.length, targets: fleet.targets.length }).toEqual({
      vault: 6,
      "vault-lock": 2,
      "vault-policy": 6,
      "vault-notifications": 6,
      plan: 10,
      selection: 10,
      rules: 2,
      targets: 6,
    });
  });
});

/** Whole manifests in a text's fenced blocks, wherever they are indented to. */
const manifestsIn = (markdown: string): readonly string[] =>
  [...markdown.matchAll(/^( *)```yaml\n([\s\S]*?)^ *```$/gm)]
    .map(([, indent = "", text = ""]) => text.replaceAll(new RegExp(`^${indent}`, "gm"), ""))
    .filter((text) => text.startsWith("apiVersion:"));

describe("the clean-up of orphans", () => {
  const { files = [] } = examples.find(({ situation }) => situation === "orphan-clean-up") ?? {};
  const told = manifestsIn(files.find(({ path }) => path.endsWith("README.md"))?.text ?? "");
  const whole = [...files, ...told.map((text, index) => ({ path: `told-${index}.yaml`, text }))];

  it("tells of an approval and a waiver that fit what it declares", async () => {
    const inTime = new Date("2027-01-10T12:00:00Z");
    const { approvals, waivers, warnings } = await load({ revision: REVISION, files: whole }, organization(), inTime);
    expect(warnings.map(showProblem)).toEqual([]);
    expect([approvals, waivers].map((all) => all.map(({ name }) => name))).toEqual([["clean-up"], ["old-shop-audit"]]);
    for (const text of told) expect(misfits(documents(text)[0])).toEqual([]);
  });
});

describe("the schema for editors", () => {
  const smallest = [SMALLEST_FLEET, ...[...manifestKinds, ...consentKinds].map((kind) => kind.smallest)];

  it("takes the smallest manifest of each kind, which together are a desired state", () => {
    for (const text of smallest) expect(misfits(documents(text)[0])).toEqual([]);
    const problems = validate([{ path: "all.yaml", text: smallest.join("---\n") }]);
    expect(problems.filter(({ severity }) => severity === "error")).toEqual([]);
  });

  it.each([
    ["an unknown kind", { kind: "BackupVualt" }],
    ["an unknown field", { spec: { targets: { groups: ["all"] }, colour: "red" } }],
    ["no targets", { spec: {} }],
    ["a wrong type", { spec: { targets: { groups: ["all"] }, lock: { mode: "governance", minRetentionDays: "7" } } }],
    ["a wrong name", { metadata: { name: "my vault" } }],
  ])("refuses %s", (_, wrong) => {
    const right = {
      apiVersion: "holdfast/v1",
      kind: "BackupVault",
      metadata: { name: "nightly" },
      spec: { targets: { groups: ["all"] } },
    };
    expect(misfits(right)).toEqual([]);
    expect(misfits({ ...right, ...wrong })).not.toEqual([]);
  });

  /** For each kind, what its fields may and may not hold, as far as one field shows it. */
  const SAYINGS: Readonly<Record<string, Readonly<Record<string, readonly unknown[]>>>> = {
    Approval: {
      changes: [["mbs5kq2ad7xe"], ["mbs5kq2ad7x1"], [], "mbs5kq2ad7xe"],
      groups: [[{ id: `g${"a".repeat(24)}`, report: 1 }], [{ id: `g${"a".repeat(24)}`, report: 0 }], [{ id: "g" }]],
      standing: [
        [{ policy: "weeks", cause: "expired" }],
        [{ policy: "weeks", cause: "tooLong" }],
        [{ policy: "weeks" }],
      ],
      lastPoints: [["arn:aws:ec2:eu-west-1::snapshot/snap-1"], ["arn:aws:ec2:eu-west-1::snapshot/*"]],
      reason: ["agreed", "", 7],
      ticket: ["OPS-1", ""],
      expires: ["2027-01-31", "2027-01-31T18:00:00+01:00", "2027-02-30", "2027-01-31T18:00", "soon"],
    },
    Waiver: {
      owner: ["us", ""],
      reason: ["known", null],
      expires: ["2028-02-29", "2027-02-29"],
      findings: [
        { vaults: ["a*"] },
        { causes: ["expired"], regions: ["eu-west-1"] },
        { causes: ["old"] },
        { colour: 1 },
      ],
      expectUnreachable: [{ accounts: ["012345678901"] }, { accounts: [] }, {}],
    },
    RecoveryPointPolicy: {
      targets: [{ groups: ["all"] }, { groups: ["All"] }],
      match: [{}, { vaults: ["a-*"] }, { vaults: [] }],
      retention: [{ atLeastDays: 35, atMostDays: 40 }, { atLeastDays: 0 }, {}],
      orphans: [{ when: ["expired"] }, { when: [] }, { action: "tag" }, { when: ["planDeleted"], grace: "14 days" }],
      copies: [
        [{ to: { account: "111122223333", region: "eu-west-1", vault: "far" }, since: "2027-01-31T18:00:00Z" }],
        [{ to: { account: "1111", region: "eu-west-1", vault: "far" } }],
        [{ to: { account: "111122223333", region: "eu-west-1" }, backfill: "some" }],
      ],
      encryption: [{ required: true }, { required: false }, { keys: ["alias/a"] }, { keys: ["a"] }],
      tags: [{ owner: "us" }, { owner: 7 }, { "holdfast:keep": "x" }],
      placement: ["asPlanned", "anywhere"],
    },
  };

  it.each([...manifestKinds, ...consentKinds].filter(({ kind }) => kind in SAYINGS))(
    "takes of a $kind what the loader takes, and nothing else",
    ({ kind, spec: schema }) => {
      const fields = Object.entries(SAYINGS[kind] ?? {}).map(([name, values]) => [name, fc.constantFrom(...values)]);
      const saying = fc.record(Object.fromEntries(fields) as Record<string, fc.Arbitrary<unknown>>, {
        requiredKeys: [],
      });
      fc.assert(
        fc.property(saying, (spec) => {
          const document = { apiVersion: "holdfast/v1", kind, metadata: { name: "it" }, spec };
          expect(misfits(document).length === 0).toBe(schema.safeParse(spec).success);
        }),
        { numRuns: 500 },
      );
    },
  );

  it("lets variables stand where a pattern does", () => {
    const vault = (encryptionKey: string) => ({
      apiVersion: "holdfast/v1",
      kind: "BackupVault",
      metadata: { name: "nightly" },
      spec: { targets: { accounts: [111122223333] }, encryptionKey },
    });
    expect(misfits(vault("arn:${partition}:kms:${region}:${account}:key/abc"))).toEqual([]);
    expect(misfits(vault("my key"))).not.toEqual([]);
  });
});

describe("the manual", () => {
  const manual = readFileSync(join(root, "README.md"), "utf8");
  const block = (language: string): string =>
    new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(manual)?.[1] ?? "";

  it("begins with a desired state that is one", async () => {
    const files = [{ path: "all.yaml", text: block("yaml") }];
    expect(validate(files).map(showProblem)).toEqual([]);
    const { resources } = await load({ revision: REVISION, files }, organization(), NOW);
    expect(resources.map(({ key }) => key.kind)).toEqual(["plan", "selection", "vault"]);
  });

  it("tells of manifests that go with it", () => {
    const told = manifestsIn(manual);
    const kinds = told.slice(1).map((text) => /^kind: (.*)$/m.exec(text)?.[1]);
    expect(kinds).toEqual(["CoveragePolicy", "RecoveryPointPolicy", "RegionSettings", "Approval", "Waiver"]);
    expect(validate([{ path: "all.yaml", text: told.join("---\n") }]).map(showProblem)).toEqual([]);
    for (const text of told.slice(1)) expect(misfits(documents(text)[0])).toEqual([]);
  });

  it("shows problems as they are shown", () => {
    const fleet = { path: "fleet.yaml", text: SMALLEST_FLEET };
    const vaults = {
      path: "vaults.yaml",
      text: "apiVersion: holdfast/v1\nkind: BackupVault\nmetadata: { name: nightly }\nspec:\n  targets: { groups: [everywhere] }\n  encryptionkey: alias/backup\n",
    };
    const plans = {
      path: "plans.yaml",
      text: "apiVersion: holdfast/v1\nkind: BackupPlan\nmetadata: { name: nightly }\nspec:\n  targets: { groups: [everywhere] }\n  rules:\n    - ruleName: daily\n      targetBackupVaultName: nightly\n      enableContinuousBackup: true\n      lifecycle: { deleteAfterDays: 40 }\n",
    };
    const shown = [vaults, plans].flatMap((file) => validate([fleet, file])).map(showProblem);
    expect(`${shown.join("\n")}\n`).toBe(block("text"));
  });

  it("names every kind", () => {
    for (const { kind } of [...manifestKinds, ...consentKinds]) expect(manual).toContain(`\`${kind}\``);
  });
});

it.each([...generated])("%s is committed as it would be generated", (path, content) =>
  expect(readFileSync(join(root, "..", path), "utf8")).toBe(content),
);
