import { existsSync, readdirSync, readFileSync } from "node:fs";
import { readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runInThisContext } from "node:vm";
import { ServiceException } from "@smithy/core/client";
import { NormalizedSchema } from "@smithy/core/schema";
import type { ImportKind } from "esbuild";
import { describe, expect, it } from "vitest";
import * as backup from "../../controller/aws/backup-operations.ts";
import * as credentials from "../../controller/aws/credentials.ts";
import * as fleet from "../../controller/aws/fleet.ts";
import * as signer from "../../controller/aws/kms-signer.ts";
import type { AnyOperation } from "../../controller/aws/operation.ts";
import * as organizations from "../../controller/aws/organizations.ts";
import * as owners from "../../controller/aws/owner-operations.ts";
import * as store from "../../controller/aws/s3-store.ts";
import { VERSION } from "../../controller/version.ts";
import { overweight, showWeight, weigh, workerBudget } from "../../scripts/bundle/budget.ts";
import { compact } from "../../scripts/bundle/compact-errors.ts";
import { faults } from "../../scripts/bundle/fault.ts";
import { bundleNpmPackage } from "../../scripts/bundle/npm-package.ts";
import { provePacking, proveProgram, proveWorker } from "../../scripts/bundle/proof.ts";
import { markPure } from "../../scripts/bundle/pure-schemas.ts";
import { bundleWorker, WORKER_ENTRIES, WORKER_NAMES } from "../../scripts/bundle/worker.ts";
import { temporaryFolder } from "./temporary-folder.ts";

type Fixture = typeof import("./fixtures/handler.ts");

const root = fileURLToPath(new URL("../..", import.meta.url));
const inPackage = (name: string, path: string) => readFileSync(join(root, "node_modules", name, path), "utf8");
const versionOf = (name: string) =>
  (JSON.parse(inPackage(name, "package.json")) as { readonly version: string }).version;

/** Every client of a service that the controller has. */
const clients = Object.keys(
  (JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { readonly dependencies: object }).dependencies,
).filter((name) => name.startsWith("@aws-sdk/client-"));

describe("what is deployed", async () => {
  const built = await bundleWorker({ root, outdir: temporaryFolder() });

  it.each(WORKER_NAMES)("keeps to its budgets: %s", (entry) => {
    expect(overweight(weigh(built, WORKER_ENTRIES[entry]), workerBudget(entry))).toEqual([]);
  });

  it("has each package once", () => {
    expect(weigh(built, WORKER_ENTRIES.handler).repeated).toEqual([]);
  });

  it("has the services that only some runs ask in files of their own", () => {
    const apart = Object.values(built.outputs).flatMap(({ entryPoint = "" }) => entryPoint);
    const files = readdirSync(join(root, "controller/aws/services")).filter((file) => file !== "index.ts");
    // Those that the command line alone asks are not in it.
    const services = files.map((file) => `controller/aws/services/${file}`).filter((file) => file in built.inputs);
    expect(services.length).toBeGreaterThan(8);
    expect(apart).toEqual(expect.arrayContaining(services));
  });
});

