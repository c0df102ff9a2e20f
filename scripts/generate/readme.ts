import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** README.md with what `npm start` and `npm run demo:orphans` print, as they print it now. */
export async function generateReadme(): Promise<ReadonlyMap<string, string>> {
  const readme = await readFile(`${ROOT}/README.md`, "utf8");
  const [demo, orphans] = await Promise.all([outputOf(), outputOf("--orphans")]);
  const told = { demo, intruder: demo.slice(demo.indexOf("An intruder comes by night:")), orphans };
  return new Map([["README.md", Object.entries(told).reduce((text, [name, shown]) => put(text, name, shown), readme)]]);
}

async function outputOf(...flags: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, ["scripts/demo.ts", ...flags], {
    cwd: ROOT,
    env: { ...process.env, NO_COLOR: "1" },
    maxBuffer: 16 * 1024 * 1024,
  });
  return stdout.trimEnd().replaceAll(pathToFileURL(ROOT).href, "file:///…/");
}

/** Fills the fenced block between two markers; output that differs only in what is new every time stays as it stands. */
function put(readme: string, name: string, output: string): string {
  const block = new RegExp(
    `(<!-- ${name}: generated -->\\s*\`\`\`text\n)([\\s\\S]*?)(\n\`\`\`\\s*<!-- ${name}: end -->)`,
  );
  const [, , present] = block.exec(readme) ?? [];
  if (present === undefined) throw new Error(`README.md has no block ${name} to put the demo's output into`);
  if (timeless(present) === timeless(output)) return readme;
  return readme.replace(block, (_all, before: string, _old, after: string) => `${before}${output}${after}`);
}

/** Ids, digests, sizes, ports, durations and this checkout's own commits are new with every run; everything else is the same. */
const timeless = (text: string): string =>
  text
    .replaceAll(/^ {2}desired state: .*(\n {4}.*)*$/gm, "  desired state: <revision>")
    .replaceAll(/^(Reconcile plan: fleet [\w-]+, \d+ targets?), .*$/gm, "$1")
    .replaceAll(/(as sequence \d+), commit [0-9a-f]{12}/g, "$1")
    .replaceAll(/(exactly those of commit) [0-9a-f]{12}/g, "$1")
    .replaceAll(/^They are of no commit: .*\n/gm, "")
    .replaceAll(/^( +\d+ {2}\d{4}-.*) +\S+$/gm, "$1")
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "<uuid>")
    .replaceAll(/\bevidence-[0-9a-f]{8}-/g, "evidence-<chain>-")
    .replaceAll(/[0-9a-f]{64}/g, "<sha256>")
    .replaceAll(/sha256-[A-Za-z0-9+/]{43}=/g, "<script>")
    .replaceAll(/\b\d+ kB\b/g, "<n> kB")
    .replaceAll(/\d{8}T\d{6}Z-[0-9a-f]{8}/g, "<run>")
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, "<time>")
    .replaceAll(/for \d+\.\d s/g, "for <n> s")
    .replaceAll(/127\.0\.0\.1:\d+/g, "127.0.0.1:<port>")
    .replaceAll(/\s+/g, " ");
