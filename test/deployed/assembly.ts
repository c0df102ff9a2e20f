/** What `cdk synth` leaves for CloudFormation: templates, and the files that CDK uploads. Made of the real bundle, in a folder of its own. */
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { App } from "aws-cdk-lib";
import { unzipSync } from "fflate";
import cdk from "../../cdk.json" with { type: "json" };
import { readSettings } from "../../infra/settings.ts";
import { createStacks } from "../../infra/stacks.ts";
import { bundleWorker } from "../../scripts/bundle/worker.ts";
import { zipFolder } from "../../scripts/bundle/zip.ts";
import { QUIET } from "../../scripts/generate/templates.ts";
import type { Template } from "../support/template.ts";

export interface Assembly extends AsyncDisposable {
  readonly hub: Template;
  readonly member: Template;
  /** Of a log-archive account, where the settings name one. */
  readonly evidence: Template | undefined;
  /** The zip that `npm run bundle` would make. */
  readonly bundle: string;
  /** The file that CDK uploads under that key. */
  readonly asset: (key: string) => Uint8Array;
  /** The folder that CDK zips and uploads under that key: a layer, as Lambda has it below /opt. */
  readonly layer: (key: string) => string;
  /** Unpacks an uploaded zip, as Lambda does below /var/task, and says where it lies. */
  readonly unpacked: (key: string) => string;
}

export interface Asked {
  /** The context `holdfast` of cdk.json. */
  readonly settings: object;
  /** A bundle that is there already. Absent: one is made. */
  readonly bundle?: string;
}

/** Bundles, zips and synthesizes: what a deployment is, but for the upload. */
export async function assemble({ settings, bundle }: Asked): Promise<Assembly> {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-assembly-"));
  const zip = bundle ?? (await zipped(folder));
  const outdir = join(folder, "cdk.out");
  synthesize(settings, zip, outdir);
  const read = (name: string): unknown => JSON.parse(readFileSync(join(outdir, name), "utf8"));
  const { files } = read("holdfast-hub.assets.json") as AssetManifest;
  const uploaded = (key: string, packaging: string): string => {
    const { source } = files[key.replace(/\.zip$/, "")] ?? {};
    if (source?.packaging !== packaging) throw new RangeError(`CDK uploads no ${packaging} under ${key}`);
    return join(outdir, source.path);
  };
  const asset = (key: string): Uint8Array => readFileSync(uploaded(key, "file"));
  return {
    hub: read("holdfast-hub.template.json") as Template,
    member: read("holdfast-member.template.json") as Template,
    evidence: existsSync(join(outdir, EVIDENCE)) ? (read(EVIDENCE) as Template) : undefined,
    bundle: zip,
    asset,
    layer: (key) => uploaded(key, "zip"),
    unpacked: (key) => unpack(asset(key), join(folder, "task-")),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

const EVIDENCE = "holdfast-evidence.template.json";

interface AssetManifest {
  readonly files: Readonly<Record<string, { readonly source: { readonly path: string; readonly packaging: string } }>>;
}

async function zipped(folder: string): Promise<string> {
  const outdir = join(folder, "worker");
  await bundleWorker({ root: fileURLToPath(new URL("../..", import.meta.url)), outdir });
  await zipFolder(outdir, `${outdir}.zip`);
  return `${outdir}.zip`;
}

function synthesize(settings: object, bundle: string, outdir: string): void {
  const app = new App({ context: { ...cdk.context, ...QUIET, holdfast: settings }, outdir });
  createStacks(app, readSettings(app.node), bundle);
  app.synth();
}

/** Far from the repository's packages: it runs on what it brings. */
function unpack(zip: Uint8Array, prefix: string): string {
  const folder = mkdtempSync(prefix);
  for (const [name, bytes] of Object.entries(unzipSync(zip))) writeFileSync(join(folder, name), bytes);
  return folder;
}