describe("the worker's bundle", async () => {
  const outdir = temporaryFolder();
  const entry = "test/infra/fixtures/handler.ts";
  const built = await bundleWorker({ root, entries: { handler: entry }, outdir });
  const inputs = Object.keys(built.inputs);

  it("loads by itself, far from the packages it was made of", async () => {
    await expect(proveWorker(outdir, "handler")).resolves.toBeUndefined();
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
    expect(seen).toEqual(["GET /backup-vaults", `aws-sdk-js/${versionOf("@aws-sdk/client-backup")}`]);
    const text = await readFile(join(outdir, "handler.mjs"), "utf8");
    expect(text).not.toContain("CreateRestoreTestingPlan");
  });

  it("makes the errors it kept, of one factory", async () => {
    const { refused } = (await import(join(outdir, "handler.mjs"))) as Fixture;
    const error = (await refused()) as Error;
    const name = "ResourceNotFoundException";
    expect(error).toMatchObject({ name, $fault: "client", message: "gone", Context: "here" });
    expect(error.constructor.name).toBe(name);
  });

  it("is weighed with all its chunks, heaviest part first", () => {
    const weight = weigh(built, entry);
    const chunks = Object.values(built.outputs).map(({ bytes }) => bytes);
    expect(weight.total).toBe(chunks.reduce((sum, bytes) => sum + bytes));
    expect(chunks.length).toBeGreaterThan(1);
    const [first, second] = weight.heaviest;
    expect(first?.bytes).toBeGreaterThanOrEqual(second?.bytes ?? Infinity);
    expect(showWeight("dist/worker", weight, { always: 900_000, total: 1_100_000 })).toMatch(
      /^dist\/worker:\n +[\d,]+ {2}bytes in every run, of 900,000\n +[\d,]+ {2}bytes in all, of 1,100,000\n/,
    );
  });

  it("weighs in every run what its entry imports, and in all what is imported later as well", () => {
    const output = (bytes: number, ...imports: readonly (readonly [path: string, kind: ImportKind])[]) => ({
      bytes,
      inputs: {},
      exports: [],
      imports: imports.map(([path, kind]) => ({ path, kind })),
    });
    const outputs = {
      "handler.mjs": {
        ...output(1, ["shared.mjs", "import-statement"], ["later.mjs", "dynamic-import"]),
        entryPoint: "handler.ts",
      },
      "shared.mjs": output(10, ["deeper.mjs", "import-statement"], ["node:fs", "import-statement"]),
      "deeper.mjs": output(100, ["shared.mjs", "import-statement"]),
      "later.mjs": { ...output(1000, ["deeper.mjs", "import-statement"]), entryPoint: "later.ts" },
    };
    expect(weigh({ inputs: {}, outputs }, "handler.ts")).toMatchObject({ always: 111, total: 1111 });
  });

  it("says what is over which budget", () => {
    const budget = { always: 900_000, total: 1_100_000 };
    expect(overweight(budget, budget)).toEqual([]);
    expect(overweight({ always: 900_001, total: 2_100_000 }, budget)).toEqual([
      "what every run loads is over budget by 1 bytes",
      "what all runs load together is over budget by 1,000,000 bytes",
    ]);
  });

  it("names packages that are in it in two versions", () => {
    const input = { bytes: 1, imports: [] };
    const inputs = {
      "node_modules/a/x.js": input,
      "node_modules/b/node_modules/a/x.js": input,
      "node_modules/b/y.js": input,
    };
    expect(weigh({ inputs, outputs: {} }, entry).repeated).toEqual(["a"]);
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

describe("error classes made by one factory", () => {
  const errorsOf = (name: string) => inPackage(name, "dist-es/models/errors.js");
  const withErrors = clients.filter((name) => existsSync(join(root, "node_modules", name, "dist-es/models/errors.js")));

  it.each(withErrors)("are those that %s generates", (name) => {
    class Base extends ServiceException {}
    const original = run(errorsOf(name), Base);
    const compacted = run(compact(errorsOf(name), "fault.ts"), Base);
    expect(Object.keys(compacted)).toEqual(Object.keys(original));
    for (const [error, Original] of Object.entries(original)) {
      const Compacted = compacted[error]!;
      expect(looks(Compacted, Base)).toEqual(looks(Original, Base));
      expect(Compacted.name).toBe(error);
      const [one, other] = [new Compacted(OPTIONS), new Original(OPTIONS)];
      expect([one instanceof Compacted, one instanceof Original, other instanceof Compacted]).toEqual([
        true,
        true,
        true,
      ]);
    }
  });

  it("are every one of them: the SDK has not changed how it generates them", () => {
    const all = withErrors.map(errorsOf).join("\n");
    expect(all.match(/^export class/gm)?.length).toBeGreaterThan(500);
    expect(withErrors.filter((name) => compact(errorsOf(name), "fault.ts").includes("class "))).toEqual([]);
  });

  it("are left alone where they are written otherwise", () => {
    const otherwise = errorsOf("@aws-sdk/client-sts").replaceAll("super({", "super({ $retryable: {},");
    expect(compact(otherwise, "fault.ts")).toContain(otherwise);
  });

  it("are told from each other, and from what is no error of theirs", () => {
    class Base extends ServiceException {}
    const { DBInstanceNotFoundFault, DBClusterNotFoundFault } = run(compact(errorsOf("@aws-sdk/client-rds"), ""), Base);
    const error = new DBInstanceNotFoundFault!(OPTIONS);
    expect(error).not.toBeInstanceOf(DBClusterNotFoundFault!);
    expect(new Error("x")).not.toBeInstanceOf(DBInstanceNotFoundFault!);
    expect(Object.prototype.toString.call(error)).toBe("[object Error]");
  });
});

type ErrorClass = new (options: object) => Error;
/** Every member that any error of any client has, and what every error has. */
const OPTIONS = new Proxy<object>(
  { message: "m", $metadata: { requestId: "r-1" }, name: "unheard" },
  {
    get: (known, member) => (Reflect.get(known, member) as unknown) ?? `the ${String(member)}`,
  },
);

/** What a module of error classes exports. */
function run(module: string, Base: typeof ServiceException): Readonly<Record<string, ErrorClass>> {
  const names = [...module.matchAll(/^export (?:class|const) (\w+)/gm)].map(([, name]) => name);
  const body = module.replaceAll(/^import .*$/gm, "").replaceAll(/^export /gm, "");
  const made = runInThisContext(`(__BaseException, faults) => { ${body}; return { ${names.join()} }; }`) as (
    Base: typeof ServiceException,
    makers: typeof faults,
  ) => Readonly<Record<string, ErrorClass>>;
  return made(Base, faults);
}

/** All there is to see of a class and of an error of it. */
function looks(Class: ErrorClass, Base: object) {
  const error = new Class(OPTIONS);
  const { stack: _, ...own } = Object.getOwnPropertyDescriptors(error);
  const parents = [Class.prototype, Object.getPrototypeOf(Class.prototype), Object.getPrototypeOf(Class)] as const;
  return {
    own: Object.entries(own),
    text: String(error),
    json: JSON.stringify(error),
    isOfClass: Object.getPrototypeOf(error) === parents[0] && error.constructor === Class,
    isOfBase: parents[1] === (Base as ErrorClass).prototype && parents[2] === Base,
    name: Class.name,
    length: Class.length,
  };
}

describe("what is left out", () => {
  const operations = [backup, credentials, fleet, organizations, owners, signer, store]
    .flatMap((module): readonly unknown[] => Object.values(module))
    .filter((value): value is AnyOperation => typeof value === "object" && value !== null && "command" in value);

  it.each(operations)("streams of events: $name has none", async (operation) => {
    const Command = await operation.command();
    const { schema } = new Command({}) as unknown as {
      readonly schema: readonly [...unknown[], input: never, output: never];
    };
    for (const shape of schema.slice(-2) as never[]) expect(NormalizedSchema.of(shape).getEventStreamMember()).toBe("");
  });

  it("JSON Schemas: the controller writes none", () => {
    const controller = join(root, "controller");
    const asking = readdirSync(controller, { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".ts"))
      .filter((path) => /JSONSchema\(|~standard/.test(readFileSync(join(controller, path), "utf8")));
    expect(asking).toEqual([]);
  });

  it("writing YAML: what is loaded in a run draws values from nodes, and converts no whole document", () => {
    const load = join(root, "controller/load");
    const asking = readdirSync(load, { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".ts"))
      .filter((path) =>
        /\.toJS\(|\.toJSON\(|\bstringify\b.*from "yaml"|createNode|new (YAMLMap|YAMLSeq|Pair)/.test(
          readFileSync(join(load, path), "utf8"),
        ),
      );
    expect(asking).toEqual([]);
  });

  it.each(clients)("all of %s's package.json that it does not read", (name) => {
    const uses = inPackage(name, "dist-es/runtimeConfig.js").match(/packageInfo(?! from)[.\w]*/g);
    expect(uses).toEqual(["packageInfo.version"]);
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

  it("packs evidence with the verifiers that lie beside it, and not without them", async () => {
    const chain = join(root, "test/golden/chains/v0");
    await expect(provePacking(outdir, chain)).resolves.toBeUndefined();
    await rename(join(outdir, "verifier"), join(outdir, "elsewhere"));
    await expect(provePacking(outdir, chain)).rejects.toThrow(/ENOENT.*verif/);
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
