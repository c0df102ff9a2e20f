import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmod, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { packProblem } from "../../controller/attest/git/git-pack.ts";
import { createFolderSource } from "../../controller/local/folder-source.ts";
import { packCommit } from "../../controller/local/git-pack.ts";
import type { SourceSnapshot } from "../../controller/ports.ts";

let scratch: string;
let folder: string;
beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), "holdfast-pack-"));
  folder = join(scratch, "repository");
  await mkdir(folder);
});
afterEach(() => rm(scratch, { recursive: true, force: true }));

const gitIn = (place: string, words: readonly string[], input?: Uint8Array): string =>
  execFileSync(
    "git",
    ["-C", place, "-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "core.autocrlf=false", ...words],
    { encoding: "utf8", ...(input ? { input } : {}), stdio: ["pipe", "pipe", "ignore"] },
  );
const git = (...words: readonly string[]): string => gitIn(folder, words).trim();

const write = async (path: string, content: string): Promise<void> => {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), content);
};
async function commit(files: Readonly<Record<string, string>>, ...flags: readonly string[]): Promise<string> {
  for (const [path, content] of Object.entries(files)) await write(path, content);
  if (!(await readdir(folder)).includes(".git")) git("init", "-q", "-b", "main");
  git("add", ".");
  git("commit", "-q", "--allow-empty", "-m", "some", ...flags);
  return git("rev-parse", "HEAD");
}

const read = (below = ""): Promise<SourceSnapshot> => createFolderSource(join(folder, below), { packed: true }).read();

