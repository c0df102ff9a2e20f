import { describe, expect, it } from "vitest";
import { type Ancestry, descends, linesBefore } from "../../controller/aws/lineage.ts";
import type { Carried } from "../../controller/domain/carried.ts";
import { digestOf } from "../../controller/domain/digest.ts";
import { sourceTrust } from "../../controller/domain/source-trust.ts";
import { Head, revisionOf } from "../../controller/load/head.ts";

const id = (name: string) => Buffer.from(name).toString("hex").padEnd(40, "0");

/** Commits by name, each with its parents: `a`, then `b` and `x` on it, `c` on `b`, and `m`, which merges `c` and `x`. */
const PARENTS: Readonly<Record<string, readonly string[]>> = {
  a: [],
  b: ["a"],
  c: ["b"],
  d: ["c"],
  x: ["a"],
  y: ["x"],
  m: ["y", "c"],
};
const NAMES = new Map(Object.keys(PARENTS).map((name) => [id(name), name]));
const reaches = (from: string, to: string): boolean =>
  from === to || (PARENTS[from] ?? []).some((parent) => reaches(parent, to));
const git: Ancestry = (ancestor, descendant) =>
  Promise.resolve(reaches(NAMES.get(descendant) ?? "", NAMES.get(ancestor) ?? ""));

/** Publishes commits one after another, and answers every HEAD. A commit of null is a folder without git. */
async function published(commits: readonly (string | null)[], isAncestor = git): Promise<readonly Head[]> {
  const heads: Head[] = [];
  for (const name of commits) {
    const before = heads.at(-1);
    const commit = name === null ? null : id(name);
    const fastForward = await descends(before, commit, isAncestor);
    heads.push({
      version: 1,
      sequence: heads.length + 1,
      previous: null,
      commit,
      tree: id("tree"),
      previousCommit: before?.commit ?? null,
      fastForward,
      brokenLines: await linesBefore(before, { commit, fastForward }, isAncestor),
      dirty: false,
      uri: "https://git.example/backups.git",
      files: [{ path: "fleet.yaml", sha256: digestOf("x"), gitBlob: id("blob"), size: 1 }],
    });
  }
  return heads;
}

/** What a run makes of the last of these HEADs, if it acted on the one at that place, counted from 1. */
async function trusted(commits: readonly (string | null)[], actedOn: number): Promise<"fresh" | "stale"> {
  const heads = await published(commits);
  const { commit, sequence } = heads[actedOn - 1]!;
  const last: Carried["source"] = { commit, sequence, since: 1 };
  return sourceTrust(revisionOf(Head.parse(heads.at(-1))), last).trust;
}

describe("a revision that may follow the one acted on", () => {
  it.each([
    ["the next", "a b", 1],
    ["one some syncs later", "a b c d", 1],
    ["the same commit, published anew", "b b", 1],
    ["one that comes after history was rewritten, where the rewritten was acted on", "b x y", 2],
    ["the commit acted on, put back", "b x b", 1],
    ["one on the commit acted on, after that was put back", "b x b c", 1],
    ["a merge of what was there before and what came in its place", "b c x m", 2],
    ["one on such a merge", "b c x m m", 1],
  ])("%s: %s", async (_case, commits, actedOn) => {
    expect(await trusted(commits.split(" "), actedOn)).toBe("fresh");
  });
});

describe("a revision of a history that was rewritten", () => {
  it.each([
    ["is seen at the sync that rewrote it", "b x", 1],
    ["is seen although another sync came before the run", "b x y", 1],
    ["is seen however many came", "b x y y y y", 1],
    ["is seen where it was rewritten twice", "b x c d", 2],
    ["is seen where nobody acted on the last commit of the line", "b c x y", 1],
    ["is seen by who acted on what is given up again", "b x b c", 2],
  ])("%s: %s", async (_case, commits, actedOn) => {
    expect(await trusted(commits.split(" "), actedOn)).toBe("stale");
  });

  it("names the commit that it does not descend from, and git's own way to say that this was meant", async () => {
    const heads = await published(["b", "c", "x", "y"]);
    expect(sourceTrust(revisionOf(heads.at(-1)!), { commit: id("b"), sequence: 1, since: 1 })).toEqual({
      trust: "stale",
      because: `history was rewritten: HEAD is not a descendant of commit ${id("c")}, published as 2, and the last report acted on 1`,
      release: `sync a commit that descends from it; if the rewriting was meant, \`git merge --strategy=ours ${id("c")}\` makes one`,
    });
  });

  it("is not hidden by a sync from where git cannot tell", async () => {
    const heads = await published(["b", "x", null]);
    expect(heads.at(-1)?.brokenLines).toEqual([{ through: 1, commit: id("b"), followed: false }]);
    const [before] = heads.slice(1);
    const unsure = await linesBefore(before, { commit: id("y"), fastForward: true }, () => Promise.resolve(null));
    expect(unsure).toEqual([{ through: 1, commit: id("b"), followed: false }]);
  });

  it("is seen in a HEAD of an earlier Holdfast, which told of the last sync alone", async () => {
    const [first, second] = await published(["b", "x"]);
    const { brokenLines: _, ...old } = second!;
    const last = { commit: first!.commit, sequence: 1, since: 1 };
    expect(sourceTrust(revisionOf(Head.parse(old)), last).trust).toBe("stale");
    const next = await linesBefore(Head.parse(old), { commit: id("y"), fastForward: true }, git);
    expect(next).toEqual([{ through: 1, commit: id("b"), followed: false }]);
  });
});

describe("what HEAD keeps of it", () => {
  it("is nothing where history only went on, and nothing where all of it was taken up again", async () => {
    expect((await published(["a", "b", "c"])).map(({ brokenLines }) => brokenLines)).toEqual([[], [], []]);
    expect((await published(["b", "c", "x", "m"])).at(-1)?.brokenLines).toEqual([]);
  });

  it("is in the order in which it was published", async () => {
    const head = (await published(["b", "x"])).at(-1)!;
    const line = { through: 1, commit: id("b"), followed: false };
    expect(Head.safeParse({ ...head, brokenLines: [line, line] }).success).toBe(false);
    expect(Head.safeParse({ ...head, brokenLines: [line, { ...line, through: 2 }] }).success).toBe(true);
  });
});
