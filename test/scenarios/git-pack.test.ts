import { execFileSync } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { digestOf } from "../../controller/domain/digest.ts";
import { currentObject, removeVersion } from "../simulator/s3/state.ts";
import { DESIRED_BUCKET, serve, type Served } from "../cli/command-line.ts";
import { BUCKETS } from "../support/universe.ts";
import { PRODUCTION } from "./manifests.ts";

const FILES: Readonly<Record<string, string>> = PRODUCTION;
const FROM_S3 = { HOLDFAST_DESIRED_STATE: `s3://${DESIRED_BUCKET}` };

const gitIn = (folder: string, words: readonly string[], input: Uint8Array = new Uint8Array()): string =>
  execFileSync("git", ["-C", folder, "-c", "user.name=t", "-c", "user.email=t@example.org", ...words], {
    encoding: "utf8",
    input,
    stdio: ["pipe", "pipe", "ignore"],
  });

/** The manifests become a folder of a repository whose one commit holds them. */
function commitAll(s: Served): string {
  gitIn(s.folder, ["init", "-q", "-b", "main"]);
  gitIn(s.folder, ["add", "desired"]);
  gitIn(s.folder, ["commit", "-q", "-m", "all"]);
  return gitIn(s.folder, ["rev-parse", "HEAD"]).trim();
}

const packsOf = (s: Served): readonly string[] =>
  s.universe.simulator.bucket(BUCKETS.evidence).keys.filter((key) => key.endsWith(".pack"));

describe("a commit that backups were made to follow", () => {
  it.each(["synced to S3", "read from its checkout"])(
    "is kept with the evidence, %s, and stock git shows an auditor its manifests without the repository",
    async (how) => {
      await using s = await serve({ files: PRODUCTION });
      const commit = commitAll(s);
      expect((await s.run(["sync", "--to", `s3://${DESIRED_BUCKET}`])).code).toBe(0);
      const env = how === "synced to S3" ? FROM_S3 : {};
      for (const _again of [1, 2]) expect((await s.run(["reconcile"], { env })).code).toBe(0);

      const [key = "", ...others] = packsOf(s);
      expect(others).toEqual([]);
      expect(key).toMatch(new RegExp(`^v1/[0-9a-f-]{36}/git/${commit}\\.pack$`));
      const pack = currentObject(s.universe.simulator.bucket(BUCKETS.evidence), key)!.body;
      const { source } = JSON.parse((await s.run(["report", "show", "-o", "json"])).out).report;
      expect(source).toMatchObject({
        commit,
        dirty: false,
        ref: "refs/heads/main",
        manifestRoot: "desired",
        commitSignature: { format: "none", status: "none", signer: null },
        pack: { sha256: digestOf(pack), size: pack.length },
      });

      const auditor = join(s.folder, "auditor");
      await mkdir(auditor);
      gitIn(auditor, ["init", "-q"]);
      gitIn(auditor, ["index-pack", "--stdin", "--fsck-objects"], pack);
      const names = gitIn(auditor, ["ls-tree", "-r", "--name-only", commit, "desired/"]).trim().split("\n");
      expect(names).toEqual(
        Object.keys(PRODUCTION)
          .toSorted()
          .map((name) => `desired/${name}`),
      );
      for (const name of names)
        expect(gitIn(auditor, ["cat-file", "blob", `${commit}:${name}`])).toBe(FILES[name.slice("desired/".length)]);
    },
  );

  it("is not kept of files that no commit holds", async () => {
    await using s = await serve({ files: PRODUCTION });
    commitAll(s);
    await s.write({ ...PRODUCTION, "fleet.yaml": `${PRODUCTION["fleet.yaml"]}# by hand\n` });
    expect((await s.run(["reconcile"])).code).toBe(0);
    expect(packsOf(s)).toEqual([]);
    expect(JSON.parse((await s.run(["report", "show", "-o", "json"])).out).report.source).toMatchObject({
      dirty: true,
    });
  });

  it("is kept by a chain that begins anew in its own place, before its first report names it", async () => {
    await using s = await serve({ files: PRODUCTION });
    const commit = commitAll(s);
    await s.run(["sync", "--to", `s3://${DESIRED_BUCKET}`]);
    for (const _again of [1, 2]) expect((await s.run(["reconcile"], { env: FROM_S3 })).code).toBe(0);
    const bucket = s.universe.simulator.bucket(BUCKETS.evidence);
    const report = bucket.keys.find((key) => key.endsWith("/reports/0000000001.dsse.json"))!;
    removeVersion(bucket, report, currentObject(bucket, report)!.id);
    const begun = await s.run(["report", "rechain", "--reason", "a report was deleted", "--yes", "-o", "json"], {
      env: FROM_S3,
    });
    expect(begun.code, begun.err).toBe(0);
    const { chain, source } = JSON.parse(begun.out).report;
    expect(packsOf(s)).toContain(`v1/${chain.id}/git/${commit}.pack`);
    const pack = currentObject(bucket, `v1/${chain.id}/git/${commit}.pack`)!.body;
    expect(source.pack).toEqual({ sha256: digestOf(pack), size: pack.length });
  });

  it("is said not to be kept where it cannot be, at the sync and in every report", async () => {
    await using s = await serve({ files: PRODUCTION });
    gitIn(s.folder, ["init", "-q", "--object-format=sha256"]);
    commitAll(s);
    const said = await s.run(["sync", "--to", `s3://${DESIRED_BUCKET}`]);
    expect(said.out).toMatch(/git pack is not kept: .*SHA-256/);
    expect((await s.run(["reconcile"], { env: FROM_S3 })).code).toBe(0);
    const { source, limitations } = JSON.parse((await s.run(["report", "show", "-o", "json"])).out).report;
    expect(source).toMatchObject({ dirty: false, pack: null });
    expect(limitations).toContainEqual(expect.stringMatching(/git pack of commit [0-9a-f]{64} is not kept .*SHA-256/));
  });

  it("is not read where somebody only looks", async () => {
    await using s = await serve({ files: PRODUCTION });
    commitAll(s);
    await s.run(["sync", "--to", `s3://${DESIRED_BUCKET}`]);
    const from = s.universe.simulator.calls.all().length;
    await s.run(["plan"], { env: FROM_S3 });
    const asked = s.universe.simulator.calls.since(from).map(({ input }) => String(input["Key"]));
    expect(asked.filter((key) => key.endsWith(".pack"))).toEqual([]);
    expect(asked).toContain("desired/HEAD.json");
  });
});
