import { execFile } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Loads the worker as Lambda would. A bundle can be well made and still ask, on loading, for what an ES module has not. */
export async function proveWorker(folder: string): Promise<void> {
  const loaded = (await import(pathToFileURL(join(folder, "handler.mjs")).href)) as { readonly handler?: unknown };
  if (typeof loaded.handler !== "function") throw new Error(`${folder}/handler.mjs exports no function named handler`);
}

/** Runs the published program as its users would. */
export async function proveProgram(folder: string, version: string): Promise<void> {
  const { stdout } = await run(process.execPath, [join(folder, "holdfast.mjs"), "--version"]);
  if (stdout.trim() !== version) throw new Error(`${folder}/holdfast.mjs says it is ${stdout.trim()}, not ${version}`);
}
