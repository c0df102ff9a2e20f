import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { load, validate } from "../../controller/load/load.ts";
import { SMALLEST_FLEET } from "../../controller/load/manifests/fleet.ts";
import { manifestKinds } from "../../controller/load/manifests/registry.ts";
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
  formats: { date: true },
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

describe("the schema for editors", () => {
  const smallest = [SMALLEST_FLEET, ...manifestKinds.map((kind) => kind.smallest)];

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
    for (const { kind } of manifestKinds) expect(manual).toContain(`\`${kind}\``);
  });
});

it.each([...generated])("%s is committed as it would be generated", (path, content) =>
  expect(readFileSync(join(root, "..", path), "utf8")).toBe(content),
);
