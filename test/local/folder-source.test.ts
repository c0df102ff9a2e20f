import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { desiredDigest } from "../../controller/domain/desired.ts";
import { createFolderSource } from "../../controller/local/folder-source.ts";
import { remoteUri } from "../../controller/local/git-checkout.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "holdfast-source-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const write = async (path: string, content: string | Uint8Array): Promise<void> => {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), content);
};
const read = (below = "") => createFolderSource(join(folder, below)).read();

const git = (...words: readonly string[]): string =>
  execFileSync(
    "git",
    ["-C", folder, "-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "core.autocrlf=false", ...words],
    {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    },
  ).trim();

async function commitSome(): Promise<string> {
  await write("desired/fleet.yaml", "kind: Fleet\n");
  await write("desired/vaults/a.yml", "kind: BackupVault\n");
  await write("desired/vaults.yaml", "kind: BackupVault\n");
  await write("README.md", "words\n");
  git("init", "-q");
  git("add", ".");
  git("commit", "-q", "-m", "all");
  return git("rev-parse", "HEAD");
}

describe("a folder of manifests", () => {
  it("is every .yaml and .yml file in it, in the order of bytes, hidden folders left out", async () => {
    for (const path of [
      "b.yml",
      "a/z.yaml",
      "a.yaml",
      "é.yaml",
      "z.yaml",
      "README.md",
      ".git/x.yaml",
      "a/.hidden/y.yaml",
      ".x.yaml",
    ])
      await write(path, `# ${path}\n`);
    const { files, revision } = await read();
    expect(files.map(({ path }) => path)).toEqual(["a.yaml", "a/z.yaml", "b.yml", "z.yaml", "é.yaml"]);
    expect(files[1]).toEqual({ path: "a/z.yaml", text: "# a/z.yaml\n" });
    expect(revision.files.map(({ path }) => path)).toEqual(files.map(({ path }) => path));
    expect(revision.digest).toBe(desiredDigest(revision.files));
  });

  it("is dirty and has no commit outside git (rule 35)", async () => {
    await write("fleet.yaml", "kind: Fleet\n");
    expect((await read()).revision).toMatchObject({
      commit: null,
      dirty: true,
      sequence: null,
      fastForward: null,
      uri: pathToFileURL(folder).href,
    });
  });

  it("has the ids that git gives the same files", async () => {
    const commit = await commitSome();
    const { revision } = await read("desired");
    expect(revision).toMatchObject({ commit, dirty: false, tree: git("rev-parse", "HEAD:desired") });
    expect(revision.files.map(({ gitBlob }) => gitBlob)).toEqual(
      ["fleet.yaml", "vaults.yaml", "vaults/a.yml"].map((path) => git("rev-parse", `HEAD:desired/${path}`)),
    );
  });

  it.each([
    { what: "a changed file", change: () => write("desired/fleet.yaml", "kind: Fleet\n\n") },
    { what: "a file more", change: () => write("desired/more.yaml", "kind: Fleet\n") },
    {
      what: "a file more that git ignores",
      change: async () => {
        await write(".gitignore", "more.yaml\n");
        await write("desired/more.yaml", "x: 1\n");
      },
    },
    { what: "a file less", change: () => rm(join(folder, "desired/vaults.yaml")) },
  ])("is dirty with $what", async ({ change }) => {
    await commitSome();
    await change();
    expect((await read("desired")).revision.dirty).toBe(true);
  });

  it("is clean whatever happens beside it", async () => {
    await commitSome();
    await write("README.md", "other words\n");
    await write("desired/notes.txt", "none\n");
    expect((await read("desired")).revision.dirty).toBe(false);
  });

  it("asks the repository the folder is in, whatever the environment says", async () => {
    const commit = await commitSome();
    process.env["GIT_DIR"] = "/nowhere";
    try {
      expect((await read("desired")).revision.commit).toBe(commit);
    } finally {
      delete process.env["GIT_DIR"];
    }
  });

  it("names every file that is not UTF-8", async () => {
    await write("a.yaml", new Uint8Array([0xff]));
    await write("b.yaml", new Uint8Array([0xc0, 0x80]));
    await expect(read()).rejects.toMatchObject({
      code: "source-unreadable",
      message: expect.stringMatching(/a\.yaml.*b\.yaml.*UTF-8/),
    });
  });

  it("keeps a byte order mark, so that text and bytes stay the same thing", async () => {
    await write("a.yaml", "\uFEFFkind: Fleet\n");
    expect((await read()).files[0]?.text).toBe("\uFEFFkind: Fleet\n");
  });

  it("refuses a manifest behind a link, and does not look behind linked folders", async () => {
    await write("outside/x.yaml", "a: 1\n");
    await mkdir(join(folder, "in"));
    await symlink(join(folder, "outside"), join(folder, "in", "linked"));
    expect((await read("in")).files).toEqual([]);
    await symlink(join(folder, "outside", "x.yaml"), join(folder, "in", "x.yaml"));
    await expect(read("in")).rejects.toMatchObject({
      code: "source-unreadable",
      message: expect.stringContaining("symbolic link"),
    });
  });

  it("says what to do about a folder that is not there", async () => {
    await expect(read("none")).rejects.toMatchObject({
      code: "source-unreadable",
      message: expect.stringContaining("check the path"),
    });
  });
});

describe("a remote's address in a report", () => {
  it.each([
    // secretlint-disable-next-line @secretlint/secretlint-rule-basicauth -- nobody's: that it is left out is what is tested
    ["https://user:secret@git.example.org/a/b.git", "git+https://git.example.org/a/b.git"],
    ["git@git.example.org:a/b.git", "git+ssh://git.example.org/a/b.git"],
    ["ssh://git@git.example.org:2222/a/b.git", "git+ssh://git.example.org:2222/a/b.git"],
    ["codecommit::eu-west-1://profile@repo", "git+codecommit::eu-west-1://repo"],
    ["/srv/git/b.git", undefined],
    ["file:///srv/git/b.git", undefined],
    ["../b.git", undefined],
  ])("%s is given as %s", (remote, uri) => {
    expect(remoteUri(remote)).toBe(uri);
  });
});
