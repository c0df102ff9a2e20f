import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { gitAncestry } from "../../controller/aws/git-ancestry.ts";

const hasGit = spawnSync("git", ["--version"]).status === 0;

describe.skipIf(!hasGit)("a commit's descent, as git tells it", () => {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-ancestry-"));
  const git = (...words: string[]) => execFileSync("git", ["-C", folder, ...words], { encoding: "utf8" }).trim();
  const commit = (message: string) => {
    git("-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-q", "--allow-empty", "-m", message);
    return git("rev-parse", "HEAD");
  };
  let root = "";
  let later = "";
  let rewritten = "";
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

  it("is unknown where git does not know the commit, or there is no repository", async () => {
    expect(await gitAncestry(folder)("0".repeat(40), later)).toBeNull();
    expect(await gitAncestry(join(folder, "none"))(root, later)).toBeNull();
  });
});
