import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { validate } from "../../controller/load/load.ts";
import { Settings } from "../../infra/settings.ts";
import { holdfast } from "../cli/command-line.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const GUIDE = readFileSync(join(ROOT, "infra/README.md"), "utf8");

/** The fenced block that a marker of the guide announces. */
function block(marker: string): string {
  const [, text] = new RegExp(`<!-- ${marker}: tested -->\\s*\`\`\`\\w+\\n([\\s\\S]*?)\`\`\``).exec(GUIDE) ?? [];
  if (text === undefined) throw new Error(`infra/README.md has no block ${marker}`);
  return text;
}

/** Every command line of the guide's shell blocks that calls holdfast, continued lines joined. */
const commands = [...GUIDE.matchAll(/^[ ]*```sh\n([\s\S]*?)```/gm)]
  .flatMap(([, text = ""]) => text.replaceAll("\\\n", " ").split("\n"))
  .map((line) => line.trim().replace(/\s+[#>].*$/, ""))
  .filter((line) => line.startsWith("npx holdfast "))
  .map((line) => line.slice("npx holdfast ".length).split(/\s+/));

describe("the install guide", () => {
  it("has settings that a deployment takes", () => {
    const example: unknown = JSON.parse(block("settings-example"));
    const trust: unknown = JSON.parse(block("trust-example"));
    expect(Settings.parse({ ...(example as object), trust })).toMatchObject({ fleet: "production", engine: "inline" });
  });

  it.each(["observing", "enforcing"])("has manifests of the fleet while %s that are right", (marker) => {
    const fleet = { path: "fleet.yaml", text: block(marker) };
    const problems = validate([fleet, { path: "vault.yaml", text: VAULT }], new Date("2026-11-25T00:00:00Z"));
    expect(problems.filter(({ severity }) => severity === "error")).toEqual([]);
  });

  it("names one fleet throughout", () => {
    const { fleet, externalId } = Settings.parse(JSON.parse(block("settings-example")));
    for (const marker of ["observing", "enforcing"]) {
      expect(block(marker)).toContain(`metadata: { name: ${fleet} }`);
      expect(block(marker)).toContain(`externalId: ${externalId}`);
    }
  });

  it("calls commands and options that there are", async () => {
    expect(commands.length).toBeGreaterThan(5);
    for (const words of commands) {
      const named = words.slice(0, words.findIndex((word) => word.startsWith("-")) >>> 0);
      const path = named[0] === "report" ? named.slice(0, 2) : named.slice(0, 1);
      const help = await holdfast([...path, "--help"]);
      expect(help.code, path.join(" ")).toBe(0);
      expect(help.out, path.join(" ")).toContain(`Usage: holdfast ${path.join(" ")}`);
      const options = words.filter((word) => word.startsWith("--"));
      expect(options.filter((option) => !help.out.includes(`${option} `))).toEqual([]);
    }
  });

  it("synthesizes every template by the commands it gives, without credentials", async () => {
    const out = await mkdtemp(join(tmpdir(), "holdfast-synth-"));
    // What is installed and bundled already is not done again here: other tests are reading it.
    const [synth, ...others] = block("offline")
      .split("\n")
      .map((line) => line.replace(/\s+#.*$/, "").trim())
      .filter((line) => line !== "" && line !== "npm ci" && line !== "npm run bundle");
    expect(others).toEqual([]);
    expect(existsSync(join(ROOT, "dist/worker.zip")), "npm run bundle comes first").toBe(true);
    try {
      const settings = JSON.stringify(JSON.parse(block("settings-example")));
      const args = [...(synth ?? "").split(" ").slice(1), "--output", out, "--context", `holdfast=${settings}`];
      await promisify(execFile)("npx", ["--no-install", ...args], { cwd: ROOT, env: OFFLINE, maxBuffer: 2 ** 24 });
      expect((await readdir(out)).filter((name) => name.endsWith(".template.json")).toSorted()).toEqual([
        "holdfast-hub.template.json",
        "holdfast-member-events.template.json",
        "holdfast-member.template.json",
        "holdfast-stackset.template.json",
      ]);
    } finally {
      await rm(out, { recursive: true, force: true });
    }
  });
});

/** No credentials, and a way out that leads nowhere. */
const OFFLINE = {
  PATH: process.env["PATH"],
  HOME: process.env["HOME"],
  AWS_EC2_METADATA_DISABLED: "true",
  HTTPS_PROXY: "http://127.0.0.1:9",
  HTTP_PROXY: "http://127.0.0.1:9",
  CDK_DISABLE_VERSION_CHECK: "1",
};

const VAULT = `
apiVersion: holdfast/v1
kind: BackupVault
metadata: { name: nightly }
spec:
  targets: { groups: [production, sandbox] }
`;
