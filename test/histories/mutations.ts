import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { MUTANTS, type Edit, type Mutant } from "./mutants.ts";

/**
 * Breaks each law on purpose and lets the fixed histories run until one notices: `node test/histories/mutations.ts`, or with some words
 * of those to try. Writes the table in the README when all were tried.
 */
const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const README = fileURLToPath(new URL("README.md", import.meta.url));
const MOST = 200;

interface Caught {
  readonly mutant: Mutant;
  readonly played: number;
  readonly violation: string | null;
}

/** A copy of the source, broken. */
async function broken({ edits }: Mutant): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "mutant-"));
  for (const name of ["controller", "test", "package.json", "tsconfig.json"])
    await cp(join(ROOT, name), join(folder, name), { recursive: true });
  await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"));
  for (const one of edits) await apply(folder, one);
  return folder;
}

async function apply(folder: string, one: Edit): Promise<void> {
  await writeFile(join(folder, "controller", one.file), await edited(folder, one));
}

async function edited(root: string, { file, from, to }: Edit): Promise<string> {
  const text = await readFile(join(root, "controller", file), "utf8");
  const times = text.split(from).length - 1;
  if (times !== 1) throw new RangeError(`${file} says ${times} times: ${from}`);
  return text.replace(from, () => to);
}

async function tryOut(mutant: Mutant): Promise<Caught> {
  const folder = await broken(mutant);
  try {
    const script = join(folder, "test/histories/first-failure.ts");
    const { stdout } = await promisify(execFile)(process.execPath, [script, String(MOST), "1", "2"], {
      maxBuffer: 64 * 1024 * 1024,
    });
    return { mutant, ...(JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as Omit<Caught, "mutant">) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The assertion, without the particulars of the history that it failed in. */
const assertionOf = (violation: string): string =>
  violation
    .replaceAll(/arn:[^\s:]*:[^\s]*/g, "…")
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "…")
    .replaceAll(/ at …(?=:)/g, "")
    .replaceAll(/report \d+ of run-\d+/g, "report")
    .replaceAll(/ by run-\d+/g, "")
    .replaceAll("|", "\\|")
    .slice(0, 140);

const rowOf = ({ mutant: { breaks }, played, violation }: Caught): string =>
  `| ${breaks} | ${violation === null ? "**not caught**" : assertionOf(violation)} | ${played} |`;

const [START, END] = ["<!-- mutations -->", "<!-- end of mutations -->"];

async function write(all: readonly Caught[]): Promise<void> {
  const text = await readFile(README, "utf8");
  const [before, rest = ""] = text.split(START);
  const after = rest.slice(rest.indexOf(END) + END.length);
  const table = ["| law broken | what notices | histories |", "| --- | --- | --- |", ...all.map(rowOf)].join("\n");
  await writeFile(README, `${before}${START}\n\n${table}\n\n${END}${after}`);
}

const words = process.argv.slice(2).join(" ");
const chosen = MUTANTS.filter(({ breaks }) => breaks.includes(words));
// Every edit fits before the first is tried.
for (const one of MUTANTS.flatMap(({ edits }) => edits)) await edited(ROOT, one);
const all = new Map<Mutant, Caught>();
const waiting = [...chosen];
const worker = async (): Promise<void> => {
  for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
    const caught = await tryOut(mutant);
    all.set(mutant, caught);
    console.log(`${caught.violation === null ? "NOT CAUGHT" : "caught"} after ${caught.played}: ${mutant.breaks}`);
    if (caught.violation !== null) console.log(`    ${caught.violation}`);
  }
};
const processes = Number(process.env["HOLDFAST_PROCESSES"] ?? availableParallelism());
await Promise.all(Array.from({ length: processes }, worker));
const results = chosen.flatMap((mutant) => all.get(mutant) ?? []);
if (words === "") await write(results);
process.exitCode = results.some(({ violation }) => violation === null) ? 1 : 0;
