import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

/**
 * Who may import whom, as code. A folder's row names what it may reach: folders of the controller (`aws/operation` is a file prefix),
 * packages by name, `node:` modules. `types` are packages and folders that may be reached by `import type` alone.
 */
interface Row {
  readonly may: readonly string[];
  readonly types?: readonly string[];
}

const PURE = ["zod", "@noble/hashes", "canonicalize"];
const ROWS: Readonly<Record<string, Row>> = {
  domain: { may: ["domain", "verifier/verification", ...PURE] },
  decide: { may: ["decide", "domain"] },
  concerns: { may: ["concerns", "domain"] },
  attest: {
    may: [
      "attest",
      "concerns",
      "domain",
      "verifier",
      "zod",
      "node:crypto",
      "node:zlib",
      "node:util",
      "node:stream",
      "node:buffer",
    ],
    types: ["ports"],
  },
  // The core of the verifier runs wherever an auditor is: nothing but its own folder. What Node or a browser has comes in by its adapters.
  verifier: { may: ["verifier"] },
  "verifier/node": { may: ["verifier", "node:crypto", "node:util", "node:zlib"] },
  "verifier/folder": { may: ["verifier", "node:fs", "node:path"] },
  "verifier/main": { may: ["verifier", "node:fs", "node:path", "node:util"] },
  "aws/operation": { may: ["domain"] },
  "aws/pages": { may: ["domain"] },
  "aws/backup-operations": { may: ["aws/operation", "@aws-sdk"] },
  "aws/services": { may: ["aws/services", "@aws-sdk"] },
  "aws/installation-operations": { may: ["aws/operation", "aws/services", "@aws-sdk"] },
  "aws/owner-operations": { may: ["aws/operation", "aws/services", "@aws-sdk"] },
  "owner-services": {
    may: ["owner-services", "domain", "aws/operation", "aws/owner-operations", "aws/pages"],
    types: ["@aws-sdk"],
  },
  kinds: {
    may: [
      "kinds",
      "domain",
      "owner-services",
      "aws/operation",
      "aws/pages",
      "aws/backup-operations",
      "aws/owner-operations",
      "zod",
      "croner",
      "fastest-levenshtein",
    ],
    types: ["@aws-sdk"],
  },
  load: {
    may: [
      "load",
      "domain",
      "kinds",
      "concerns/causes",
      "zod",
      "yaml",
      "fastest-levenshtein",
      "picomatch",
      "croner",
      "attest/sealing/envelope",
      "attest/sealing/keys",
      "attest/sealing/signature",
      "attest/sealing/signer",
    ],
    types: ["ports"],
  },
  observe: { may: ["observe", "domain", "p-limit"], types: ["ports", "kinds", "aws/operation"] },
  survey: {
    may: [
      "survey",
      "domain",
      "aws/operation",
      "aws/pages",
      "aws/backup-operations",
      "aws/owner-operations",
      "kinds/define-kind",
      "kinds/protectable",
      "kinds/protectable-listing",
      "kinds/protected-resource/population",
      "kinds/selection",
      "kinds/tagged",
      "p-limit",
    ],
    types: ["ports", "kinds", "@aws-sdk"],
  },
  doctor: {
    may: [
      "doctor",
      "domain",
      "aws/operation",
      "aws/pages",
      "aws/backup-operations",
      "aws/owner-operations",
      "aws/installation-operations",
      "aws/kms-signer",
      "aws/member-operations",
      "attest/sealing/keys",
      "kinds/define-kind",
      "load/load",
      "notices/post",
      "notices/secrets",
      "notices/signing",
      "settings",
      "work/lease-file",
      "work/open-runs",
      "p-limit",
      "zod",
    ],
    types: ["ports", "retention", "aws/secrets-operations"],
  },
  explain: {
    may: [
      "explain",
      "domain",
      "aws/operation",
      "aws/pages",
      "aws/backup-operations",
      "aws/owner-operations",
      "kinds",
      "owner-services",
      "observe",
      "p-limit",
    ],
    types: ["ports", "@aws-sdk"],
  },
  protection: { may: ["protection", "domain", "kinds/selection", "kinds/selection-state", "zod"] },
  apply: { may: ["apply", "domain", "observe", "p-limit"], types: ["ports", "kinds", "aws/operation"] },
  work: { may: ["work", "domain", "zod", "node:v8", "node:zlib", "node:util"], types: ["ports"] },
  events: { may: ["events", "domain", "zod"] },
  notices: {
    may: [
      "notices",
      "concerns/causes",
      "domain",
      "aws/notice-operations",
      "aws/secrets-operations",
      "zod",
      "standardwebhooks",
    ],
    types: ["ports", "aws/operation"],
  },
  rotation: { may: ["rotation", "domain", "aws/secrets-operations", "zod"], types: ["aws/operation"] },
  metrics: { may: ["metrics", "domain"], types: ["load/manifests/waiver", "ports"] },
  "memory.ts": { may: ["attest", "decide", "domain"], types: ["ports", "kinds"] },
  stages: {
    may: [
      "stages",
      "apply",
      "attest",
      "concerns",
      "decide",
      "domain",
      "kinds/index",
      "load",
      "memory",
      "observe",
      "survey",
      "protection",
      "aws/operation",
      "p-limit",
    ],
    types: ["ports"],
  },
  engines: { may: ["engines", "stages", "attest", "domain"], types: ["ports"] },
  "engines/inline": { may: ["engines", "stages", "apply"], types: ["ports", "attest"] },
  "engines/durable": {
    may: [
      "engines",
      "stages",
      "attest",
      "concerns",
      "decide",
      "domain",
      "kinds/index",
      "observe",
      "survey",
      "@aws/durable-execution-sdk-js",
      "p-limit",
      "zod",
    ],
    types: ["ports"],
  },
  "engines/forecast": { may: ["aws/pacing"], types: ["domain"] },
  "reconcile.ts": {
    may: ["attest/report", "engines/inline", "stages"],
    types: ["ports", "domain", "engines", "observe"],
  },
  // Composition: what the roots are handed, made of everything that reaches outside. No verb and no kind is made here.
  world: {
    may: ["world", "attest", "aws", "domain", "local", "notices", "settings", "work", "node:"],
    types: ["ports", "doctor"],
  },
  "ports.ts": { may: [], types: ["domain", "aws/operation"] },
  aws: {
    may: ["aws", "domain", "attest", "load/head", "@aws-sdk", "@smithy", "node:", "p-limit", "zod"],
    types: ["ports", "@aws-sdk", "@smithy"],
  },
  exports: {
    may: [
      "exports",
      "domain",
      "attest/attachments/packed-rows",
      "attest/sealing/envelope",
      "attest/git/git-objects",
      "attest/sealing/keys",
      "attest/chain/names",
      "attest/chain/refused",
      "csv-stringify",
      "zod",
    ],
  },
  local: { may: ["local", "domain", "attest", "node:", "tar-stream"], types: ["ports"] },
  views: { may: ["views", "domain", "zod", "picocolors"], types: ["ports"] },
  "views/page/browser": {
    may: ["views/page/browser", "views/visible", "verifier", "@observablehq/plot", "@noble/post-quantum"],
    types: ["views/page/data"],
  },
};

