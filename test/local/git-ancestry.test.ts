import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { gitAncestry } from "../../controller/local/git-ancestry.ts";

const hasGit = spawnSync("git", ["--version"]).status === 0;

describe.skipIf(!hasGit)("a commit's descent, as git tells it", () => {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-ancestry-"));
  const git = (...words: string[]) =>
    execFileSync("git", ["-C", folder, ...words], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  const commit = (message: string) => {
    git("-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-q", "--allow-empty", "-m", message);
    return git("rev-parse", "HEAD");
  };
  /** What a pipeline has: the branch that is there now, whole or cut off. */
  const clone = (name: string, ...options: string[]) => {
    git("clone", "-q", "--no-tags", ...options, pathToFileURL(folder).href, join(folder, name));
    return gitAncestry(join(folder, name));
  };
  let [root, later, rewritten] = ["", "", ""];
  beforeAll(() => {
    git("init", "-q");
    root = commit("one");
    later = commit("two");
    git("reset", "-q", "--hard", root);
    rewritten = commit("another two");
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it("is seen", async () => {
    expect(await gitAncestry(folder)(root, later)).toBe(true);
    expect(await gitAncestry(folder)(later, rewritten)).toBe(false);
  });

  it("is none from a commit that a whole clone has not: history was rewritten", async () => {
    const asked = clone("whole");
    expect(await asked(later, rewritten)).toBe(false);
    expect(await asked(root, rewritten)).toBe(true);
  });

  it("is not told by a shallow clone, which would take what was cut off for rewritten", async () => {
    const asked = clone("shallow", "--depth=1");
    for (const ancestor of [root, later])
      await expect(asked(ancestor, rewritten)).rejects.toMatchObject({
        code: "publish-failed",
        message: expect.stringContaining("git fetch --unshallow"),
      });
    expect(await asked(rewritten, rewritten), "what it has, it can tell of").toBe(true);
  });

  it("is unknown of a commit that git does not know, and where there is no repository", async () => {
    expect(await gitAncestry(folder)(root, "0".repeat(40))).toBeNull();
    expect(await gitAncestry(join(folder, "none"))(root, later)).toBeNull();
  });
});
