import { rm } from "node:fs/promises";
import { join } from "node:path";
import { build, type Metafile } from "esbuild";
import { billOfMaterials } from "./bill-of-materials.ts";
import { compactErrors } from "./compact-errors.ts";
import { leftOut } from "./left-out.ts";
import { pureSchemas } from "./pure-schemas.ts";

/** The functions that are deployed, all of one bundle: what `NAME.mjs` in it exports as `handler` is made of that file. */
export const WORKER_ENTRIES = {
  handler: "controller/lambda/handler.ts",
  coordinator: "controller/lambda/coordinator.ts",
  worker: "controller/lambda/worker.ts",
  events: "controller/lambda/events.ts",
  rotation: "controller/lambda/rotation.ts",
} as const satisfies Entries;

export const WORKER_NAMES = Object.keys(WORKER_ENTRIES) as readonly (keyof typeof WORKER_ENTRIES)[]; // its own keys and no other

/** Files by the name that each has in the bundle. */
export type Entries = Readonly<Record<string, string>>;

export interface WorkerBundle {
  /** The repository, which paths in the metafile are relative to. */
  readonly root: string;
  readonly entries?: Entries;
  readonly outdir: string;
  /** The file that says what the bundle is made of. Absent: none is written. */
  readonly sbom?: string;
}

/**
 * The Lambda functions, SDK included: in Lambda there is no newer SDK than the one that was tested, and bundled it loads faster than the
 * runtime's own. Split, so that what only some runs need is not read by the others.
 */
export async function bundleWorker(options: WorkerBundle): Promise<Metafile> {
  const { root, entries = WORKER_ENTRIES, outdir, sbom } = options;
  await rm(outdir, { recursive: true, force: true });
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: { ...entries },
    outdir,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node24",
    splitting: true,
    minify: true,
    // Packages' ES modules can be shaken; their CommonJS builds cannot, and weigh a quarter more.
    mainFields: ["module", "main"],
    alias: {
      // In Lambda credentials only ever come from the environment.
      "@aws-sdk/credential-provider-node": join(root, "controller/aws/environment-credentials.ts"),
      // For Node it offers CommonJS alone; these are the same sources as ES modules.
      yaml: join(root, "node_modules/yaml/browser/index.js"),
    },
    // Reads a browser's name, which only a browser is asked for.
    external: ["bowser"],
    plugins: [pureSchemas, compactErrors, leftOut, ...(sbom === undefined ? [] : [billOfMaterials(sbom, outdir)])],
    outExtension: { ".js": ".mjs" },
    metafile: true,
    legalComments: "none",
    logLevel: "warning",
  });
  return metafile;
}
