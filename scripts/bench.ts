import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { createSimulator } from "../test/simulator/simulator.ts";
import { ambientFleet, target } from "../test/support/fleet.ts";
import { listBackupVaults } from "../controller/aws/backup-operations.ts";

/**
 * Figures that a person reads: never a test, for a machine's speed is nobody's contract. Times are medians of fresh processes; what
 * compares across machines is the ratio beside them.
 */
const root = fileURLToPath(new URL("..", import.meta.url));
const RUNS = 15;

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

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

function importTime(): void {
  const worker = join(root, "dist/worker/handler.mjs");
  if (!existsSync(worker)) throw new Error("dist/worker is not there: run npm run bundle first");
  const bare = median(Array.from({ length: RUNS }, () => fresh("").whole));
  const runs = Array.from({ length: RUNS }, () => fresh(`await import(${JSON.stringify(pathToFileURL(worker).href)})`));
  const inside = median(runs.map((run) => run.inside));
  const whole = median(runs.map((run) => run.whole));
  console.log(
    `import of the bundled worker  ${inside.toFixed(0)} ms (goal 150), whole process ${(whole / bare).toFixed(2)} × a bare Node's`,
  );
}

async function simulatorRate(): Promise<void> {
  const account = "111122223333";
  const simulator = createSimulator({
    hubAccount: account,
    accounts: [{ id: account, name: "hub" }],
    regions: ["eu-west-1"],
  });
  const place = target(account, "eu-west-1");
  const calls = 2_000;
  const call = ambientFleet(simulator).reader(place);
  const from = performance.now();
  for (let n = 0; n < calls; n += 1) await call(listBackupVaults, {});
  const seconds = (performance.now() - from) / 1_000;
  console.log(
    `calls to the simulator        ${(calls / seconds).toFixed(0)} a second in process, signed and paced on virtual time`,
  );
}

importTime();
await simulatorRate();
