import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { VERSION } from "../../controller/version.ts";
import { showWeight, weigh } from "../../scripts/bundle/budget.ts";
import { bundleNpmPackage } from "../../scripts/bundle/npm-package.ts";
import { proveProgram, proveWorker } from "../../scripts/bundle/proof.ts";
import { markPure } from "../../scripts/bundle/pure-schemas.ts";
import { bundleWorker } from "../../scripts/bundle/worker.ts";
import { temporaryFolder } from "./temporary-folder.ts";

type Fixture = typeof import("./fixtures/handler.ts");

const root = fileURLToPath(new URL("../..", import.meta.url));

describe("the worker's bundle", async () => {
  const outdir = temporaryFolder();
  const built = await bundleWorker({ root, entry: "test/infra/fixtures/handler.ts", outdir });
  const inputs = Object.keys(built.inputs);

  it("loads by itself, far from the packages it was made of", async () => {
    await expect(proveWorker(outdir)).resolves.toBeUndefined();
  });

  it("takes credentials from the environment, and none of the SDK's other ways to find them", async () => {
    expect(inputs).toContain("controller/aws/environment-credentials.ts");
    expect(inputs.filter((path) => /credential-provider-(ini|sso|process|login|http|web-identity)/.test(path))).toEqual(
      [],
    );
  });

  it("leaves out what no call of ours needs, and still makes the calls it kept", async () => {
    const { handler } = (await import(join(outdir, "handler.mjs"))) as Fixture;
    const seen: string[] = [];
    await expect(handler(seen)).resolves.toBe("nightly");
    expect(seen).toEqual(["GET /backup-vaults"]);
    const text = await readFile(join(outdir, "handler.mjs"), "utf8");
    expect(text).not.toContain("CreateRestoreTestingPlan");
  });

  it("is weighed with all its chunks, heaviest part first", () => {
    const weight = weigh(built);
    const chunks = Object.values(built.outputs).map(({ bytes }) => bytes);
    expect(weight.total).toBe(chunks.reduce((sum, bytes) => sum + bytes));
    expect(chunks.length).toBeGreaterThan(1);
    const [first, second] = weight.heaviest;
    expect(first?.bytes).toBeGreaterThanOrEqual(second?.bytes ?? Infinity);
    expect(showWeight("dist/worker", weight, 900_000)).toMatch(/^dist\/worker: [\d,]+ bytes of 900,000\n/);
  });

  it("names packages that are in it in two versions", () => {
    const input = { bytes: 1, imports: [] };
    const inputs = {
      "node_modules/a/x.js": input,
      "node_modules/b/node_modules/a/x.js": input,
      "node_modules/b/y.js": input,
    };
    expect(weigh({ inputs, outputs: {} }).repeated).toEqual(["a"]);
  });
});

describe("schemas called pure", () => {
  it("are the same schemas", () => {
    const source =
      'export var Vault$ = [3, n0, _V,\n    { [_h]: ["GET", "/a];b"] },\n    [0]\n];\nvar List = [1, n0];\nregister(Vault$);\n';
    expect(markPure(source)).toBe(
      'export var Vault$ = /* @__PURE__ */ (() => [3, n0, _V,\n    { [_h]: ["GET", "/a];b"] },\n    [0]\n])();\nvar List = /* @__PURE__ */ (() => [1, n0])();\nregister(Vault$);\n',
    );
  });

  it("are still written as the plugin expects: the SDK has not changed how it generates them", async () => {
    const file = new URL("../../node_modules/@aws-sdk/client-backup/dist-es/schemas/schemas_0.js", import.meta.url);
    const source = await readFile(file, "utf8");
    const marked = markPure(source).match(/@__PURE__/g)?.length ?? 0;
    expect(marked).toBe(source.match(/^(export )?var [\w$]+ = \[/gm)?.length);
    expect(marked).toBeGreaterThan(400);
  });
});

describe("the published package", async () => {
  const outdir = temporaryFolder();
  const manifest = { name: "holdfast", version: VERSION, description: "GitOps for AWS Backup.", license: "Apache-2.0" };
  const entry = "controller/cli/main.ts";
  await bundleNpmPackage({ root, entry, outdir, documents: ["LICENSE"], manifest });

  it("runs with nothing installed beside it", async () => {
    await expect(proveProgram(outdir, VERSION)).resolves.toBeUndefined();
    await expect(proveProgram(outdir, "9.9.9")).rejects.toThrow(`says it is ${VERSION}`);
  });

  it("says what it is, and nothing of the workshop", async () => {
    expect(JSON.parse(await readFile(join(outdir, "package.json"), "utf8"))).toEqual({
      ...manifest,
      type: "module",
      bin: { holdfast: "holdfast.mjs" },
      engines: { node: ">=24" },
    });
    await expect(readFile(join(outdir, "LICENSE"), "utf8")).resolves.toContain("Apache License");
  });
});
