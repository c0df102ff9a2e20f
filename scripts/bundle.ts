/** Builds what is deployed and what is published: dist/worker (the Lambda function) and dist/npm (the command line). */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { overweight, showWeight, weigh, WORKER_BUDGET } from "./bundle/budget.ts";
import { bundleNpmPackage, type NpmPackage } from "./bundle/npm-package.ts";
import { provePacking, proveProgram, proveWorker } from "./bundle/proof.ts";
import { bundleWorker } from "./bundle/worker.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const worker = join(root, "dist/worker");
const npm = join(root, "dist/npm");
const manifest = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as NpmPackage["manifest"];

const handler = "controller/lambda/handler.ts";
const weight = weigh(
  await bundleWorker({ root, entry: handler, outdir: worker, sbom: `${worker}.sbom.json` }),
  handler,
);
console.log(showWeight("dist/worker", weight, WORKER_BUDGET));
await proveWorker(worker);

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

for (const wrong of overweight(weight, WORKER_BUDGET)) {
  console.error(`holdfast: dist/worker: ${wrong}`);
  process.exitCode = 1;
}