/** How AWS evaluates a selection: its rules and its words, and no kind's own. */
const AWS_OWN = new Set(["kinds/selection/evaluate.ts", "kinds/selection/verdict.ts"]);

const controller = fileURLToPath(new URL("../controller", import.meta.url));
const simulator = fileURLToPath(new URL("simulator", import.meta.url));

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

const filesOf = (root: string): readonly string[] =>
  readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .map((path) => path.replaceAll("\\", "/"));

const IMPORT = /^(?:import|export)\s+(type\s+)?(?:[\s\S]*?\sfrom\s+)?"([^"]+)";?$/gm;

/** An import at run time reaches as far as any other. */
const LATER = /\bimport\(\s*"([^"]+)"/g;

function importsOf(root: string, file: string): readonly Import[] {
  const text = readFileSync(join(root, file), "utf8");
  const found = (specifier: string, typeOnly: boolean): Import => ({
    from: file,
    to: specifier.startsWith(".")
      ? relative(root, join(root, dirname(file), specifier)).replaceAll("\\", "/")
      : specifier,
    typeOnly,
  });
  return [
    ...[...text.matchAll(IMPORT)].map(([, type, specifier = ""]) => found(specifier, type !== undefined)),
    ...[...text.matchAll(LATER)].map(([, specifier = ""]) => found(specifier, false)),
  ];
}

const rowOf = (file: string): string | undefined =>
  Object.keys(ROWS)
    .filter((prefix) => file === prefix || file.startsWith(`${prefix}/`) || file.startsWith(`${prefix}.`))
    .toSorted((a, b) => b.length - a.length)[0];

