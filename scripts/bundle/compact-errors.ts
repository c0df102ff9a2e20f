import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Plugin } from "esbuild";

/** A client's generated error classes: a dozen lines for each, of which a name and a word or two differ. */
const ERRORS = /[\\/]@aws-sdk[\\/]client-[^\\/]+[\\/]dist-es[\\/]models[\\/]errors\.js$/;
const ERROR = new RegExp(
  String.raw`^export class (?<name>\w+) extends __BaseException \{
    name = "\k<name>";
    \$fault = "(?<fault>client|server)";
(?: {4}\$retryable = (?<retryable>\{[^{}]*\});
)?(?<fields>(?: {4}\w+;
)*)    constructor\(opts\) \{
        super\(\{
            name: "\k<name>",
            \$fault: "\k<fault>",
            \.\.\.opts,
        \}\);
        Object\.setPrototypeOf\(this, \k<name>\.prototype\);
(?<assignments>(?: {8}this\.\w+ = opts\.\w+;
)*)    \}
\}$`,
  "gm",
);

const FACTORY = fileURLToPath(new URL("fault.ts", import.meta.url));

/**
 * Has the SDK's error classes made by one factory. Each client's schemas name all of them, RDS's 146, so that none can be left out
 * although most belong to operations nobody calls. What is not written as expected stays as it is.
 */
export const compactErrors: Plugin = {
  name: "compact-errors",
  setup: (build) => {
    build.onLoad({ filter: ERRORS }, async ({ path }) => ({
      contents: compact(await readFile(path, "utf8"), FACTORY),
      loader: "js",
    }));
  },
};

/** The same module, its classes made by what `factory` exports. */
export const compact = (errors: string, factory: string): string =>
  [
    `import { faults } from ${JSON.stringify(factory)};`,
    ...["client", "server"].map((fault) => `const ${fault} = /* @__PURE__ */ faults(__BaseException, "${fault}");`),
    errors.replaceAll(ERROR, (whole, ...matched) => made(matched.at(-1) as Written) ?? whole),
  ].join("\n");

interface Written {
  readonly name: string;
  readonly fault: string;
  readonly retryable?: string;
  readonly fields: string;
  readonly assignments: string;
}

function made({ name, fault, retryable, fields, assignments }: Written): string | undefined {
  const members = namesIn(fields, /(\w+);/g);
  if (String(members) !== String(namesIn(assignments, /this\.(\w+) = opts\.\1;/g))) return undefined;
  const further = [
    members.length > 0 || retryable ? `, ${JSON.stringify(members)}` : "",
    retryable ? `, ${retryable}` : "",
  ];
  return `export const ${name} = /* @__PURE__ */ ${fault}("${name}"${further.join("")});`;
}

const namesIn = (text: string, pattern: RegExp): readonly (string | undefined)[] =>
  [...text.matchAll(pattern)].map(([, name]) => name);
