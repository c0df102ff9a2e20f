import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Loads a function as Lambda would. A bundle can be well made and still ask, on loading, for what an ES module has not. */
export async function proveWorker(folder: string, entry: string): Promise<void> {
  const file = join(folder, `${entry}.mjs`);
  const loaded = (await import(pathToFileURL(file).href)) as { readonly handler?: unknown };
  if (typeof loaded.handler !== "function") throw new Error(`${file} exports no function named handler`);
}

/** Runs the published program as its users would. */
export async function proveProgram(folder: string, version: string): Promise<void> {
  const { stdout } = await run(process.execPath, [join(folder, "holdfast.mjs"), "--version"]);
  if (stdout.trim() !== version) throw new Error(`${folder}/holdfast.mjs says it is ${stdout.trim()}, not ${version}`);
}

/** Packs a chain's evidence with the published program, which must find the verifiers that a pack carries where it lies. */
export async function provePacking(folder: string, chain: string): Promise<void> {
  const out = await mkdtemp(join(tmpdir(), "holdfast-pack-"));
  try {
    const file = join(out, "evidence.tar");
    await run(process.execPath, [join(folder, "holdfast.mjs"), "report", "pack", "--evidence", chain, "--out", file]);
    if (!(await readFile(file)).includes("/verify.mjs\0")) throw new Error(`${folder}/holdfast.mjs packs no verifier`);
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}