const reaches = (to: string, allowed: readonly string[]): boolean =>
  allowed.some(
    (one) =>
      to === one || to.startsWith(`${one}/`) || to.startsWith(`${one}.`) || (one.endsWith(":") && to.startsWith(one)),
  );

describe("who may import whom", () => {
  const all = filesOf(controller);

  it.each(Object.keys(ROWS))("%s keeps to its row", (name) => {
    const row = ROWS[name]!;
    const files = all.filter((file) => rowOf(file) === name);
    expect(files.length, `${name} is a row without a file: drop it, or mend its name`).toBeGreaterThan(0);
    const strayed = files
      .flatMap((file) => importsOf(controller, file))
      .filter(({ to, typeOnly }) => !reaches(to, row.may) && !(typeOnly && reaches(to, row.types ?? [])))
      .map(({ from, to }) => `${from} → ${to}`);
    expect(strayed).toEqual([]);
  });

  it("the verifier's core knows neither Node nor a browser: only its program does", () => {
    const adapters = new Set(["verifier/node.ts", "verifier/browser.ts", "verifier/folder.ts"]);
    const strayed = all
      .flatMap((file) => importsOf(controller, file))
      .filter(({ from, to }) => from.startsWith("verifier/") && from !== "verifier/main.ts" && adapters.has(to))
      .map(({ from, to }) => `${from} → ${to}`);
    expect(strayed).toEqual([]);
  });

  it("sign and verify never import each other: they meet in the data model", () => {
    const between = all
      .flatMap((file) => importsOf(controller, file))
      .filter(
        ({ from, to }) =>
          (from === "attest/sealing/sign.ts" &&
            (to === "attest/chain/verify.ts" || (to.startsWith("verifier/") && to !== "verifier/checks.ts"))) ||
          (from === "attest/chain/verify.ts" && to === "attest/sealing/sign.ts") ||
          (from.startsWith("verifier/") && to.startsWith("attest/")),
      );
    expect(between).toEqual([]);
  });

  it("kinds know no other kind, but for specs that a manifest puts together", () => {
    const folder = (path: string) => /^kinds\/([^/]+)\//.exec(path)?.[1];
    const strayed = all
      .flatMap((file) => importsOf(controller, file))
      .filter(({ from, to }) => folder(from) !== undefined && folder(to) !== undefined && folder(from) !== folder(to))
      .filter(({ to }) => !AWS_OWN.has(to))
      .map(({ from, to }) => `${from} → ${to}`);
    expect(strayed).toEqual([]);
  });

  it("the two roots never import each other", () => {
    const crossed = all
      .flatMap((file) => importsOf(controller, file))
      .filter(
        ({ from, to }) =>
          (from.startsWith("cli/") && to.startsWith("lambda/")) ||
          (from.startsWith("lambda/") && to.startsWith("cli/")),
      );
    expect(crossed).toEqual([]);
  });

  it("nothing but the edge sends to AWS: one .send in the controller", () => {
    const senders = all.filter((file) => /\.send\(/.test(readFileSync(join(controller, file), "utf8")));
    expect(
      senders.every((file) => file.startsWith("aws/")),
      senders.join(", "),
    ).toBe(true);
  });

  it("the clock is an argument: no verb, no kind and no word of the domain asks the time itself", () => {
    const tellers = all
      // A page tells its reader when it verified: it is a root, as the command line is.
      .filter((file) => !file.startsWith("views/page/browser/"))
      .filter(
        (file) =>
          /^(domain|decide|kinds|observe|apply|attest|load|metrics|views|exports|work)\//.test(file) ||
          file === "reconcile.ts",
      )
      .filter((file) =>
        /Date\.now\(|new Date\(\)|performance\.now\(|Math\.random\(/.test(readFileSync(join(controller, file), "utf8")),
      );
    expect(tellers).toEqual([]);
  });

  it("verbs name no kind", () => {
    const names = readdirSync(join(controller, "kinds"), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
    const quoted = new RegExp(`"(${names.join("|")})"`);
    const named = all
      .filter((file) => /^(observe|decide|apply|attest|work)\//.test(file) || file === "reconcile.ts")
      .filter((file) => quoted.test(readFileSync(join(controller, file), "utf8")));
    expect(named).toEqual([]);
  });
});

describe("the simulator", () => {
  it("imports none of our logic, lest it agree with our mistakes", () => {
    const strayed = filesOf(simulator)
      .flatMap((file) => importsOf(simulator, file))
      .filter(({ to }) => to.includes("controller/"))
      .map(({ from, to }) => `${from} → ${to}`);
    expect(strayed).toEqual([]);
  });
});
