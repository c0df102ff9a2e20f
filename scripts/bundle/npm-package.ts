import { chmod, copyFile, mkdir, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { build, type Metafile } from "esbuild";
import { TOOLS } from "../../controller/local/pack-tools.ts";
import { billOfMaterials } from "./bill-of-materials.ts";
import { compactErrors } from "./compact-errors.ts";
import { pureSchemas } from "./pure-schemas.ts";

export interface NpmPackage {
  readonly root: string;
  readonly entry: string;
  readonly outdir: string;
  /** The file that says what the program is made of. Absent: none is written. */
  readonly sbom?: string;
  /** Files that go with it, relative to the root. */
  readonly documents: readonly string[];
  /** The repository's own package.json. */
  readonly manifest: {
    readonly name: string;
    readonly version: string;
    readonly description: string;
    readonly license: string;
  };
}

const PROGRAM = "holdfast.mjs";

/**
 * The command line as it is published: one program and its chunks, with nothing to install. Node strips no types under node_modules, so
 * sources cannot be published as they are.
 */
export async function bundleNpmPackage(options: NpmPackage): Promise<Metafile> {
  const { root, entry, outdir, sbom, documents, manifest } = options;
  await rm(outdir, { recursive: true, force: true });
  await mkdir(outdir, { recursive: true });
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: { holdfast: entry },
    outdir,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node24",
    splitting: true,
    chunkNames: "chunks/[name]-[hash]",
    mainFields: ["module", "main"],
    minifySyntax: true,
    minifyWhitespace: true,
    // CommonJS packages among the dependencies ask for Node's own modules by require, which an ES module has not.
    banner: {
      js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
    },
    plugins: [pureSchemas, compactErrors, ...(sbom === undefined ? [] : [billOfMaterials(sbom, outdir)])],
    outExtension: { ".js": ".mjs" },
    metafile: true,
    legalComments: "linked",
    logLevel: "warning",
  });
  await chmod(join(outdir, PROGRAM), 0o755);
  await writeFile(join(outdir, "package.json"), `${JSON.stringify(published(manifest), null, 2)}\n`);
  await Promise.all(documents.map((name) => copyFile(join(root, name), join(outdir, basename(name)))));
  await Promise.all(TOOLS.map(({ file }) => copyTool(join(root, "controller", file), join(outdir, file))));
  return metafile;
}

/** What evidence packs carry is read from beside the program, since it is handed on as it is. */
async function copyTool(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await copyFile(from, to);
}

/** The published package.json: no dependencies, no scripts, nothing of the workshop. */
const published = ({ name, version, description, license }: NpmPackage["manifest"]) => ({
  name,
  version,
  description,
  license,
  type: "module",
  bin: { [name]: PROGRAM },
  engines: { node: ">=24" },
});
