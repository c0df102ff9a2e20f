/** Builds what is deployed and what is published: dist/worker (the Lambda function) and dist/npm (the command line). */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { showWeight, weigh, WORKER_BUDGET } from "./bundle/budget.ts";
import { bundleNpmPackage, type NpmPackage } from "./bundle/npm-package.ts";
import { proveProgram, proveWorker } from "./bundle/proof.ts";
import { bundleWorker } from "./bundle/worker.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const worker = join(root, "dist/worker");
const npm = join(root, "dist/npm");
const manifest = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as NpmPackage["manifest"];

const weight = weigh(await bundleWorker({ root, entry: "controller/lambda/handler.ts", outdir: worker }));
console.log(showWeight("dist/worker", weight, WORKER_BUDGET));
await proveWorker(worker);

const documents = ["README.md", "LICENSE"];
const program = await bundleNpmPackage({ root, entry: "controller/cli/main.ts", outdir: npm, documents, manifest });
console.log(showWeight("dist/npm", weigh(program, 0)));
await proveProgram(npm, manifest.version);

if (weight.total > WORKER_BUDGET) {
  console.error(`holdfast: dist/worker is over its budget by ${weight.total - WORKER_BUDGET} bytes`);
  process.exitCode = 1;
}
