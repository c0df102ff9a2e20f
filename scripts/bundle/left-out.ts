import { readFile } from "node:fs/promises";
import type { Plugin } from "esbuild";

/** What stands in a module's place. Code that imports from it what does not stand here fails the build. */
interface Substitute {
  readonly filter: RegExp;
  readonly contents: (path: string) => string | Promise<string>;
  readonly loader: "js" | "json";
}

/** A hash written out in JavaScript, for a Node that was built without hashes. Lambda's is not. */
const scriptedHash = (name: string): Substitute => ({
  filter: new RegExp(String.raw`[\\/]dist-es[\\/]submodules[\\/](.*[\\/])?${name}\.js$`),
  contents: () => `export class ${name} { constructor() { throw new Error("this Node has no hash functions"); } }`,
  loader: "js",
});

const SUBSTITUTES: readonly Substitute[] = [
  scriptedHash("Sha1Js"),
  scriptedHash("Sha256Js"),
  {
    // S3 prepares for SelectObjectContent at every start. No operation of ours streams events.
    filter: /[\\/]@smithy[\\/]core[\\/]dist-es[\\/]submodules[\\/]event-streams[\\/]index\.js$/,
    contents: () => `
      export const resolveEventStreamSerdeConfig = (configuration) => configuration;
      export const eventStreamSerdeProvider = () => { throw new Error("event streams are not in this bundle"); };
      export class EventStreamSerde { constructor() { eventStreamSerdeProvider(); } }`,
    loader: "js",
  },
  {
    // Every schema can write itself down as JSON Schema, which editors and the reference are drawn from: nothing in a run asks.
    filter: /[\\/]zod[\\/]v4[\\/]core[\\/](to-json-schema|json-schema-processors)\.js$/,
    contents: async (path) => refusing(await readFile(path, "utf8"), "JSON Schemas are not in this bundle"),
    loader: "js",
  },
  {
    // Manifests are read, and their values drawn from the nodes one by one (load/yaml.ts): nothing is written as YAML, nor any key that is a map.
    filter: /[\\/]yaml[\\/]browser[\\/]dist[\\/]stringify[\\/]\w+\.js$/,
    contents: async (path) => refusing(await readFile(path, "utf8"), "writing YAML is not in this bundle"),
    loader: "js",
  },
  {
    // Clients say in each request which version they are, and take it from their whole package.json.
    filter: /[\\/]@aws-sdk[\\/]client-[^\\/]+[\\/]package\.json$/,
    contents: async (path) => JSON.stringify({ version: versionOf(await readFile(path, "utf8")) }),
    loader: "json",
  },
];

/** A module whose exports are there, and throw. */
const refusing = (module: string, why: string): string =>
  [
    `const refuse = () => { throw new Error(${JSON.stringify(why)}); };`,
    ...exportsOf(module).map((name) => `export const ${name} = refuse;`),
  ].join("\n");

/** Names that a module exports where it defines them, and those in a list at its end. */
const exportsOf = (module: string): readonly string[] => {
  const defined = [...module.matchAll(/^export (?:const|function) (\w+)/gm)].flatMap(([, name]) => name ?? []);
  const listed = [...module.matchAll(/^export \{([^}]*)\};$/gm)].flatMap(([, names = ""]) => names.match(/\w+/g) ?? []);
  return [...new Set([...defined, ...listed])];
};

const versionOf = (manifest: string) => (JSON.parse(manifest) as { readonly version: string }).version;

/** Leaves out of packages what the worker never runs. What is asked for nevertheless throws. */
export const leftOut: Plugin = {
  name: "left-out",
  setup: (build) => {
    for (const { filter, contents, loader } of SUBSTITUTES)
      build.onLoad({ filter }, async ({ path }) => ({ contents: await contents(path), loader }));
  },
};
