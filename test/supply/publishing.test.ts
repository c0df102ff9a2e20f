import { execFileSync } from "node:child_process";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { IRELAND } from "../support/universe.ts";
import { serve, shellFor } from "../cli/command-line.ts";
import { PRODUCTION } from "../scenarios/manifests.ts";
import { TO } from "../scenarios/pipeline.ts";
import { root, runScript, workflowOf } from "./workflows.ts";

/** A block of desired-state/README.md, as it stands there. */
async function block(name: string): Promise<string> {
  const readme = await readFile(join(root, "desired-state/README.md"), "utf8");
  const [, found] = new RegExp(`<!-- ${name}: tested -->\\s*\`\`\`\\w+\\n([\\s\\S]*?)\`\`\``).exec(readme) ?? [];
  if (found === undefined) throw new Error(`desired-state/README.md has no block ${name}`);
  return found;
}

interface Calling {
  readonly jobs: Readonly<
    Record<
      string,
      { readonly uses: string; readonly with: object; readonly permissions: Readonly<Record<string, string>> }
    >
  >;
}

describe("how to publish, as it is documented", () => {
  it("on GitHub gives the workflows what they take, and the rights that their jobs need", async () => {
    const { jobs } = parse(await block("on GitHub")) as Calling;
    expect(Object.keys(jobs)).toEqual(["plan", "sync"]);
    for (const { uses, with: given, permissions } of Object.values(jobs)) {
      const called = workflowOf(/workflows\/([\w-]+\.yml)@[0-9a-f]{40}$/.exec(uses)?.[1] ?? "");
      const inputs = called.on.workflow_call?.inputs ?? {};
      expect(Object.keys(inputs)).toEqual(expect.arrayContaining(Object.keys(given)));
      const needed = Object.entries(inputs).flatMap(([name, { required }]) => (required === true ? [name] : []));
      expect(Object.keys(given)).toEqual(expect.arrayContaining(needed));
      const rights = Object.values(called.jobs).map((job) => job.permissions ?? {});
      expect(permissions).toEqual(Object.assign({}, ...rights));
    }
  });

  it("in any pipeline publishes a clone's manifests, its history fetched first, signed by the key of KMS", async () => {
    await using s = await serve({ files: PRODUCTION });
    const git = (folder: string, ...words: readonly string[]) =>
      execFileSync("git", ["-C", folder, "-c", "user.name=t", "-c", "user.email=t@example.org", ...words], {
        stdio: "ignore",
      });
    git(s.manifests, "init", "-q");
    git(s.manifests, "add", ".");
    git(s.manifests, "commit", "-q", "-m", "all");
    const clone = join(s.folder, "clone");
    git(s.folder, "clone", "-q", "--depth=1", `file://${s.manifests}`, clone);
    const programs = join(s.folder, "bin");
    await mkdir(programs);
    const main = join(root, "controller/cli/main.ts");
    await writeFile(join(programs, "holdfast"), `#!/bin/sh\nexec node "${main}" "$@"\n`);
    await chmod(join(programs, "holdfast"), 0o755);

    const run = `cd "$CLONE"\n${await block("in any pipeline")}`;
    const surroundings = { AWS_ENDPOINT_URL: s.endpoint, AWS_REGION: IRELAND, CLONE: clone, DESIRED_STATE: TO };
    const ran = await runScript({ run }, { ...shellFor(["sync"], s.universe), ...surroundings }, [programs]);
    expect(ran).toMatchObject({
      code: 0,
      log: expect.stringContaining(`Published 4 files to ${TO} as sequence 1, commit `),
    });
    expect(ran.log).not.toContain("not exactly");
    expect(s.universe.simulator.calls.all().filter(({ operation }) => operation === "Sign")).toHaveLength(1);
  });
});
