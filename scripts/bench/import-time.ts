import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { median, show, times } from "./figures.ts";

const worker = new URL("../../dist/worker/handler.mjs", import.meta.url);
const RUNS = 15;

/** What the Lambda function's code takes to load: medians of fresh processes. */
export function importTime(): void {
  if (!existsSync(fileURLToPath(worker))) throw new Error("dist/worker is not there: run npm run bundle first");
  const bare = median(Array.from({ length: RUNS }, () => fresh("").whole));
  const runs = Array.from({ length: RUNS }, () => fresh(`await import(${JSON.stringify(worker.href)})`));
  const inside = median(runs.map((run) => run.inside));
  const whole = median(runs.map((run) => run.whole));
  show(
    "import of the bundled worker",
    `${inside.toFixed(0)} ms (goal 150), whole process ${times(whole / bare)} a bare Node's`,
  );
}

/** Milliseconds that a fresh Node takes for a piece of code, as that process itself measures it, and for its whole life. */
function fresh(code: string): { readonly inside: number; readonly whole: number } {
  const script = `const from = performance.now(); ${code}; console.log(performance.now() - from);`;
  const from = performance.now();
  const { stdout, stderr, status } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stderr);
  return { inside: Number(stdout), whole: performance.now() - from };
}
