/** Builds what is deployed and what is published: dist/worker and its zip (the Lambda functions), and dist/npm (the command line). */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { overweight, showWeight, weigh, workerBudget } from "./bundle/budget.ts";
import { bundleNpmPackage, type NpmPackage } from "./bundle/npm-package.ts";
import { provePacking, proveProgram, proveWorker } from "./bundle/proof.ts";
import { bundleWorker, WORKER_ENTRIES, WORKER_NAMES } from "./bundle/worker.ts";
import { zipFolder } from "./bundle/zip.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const worker = join(root, "dist/worker");
const npm = join(root, "dist/npm");
const manifest = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as NpmPackage["manifest"];

const built = await bundleWorker({ root, outdir: worker, sbom: `${worker}.sbom.json` });
for (const entry of WORKER_NAMES) {
  const name = `dist/worker/${entry}.mjs`;
  const weight = weigh(built, WORKER_ENTRIES[entry]);
  console.log(showWeight(name, weight, workerBudget(entry)));
  for (const wrong of overweight(weight, workerBudget(entry))) {
    console.error(`holdfast: ${name}: ${wrong}`);
    process.exitCode = 1;
  }
  await proveWorker(worker, entry);
}
await zipFolder(worker, `${worker}.zip`);

const documents = ["README.md", "LICENSE"];
const main = "controller/cli/main.ts";
const program = await bundleNpmPackage({
  root,
  entry: main,
  outdir: npm,
  sbom: `${npm}.sbom.json`,
  documents,
  manifest,
});
console.log(showWeight("dist/npm", weigh(program, main, 0)));
await proveProgram(npm, manifest.version);
await provePacking(npm, join(root, "test/golden/chains/v0"));
