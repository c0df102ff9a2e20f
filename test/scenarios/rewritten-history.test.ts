import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { serve, type Served } from "../cli/command-line.ts";
import { edited, PRODUCTION } from "./manifests.ts";
import { retentionOf } from "./people.ts";
import { pipeline, TO } from "./pipeline.ts";
import { mark, passages, writesSince } from "./telling.ts";

/** The repository that people push to, in the folder around the manifests. */
function repository(s: Served) {
  const git = (...words: readonly string[]): string =>
    execFileSync("git", ["-C", s.folder, "-c", "user.name=t", "-c", "user.email=t@example.org", ...words], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  git("init", "-q", "-b", "main");
  return {
    git,
    /** Commits the manifests with their plan's daily backups kept so many days. */
    commit: async (days: number): Promise<string> => {
      await s.write(edited("plan.yaml", "deleteAfterDays: 35", `deleteAfterDays: ${days}`));
      git("add", "desired");
      git("commit", "-q", "-m", `keep for ${days} days`);
      return git("rev-parse", "HEAD");
    },
  };
}

describe("history that was rewritten", () => {
  it("holds everything, whichever sync the run sees of it, until a commit takes up what was given up", async () => {
    await using s = await serve({ files: PRODUCTION });
    const { sync, reconcile } = await pipeline(s);
    const { git, commit } = repository(s);
    const first = await commit(35);
    const reviewed = await commit(40);
    await sync();
    expect((await reconcile()).code).toBe(0);

    git("reset", "-q", "--hard", first);
    await commit(50);
    expect((await sync()).out.replaceAll(/[0-9a-f]{12}/g, "<commit>")).toMatchInlineSnapshot(`
      "Published 4 files to s3://acme-desired-state as sequence 2, commit <commit>.
      History was rewritten: this does not descend from commit <commit>, published as sequence 1. A controller that acted on that line only looks, until a commit that descends from it is synced.
      "
    `);
    await commit(60);
    expect((await sync()).out).toContain(
      `this does not descend from commit ${reviewed.slice(0, 12)}, published as sequence 1`,
    );
    const from = mark(s.universe);
    const run = await reconcile();
    expect(run.code).toBe(3);
    expect(writesSince(s.universe, from)).toEqual([]);
    expect(passages(run.out, "update plan").replaceAll(/[0-9a-f]{40}/g, "<commit>")).toMatchInlineSnapshot(`
      "!   update plan nightly, held: stale-source                                                        plan.yaml:2
            strengthens · change xof6h24fuoad
            rules[daily].lifecycle.deleteAfterDays: 40 → 60
            because: history was rewritten: HEAD is not a descendant of commit
              <commit>, published as 1, and the last report acted on 1
            released by: sync a commit that descends from it; if the rewriting was meant, \`git merge --strategy=ours
              <commit>\` makes one"
    `);

    git("merge", "-q", "--strategy=ours", "-m", "keep for 60 days, as was decided", reviewed);
    expect((await sync()).out).not.toContain("rewritten");
    expect((await reconcile()).code).toBe(0);
    expect(retentionOf(s.universe)).toBe(60);
  });

  it("is seen by a pipeline that cloned it anew, and has never had the commit that was published", async () => {
    await using s = await serve({ files: PRODUCTION });
    const { git, commit } = repository(s);
    await commit(35);
    await s.run(["sync", "--to", TO]);
    git("commit", "-q", "--amend", "-m", "keep for a month and a bit");
    const fresh = join(s.folder, "fresh");
    git("clone", "-q", "--no-local", pathToFileURL(s.folder).href, fresh);
    const said = await s.run(["sync", "--to", TO, "--desired-state", join(fresh, "desired")]);
    expect(said.out).toMatch(/^History was rewritten: /m);
  });
});

describe("a working copy that git can say less of", () => {
  it("is not published where it is shallow and something else was published before", async () => {
    await using s = await serve({ files: PRODUCTION });
    const { git, commit } = repository(s);
    await commit(35);
    const shallow = join(s.folder, "shallow");
    const clone = () => git("clone", "-q", "--depth=1", pathToFileURL(s.folder).href, shallow);
    const sync = () => s.run(["sync", "--to", TO, "--desired-state", join(shallow, "desired")]);
    clone();
    expect(await sync(), "the first follows nothing").toMatchObject({ code: 0 });
    await commit(40);
    git("-C", shallow, "fetch", "-q", "--depth=1");
    git("-C", shallow, "reset", "-q", "--hard", "origin/main");
    const from = mark(s.universe);
    const said = await sync();
    expect(said).toMatchObject({ code: 1, out: "" });
    expect(said.err.replaceAll(/[0-9a-f]{12}/g, "<commit>")).toMatchInlineSnapshot(`
      "holdfast: the desired state was not published: this clone is shallow, and does not tell whether commit <commit> follows <commit>, which was published before. Fetch the whole history, then sync again: git fetch --unshallow, or fetch-depth: 0 of GitHub's actions/checkout, GIT_DEPTH: 0 of GitLab
      "
    `);
    expect(s.universe.simulator.calls.since(from).filter(({ mutating }) => mutating)).toEqual([]);
    git("-C", shallow, "fetch", "-q", "--unshallow");
    expect(await sync()).toMatchObject({ code: 0 });
  });

  it("is published with a detached head, and of a folder below", async () => {
    await using s = await serve({ files: PRODUCTION });
    const { git, commit } = repository(s);
    await commit(35);
    git("checkout", "-q", "--detach");
    const { head } = JSON.parse((await s.run(["sync", "--to", TO, "-o", "json"])).out);
    expect(head).toMatchObject({ dirty: false, ref: null, manifestRoot: "desired", commit: git("rev-parse", "HEAD") });
  });

  it("is published as it is where it differs from its commit, and the log says so", async () => {
    await using s = await serve({ files: PRODUCTION });
    const { commit } = repository(s);
    await commit(35);
    await s.write(edited("plan.yaml", "deleteAfterDays: 35", "deleteAfterDays: 36"));
    expect((await s.run(["sync", "--to", TO])).out).toMatch(
      /not exactly those of commit .* Commit what differs, then sync again\.$/m,
    );
    await s.write(
      Object.fromEntries(Object.entries(PRODUCTION).map(([path, text]) => [path, text.replaceAll("\n", "\r\n")])),
    );
    expect((await s.run(["sync", "--to", TO])).out).toContain("check out with core.autocrlf=false");
  });

  it("is published of a submodule as that repository's commit; around it, what is in there is nobody's", async () => {
    await using s = await serve({ files: PRODUCTION });
    const { git, commit } = repository(s);
    await commit(35);
    const [around, url] = [join(s.folder, "around"), pathToFileURL(s.folder).href];
    git("init", "-q", around);
    git("-C", around, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", url, "backups");
    git("-C", around, "commit", "-q", "-m", "all");
    const sync = async (folder: string) =>
      JSON.parse((await s.run(["sync", "--to", TO, "--desired-state", folder, "-o", "json"])).out).head;
    const inside = { dirty: false, commit: git("rev-parse", "HEAD"), manifestRoot: "desired" };
    expect(await sync(join(around, "backups/desired"))).toMatchObject(inside);
    expect(await sync(around)).toMatchObject({ dirty: true, commit: git("-C", around, "rev-parse", "HEAD") });
  });

  it("is published of no repository at all, and the log says what that costs", async () => {
    await using s = await serve({ files: PRODUCTION });
    expect((await s.run(["sync", "--to", TO])).out).toContain(
      "They are of no commit: reports cannot say who reviewed them.",
    );
  });
});
