import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const DEMO = ".holdfast/demo";
/** Holds more than the demo takes on the slowest machine: a run that hangs is to end. */
const PATIENCE_MS = 300_000;

const run = (command: string, args: readonly string[], cwd: string) =>
  promisify(execFile)(command, [...args], { cwd, maxBuffer: 2 ** 26, env: { ...process.env, NO_COLOR: "1" } });

/** The commands between two markers of the README, as they stand there. */
async function commands(marker: string): Promise<string> {
  const readme = await readFile(join(ROOT, "README.md"), "utf8");
  const [, block] = new RegExp(`<!-- ${marker}: tested -->\\s*\`\`\`sh\\n([\\s\\S]*?)\`\`\``).exec(readme) ?? [];
  if (block === undefined) throw new Error(`README.md has no block ${marker}`);
  return block;
}

describe("README.md", () => {
  it(
    "has commands by which an auditor checks what the demo leaves, without Holdfast",
    async () => {
      const folder = await mkdtemp(join(tmpdir(), "holdfast-readme-"));
      try {
        await run(process.execPath, ["scripts/demo.ts", "--left", join(folder, DEMO)], ROOT);
        const { stdout } = await run("bash", ["-euo", "pipefail", "-c", await commands("auditor")], folder);
        expect(stdout).toContain("Verified OK");
        expect(stdout).toContain("Python agrees");
        expect(stdout).toMatch(/^INTACT +yes/m);
        expect(stdout).toMatch(/^COMPLETE +yes/m);
        expect(stdout).toMatch(/^SOURCED +yes/m);
        expect(stdout).toMatch(/^ANCHORED +yes/m);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
    PATIENCE_MS,
  );
});