/** An empty repository of an auditor, who has nothing but the pack and a stock git. */
async function unpacked(pack: Uint8Array | undefined): Promise<(...words: readonly string[]) => string> {
  const empty = await mkdtemp(join(scratch, "auditor-"));
  gitIn(empty, ["init", "-q"]);
  // Not --strict, which wants everything that a tree or commit names: what lies beside the folder and came before is left out.
  gitIn(empty, ["index-pack", "--stdin", "--fsck-objects"], pack);
  return (...words) => gitIn(empty, words);
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

const LAYOUTS: Readonly<Record<string, { readonly root: string; readonly below: readonly string[] }>> = {
  "the root of the repository": { root: "", below: ["fleet.yaml", "vaults/nightly.yaml"] },
  "a folder": { root: "backup", below: ["fleet.yaml", "vaults/nightly.yaml"] },
  "a nested folder": { root: "teams/platform/backup", below: ["fleet.yaml", "a/b/c/d.yaml"] },
  "a folder named in a way that git or a shell could read otherwise": {
    root: "teams é/*[a] :(glob)x/-r",
    below: ["fleet.yaml", "vaults of today/näch tlich*.yaml", "ünder/[x].yml"],
  },
};

describe("the pack of a commit", () => {
  it.each(Object.entries(LAYOUTS))(
    "of manifests in %s gives an auditor every one of them",
    async (_, { root, below }) => {
      const path = (name: string) => (root === "" ? name : `${root}/${name}`);
      const id = await commit(Object.fromEntries(below.map((name) => [path(name), `# ${name}\n`])));
      const { revision, pack } = await read(root);
      expect(revision).toMatchObject({ commit: id, manifestRoot: root, dirty: false, unpacked: null });
      expect(revision.pack).toEqual({
        sha256: createHash("sha256").update(pack!).digest("hex"),
        size: pack!.length,
      });
      const auditor = await unpacked(pack);
      const listed = auditor("ls-tree", "-r", "-z", "--full-tree", id, ...(root === "" ? [] : ["--", `${root}/`]));
      const found = listed
        .split("\0")
        .slice(0, -1)
        .map((row) => {
          const [, blob = "", name = ""] = /^100644 blob ([0-9a-f]+)\t([\s\S]+)$/.exec(row) ?? [];
          return { path: name, gitBlob: blob, sha256: sha256(auditor("cat-file", "blob", blob)) };
        });
      expect(found).toEqual(revision.files.map((file) => ({ ...file, path: path(file.path) })));
      expect(packProblem(pack!, { commit: id, manifestRoot: root, files: revision.files })).toBeUndefined();
    },
  );

  it("is of the commit, even of one that did not touch the folder", async () => {
    await commit({ "backup/fleet.yaml": "kind: Fleet\n", README: "words\n" });
    const later = await commit({ README: "other words\n" });
    const { pack, revision } = await read("backup");
    expect(revision.commit).toBe(later);
    expect((await unpacked(pack))("ls-tree", "-r", "--name-only", later, "backup")).toBe("backup/fleet.yaml\n");
  });

  it("holds nothing that lies beside the folder, nothing older, and no delta", async () => {
    await commit({ "backup/fleet.yaml": `${"# line\n".repeat(500)}old\n`, secret: "beside\n" });
    const id = await commit({
      "backup/fleet.yaml": `${"# line\n".repeat(500)}new\n`,
      "backup/twin.yaml": `${"# line\n".repeat(500)}twin\n`,
    });
    const { pack } = await read("backup");
    const auditor = await unpacked(pack);
    expect(
      auditor("cat-file", "--batch-all-objects", "--batch-check=%(objecttype) %(deltabase)")
        .trim()
        .split("\n")
        .toSorted(),
    ).toEqual(["blob", "blob", "commit", "tree", "tree"].map((type) => `${type} ${"0".repeat(40)}`));
    expect(auditor("cat-file", "-t", id)).toBe("commit\n");
  });

  it("is the same bytes every time, from a repository packed another way too", async () => {
    const files = Object.fromEntries(
      Array.from({ length: 40 }, (_, at) => [`backup/${at}.yaml`, `# ${at}\n`.repeat(at + 1)]),
    );
    const id = await commit(files);
    const first = await read("backup");
    git("gc", "-q", "--aggressive");
    git("config", "pack.compression", "1");
    git("config", "pack.depth", "40");
    expect((await read("backup")).revision.pack).toEqual(first.revision.pack);
    git("clone", "-q", "--depth=1", pathToFileURL(folder).href, join(scratch, "shallow"));
    expect(await packCommit(join(scratch, "shallow", "backup"), id, "backup")).toEqual({ pack: first.pack });
  });

  it("is made of a partial clone too, which fetches nothing but what it takes", async () => {
    const id = await commit({ "backup/fleet.yaml": "kind: Fleet\n", "backup/notes.txt": "words\n", other: "beside\n" });
    const whole = await packCommit(folder, id, "backup");
    git("config", "uploadpack.allowFilter", "true");
    git("clone", "-q", "--filter=blob:none", "--no-checkout", pathToFileURL(folder).href, join(scratch, "partial"));
    expect(await packCommit(join(scratch, "partial"), id, "backup")).toEqual(whole);
    await rm(join(folder, ".git/objects"), { recursive: true });
    git(
      "-C",
      scratch,
      "clone",
      "-q",
      "--filter=blob:none",
      "--no-checkout",
      join(scratch, "partial"),
      join(scratch, "cut-off"),
    );
    await expect(packCommit(join(scratch, "cut-off"), id, "")).rejects.toMatchObject({ code: "source-unreadable" });
  });

  it("has executable manifests and links beside them as git has them", async () => {
    await write("backup/fleet.yaml", "kind: Fleet\n");
    await chmod(join(folder, "backup/fleet.yaml"), 0o755);
    await symlink("fleet.yaml", join(folder, "backup/latest"));
    const id = await commit({});
    const { pack, revision } = await read("backup");
    expect(revision.dirty).toBe(false);
    expect((await unpacked(pack))("ls-tree", "-r", id, "backup").replaceAll(/ blob [0-9a-f]{40}/g, "")).toBe(
      "100755\tbackup/fleet.yaml\n120000\tbackup/latest\n",
    );
  });

  it("is of the commit itself where somebody had git show another in its place", async () => {
    const old = await commit({ "fleet.yaml": "kind: Fleet # old\n" });
    const id = await commit({ "fleet.yaml": "kind: Fleet\n" });
    git("replace", id, old);
    const { pack, revision } = await read();
    expect(revision).toMatchObject({ commit: id, dirty: false });
    expect((await unpacked(pack))("cat-file", "blob", `${id}:fleet.yaml`)).toBe("kind: Fleet\n");
  });

  it("is not made where only looking is asked for", async () => {
    const id = await commit({ "fleet.yaml": "kind: Fleet\n" });
    const looked = await createFolderSource(folder).read();
    expect(looked.revision).toMatchObject({ commit: id, pack: null });
    expect(looked.pack).toBeUndefined();
  });

  it("is not made of files that are not the commit's", async () => {
    await commit({ "fleet.yaml": "kind: Fleet\n" });
    await write("fleet.yaml", "kind: Fleet # other\n");
    const { revision, pack } = await read();
    expect([revision.dirty, revision.pack, revision.unpacked, pack]).toEqual([true, null, null, undefined]);
  });

  it("is not made in a repository of SHA-256 objects, and says why", async () => {
    git("init", "-q", "--object-format=sha256");
    const id = await commit({ "fleet.yaml": "kind: Fleet\n" });
    const { revision, pack } = await read();
    expect(revision).toMatchObject({
      commit: id,
      dirty: false,
      pack: null,
      unpacked: expect.stringContaining("SHA-256"),
    });
    expect(pack).toBeUndefined();
  });

  it("is not made larger than can be kept, and says what to do", async () => {
    const id = await commit({ "fleet.yaml": "kind: Fleet\n" });
    expect(await packCommit(folder, id, "", 64)).toEqual({
      unpacked: expect.stringContaining("in a folder of their own"),
    });
  });

  it("is refused where git has lost an object, rather than made without it", async () => {
    await commit({ "fleet.yaml": "kind: Fleet\n" });
    const blob = git("rev-parse", "HEAD:fleet.yaml");
    await rm(join(folder, ".git/objects", blob.slice(0, 2), blob.slice(2)), { force: true });
    await expect(read()).rejects.toMatchObject({
      code: "source-unreadable",
      message: expect.stringContaining("git cannot pack commit"),
    });
  });
});

describe("what is said of a commit", () => {
  it("is its branch, its committer's time in UTC, and that nobody signed it", async () => {
    process.env["GIT_COMMITTER_DATE"] = "2027-01-02T03:04:05+02:00";
    try {
      await commit({ "fleet.yaml": "kind: Fleet\n" });
    } finally {
      delete process.env["GIT_COMMITTER_DATE"];
    }
    expect((await read()).revision).toMatchObject({
      ref: "refs/heads/main",
      committedOn: "2027-01-02T01:04:05.000Z",
      commitSignature: { format: "none", status: "none", signer: null },
    });
  });

  it("is no branch where none is checked out, as in most pipelines", async () => {
    const id = await commit({ "fleet.yaml": "kind: Fleet\n" });
    git("checkout", "-q", "--detach");
    expect((await read()).revision).toMatchObject({ ref: null, commit: id });
  });

  it.each([
    ["gpg", "-----BEGIN PGP SIGNATURE-----"],
    ["ssh", "-----BEGIN SSH SIGNATURE-----"],
    ["x509", "-----BEGIN SIGNED MESSAGE-----"],
    ["unknown", "-----BEGIN SEALING WAX-----"],
  ])("is the form of its signature, which nobody checked: %s", async (format, armour) => {
    await commit({ "fleet.yaml": "kind: Fleet\n" });
    const raw = git("cat-file", "commit", "HEAD");
    const at = raw.indexOf("\n\n");
    const signed = `${raw.slice(0, at)}\ngpgsig ${armour}\n AAAA\n -----END-----${raw.slice(at)}\n\ngpgsig -----BEGIN PGP SIGNATURE-----\n`;
    const id = gitIn(folder, ["hash-object", "-t", "commit", "-w", "--stdin"], Buffer.from(signed)).trim();
    git("reset", "-q", "--hard", id);
    const { revision, pack } = await read();
    expect(revision).toMatchObject({ commit: id, commitSignature: { format, status: "not-checked", signer: null } });
    expect((await unpacked(pack))("cat-file", "commit", id)).toContain(armour);
  });

  it("is none of its message, whatever that looks like", async () => {
    await commit({ "fleet.yaml": "kind: Fleet\n" }, "-m", "gpgsig -----BEGIN PGP SIGNATURE-----");
    expect((await read()).revision.commitSignature.format).toBe("none");
  });
});

describe("a pack that is to be named in a report", () => {
  const FILES = { "backup/fleet.yaml": "kind: Fleet\n", "backup/vaults/a.yaml": "kind: BackupVault\n" };
  async function made() {
    const id = await commit(FILES);
    const { revision, pack } = await read("backup");
    return { pack: pack!, claim: { commit: id, manifestRoot: "backup", files: revision.files } };
  }
  type Made = Awaited<ReturnType<typeof made>>;

  it.each<readonly [string, (one: Made) => readonly [Uint8Array, Made["claim"]], string]>([
    ["nothing at all", ({ claim }) => [new Uint8Array(), claim], "no git pack"],
    ["something else", ({ claim }) => [Buffer.alloc(200, "kind: Fleet\n"), claim], "no git pack"],
    ["cut short", ({ pack, claim }) => [pack.subarray(0, -30), claim], "checksum"],
    ["changed", ({ pack, claim }) => [pack.map((byte, at) => (at === 40 ? byte ^ 1 : byte)), claim], "checksum"],
    ["of another commit", ({ pack, claim }) => [pack, { ...claim, commit: "c".repeat(40) }], "does not hold commit"],
    ["of another folder", ({ pack, claim }) => [pack, { ...claim, manifestRoot: "" }], "does not hold fleet.yaml"],
    [
      "of other manifests",
      ({ pack, claim }) => [
        pack,
        { ...claim, files: claim.files.map((file) => ({ ...file, gitBlob: "d".repeat(40) })) },
      ],
      "does not hold fleet.yaml",
    ],
  ])("is refused: %s", async (_, change, why) => {
    const [pack, claim] = change(await made());
    expect(packProblem(pack, claim)).toContain(why);
  });

  it.each([
    ["with deltas", ["--window=50", "--depth=50"]],
    ["without the trees on the way", ["--window=0"]],
  ])("is refused: %s", async (what, flags) => {
    const text = "# line\n".repeat(500);
    const id = await commit({ "backup/a.yaml": `${text}a\n`, "backup/b.yaml": `${text}b\n` });
    const { files } = (await read("backup")).revision;
    const ids = [id, "HEAD^{tree}", "HEAD:backup", "HEAD:backup/a.yaml", "HEAD:backup/b.yaml"].map((name) =>
      git("rev-parse", name),
    );
    const input = (what === "with deltas" ? ids : ids.filter((_, at) => at !== 2)).join("\n");
    const pack = execFileSync("git", ["-C", folder, "pack-objects", "--stdout", "-q", ...flags], {
      input,
      stdio: ["pipe", "pipe", "ignore"],
    });
    expect(packProblem(pack, { commit: id, manifestRoot: "backup", files })).toContain(
      what === "with deltas" ? "no whole one" : "does not hold a.yaml",
    );
  });
});
