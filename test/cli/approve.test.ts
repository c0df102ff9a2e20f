import { access, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Said, Served } from "./command-line.ts";
import { DAY_MS, leftovers, S3, snapshot } from "./leftovers.ts";

interface PlanOut {
  readonly waves: readonly (readonly { readonly id: string; readonly consent?: { readonly approval: string } }[])[];
  readonly groups: readonly { readonly id: string; readonly points: number }[];
  readonly held: readonly {
    readonly reason: string;
    readonly also: readonly string[];
    readonly change?: { readonly id: string; readonly subject?: string; readonly effect: string };
  }[];
}

describe("approve", () => {
  let s: Served;
  beforeEach(async () => {
    s = await leftovers();
  });
  afterEach(() => s[Symbol.asyncDispose]());

  const published = { HOLDFAST_DESIRED_STATE: S3 };
  const run = (...argv: readonly string[]): Promise<Said> => s.run(argv, { env: published });
  const approve = (...argv: readonly string[]) => run("approve", ...argv, "--write", s.manifests);
  const plan = async (): Promise<PlanOut> => JSON.parse((await run("plan", "-o", "json")).out) as PlanOut;
  const destructions = async () => (await plan()).held.filter(({ change }) => change?.effect === "destroys");
  const ids = async () => (await destructions()).flatMap(({ change }) => change?.id ?? []);

  it("of a change writes a manifest that validates, and that the next plan goes by", async () => {
    await run("reconcile");
    const [one = "", other = ""] = await ids();
    const said = await approve(
      one,
      "--reason",
      "cleared with the data owner",
      "--ticket",
      "OPS-4711",
      "--name",
      "legacy",
    );
    expect(said.err).toBe("");
    expect(said.code).toBe(0);
    expect(said.out).toContain(
      "Approval legacy: consent to 1 change (1000 bytes), to each once, until the end of 2026-03-15 (UTC)",
    );
    expect(said.out).toContain("Held still, whoever approves: in-grace (1).");
    const written = await readFile(join(s.manifests, "approvals/legacy.yaml"), "utf8");
    expect(written).toContain(
      `  changes:\n    - ${one}\n  reason: cleared with the data owner\n  ticket: OPS-4711\n  expires: 2026-03-15\n`,
    );
    expect((await s.run(["validate"])).out).not.toContain("error");
    expect((await s.run(["sync", "--to", S3])).code).toBe(0);
    const after = new Map((await destructions()).map(({ change, reason, also }) => [change?.id, [reason, ...also]]));
    expect(after.get(one)).toEqual(["in-grace"]);
    expect(after.get(other)).toEqual(["needs-approval", "in-grace"]);
  });

  it("of a group names the report that lists it, and covers its members", async () => {
    await run("reconcile");
    const [group] = (await plan()).groups;
    const explained = await run("explain", group?.id ?? "");
    expect(explained.code, "it is held").toBe(3);
    expect(explained.out).toContain(`Group ${group?.id}\n  delete 2 recovery points in `);
    expect(explained.out).toMatch(/In the last 1 report\n {2}report 1, \S+ \S+ UTC: lists it\n/);
    const wrong = await run("explain", `${group?.id}`.replace(/.$/, group?.id.endsWith("a") ? "b" : "a"));
    expect([wrong.code, wrong.err]).toEqual([1, expect.stringContaining("did you mean g")]);
    const said = await approve(group?.id ?? "", "--reason", "spent", "--for", "20d");
    expect(said.code).toBe(0);
    const written = await readFile(join(s.manifests, `approvals/${group?.id}.yaml`), "utf8");
    expect(written).toContain(`  groups:\n    - id: ${group?.id}\n      report: 1\n`);
    expect(written).toContain(`#   ${(await ids())[0]} delete ${snapshot(3)} (1000 bytes): its retention is spent`);
    await s.run(["sync", "--to", S3]);
    expect((await destructions()).map(({ reason }) => reason)).toEqual(["in-grace", "in-grace"]);
    s.universe.simulator.clock.advance(15 * DAY_MS);
    const consents = (await plan()).waves.flat().flatMap(({ consent }) => consent?.approval ?? []);
    expect(consents, "one at a time: the first of its type goes ahead").toEqual([group?.id]);
  });

  it("of a group that no report lists yet says when it can be approved", async () => {
    const [group] = (await plan()).groups;
    const said = await approve(group?.id ?? "", "--reason", "spent");
    expect([said.code, said.out]).toEqual([1, ""]);
    expect(said.err).toContain(
      "no report lists it yet: the next run's report will, or approve its 2 changes by their ids",
    );
  });

  it("in advance is for what a policy announces as expired", async () => {
    await run("reconcile");
    expect((await approve("--standing", "clean-up", "--reason", "spent")).code).toBe(0);
    await s.run(["sync", "--to", S3]);
    expect((await destructions()).map(({ reason }) => reason)).toEqual(["in-grace", "in-grace"]);
    const said = await approve("--standing", "clean-ups", "--reason", "spent");
    expect(said.err).toContain("there is no RecoveryPointPolicy clean-ups: did you mean clean-up?");
  });

  it("says which id was nearest, for every one that is not there, and writes nothing", async () => {
    await run("reconcile");
    const [one = ""] = await ids();
    const wrong = `${one.slice(0, 10)}${one.endsWith("aa") ? "bb" : "aa"}`;
    const said = await approve(wrong, "zzz", "--reason", "spent");
    expect([said.code, said.out]).toEqual([1, ""]);
    expect(said.err).toContain(`there is no change ${wrong} in the plan as it is now: did you mean ${one}?`);
    expect(said.err).toContain(
      "zzz is no id: a change's has 12 characters of a-z and 2-7, a group's begins with g and has 25",
    );
    await expect(access(join(s.manifests, "approvals"))).rejects.toThrow("ENOENT");
  });

  it("refuses to write over an approval", async () => {
    const [one = ""] = await ids();
    expect((await approve(one, "--reason", "spent", "--name", "legacy")).code).toBe(0);
    const said = await approve(one, "--reason", "spent again", "--name", "legacy");
    expect([said.code, said.out]).toEqual([1, ""]);
    expect(said.err).toContain("approvals/legacy.yaml is there already: give another --name, or remove it");
  });

  it("refuses what the manifests beside it do not take: a name that is taken in another file", async () => {
    const [one = ""] = await ids();
    await approve(one, "--reason", "spent", "--name", "legacy");
    const path = join(s.manifests, "approvals/legacy.yaml");
    await writeFile(join(s.manifests, "mine.yaml"), await readFile(path));
    await writeFile(path, "# moved\n");
    await s.run(["sync", "--to", S3]);
    expect(
      (await run("approve", one, "--reason", "spent", "--name", "legacy", "--write", join(s.folder, "elsewhere"))).code,
    ).toBe(1);
  });

  it("prints the manifest alone on stdout where there is no folder to write it into", async () => {
    const [one = ""] = await ids();
    const said = await run("approve", one, "--reason", "spent", "--name", "legacy");
    expect(said.code).toBe(0);
    expect(said.out).toMatch(
      /^# consent to 1 change \(1000 bytes\)[\s\S]*\napiVersion: holdfast\/v1\nkind: Approval\n/,
    );
    expect(said.err).toContain("save the manifest below approvals/ in the repository of manifests, and commit it");
  });

  it("writes beside the other manifests of a desired state that is a folder", async () => {
    const [one = ""] = await ids();
    // A folder has this machine's time; the change is the same at any time.
    expect((await s.run(["approve", one, "--reason", "spent", "--name", "legacy"])).code).toBe(0);
    expect(await readFile(join(s.manifests, "approvals/legacy.yaml"), "utf8")).toContain(one);
  });

  it("as json says what is covered and what holds it still", async () => {
    await run("reconcile");
    const all = await ids();
    const said = await approve(...all, "--reason", "spent", "--name", "legacy", "-o", "json");
    const out = JSON.parse(said.out) as Readonly<Record<string, unknown>> & {
      readonly covers: readonly { readonly id: string }[];
    };
    expect(out).toMatchObject({
      schema: "holdfast-approval/1",
      name: "legacy",
      lapsed: 0,
      heldStill: { "in-grace": 2 },
    });
    expect(out.covers.map(({ id }) => id).toSorted()).toEqual(all.toSorted());
  });

  it("writes nothing to AWS", async () => {
    const [one = ""] = await ids();
    const from = s.universe.simulator.calls.all().length;
    await approve(one, "--reason", "spent");
    expect(s.universe.simulator.calls.since(from).filter(({ mutating }) => mutating)).toEqual([]);
  });

  it.each([
    [["--reason", "spent"], "nothing says what to approve"],
    [["aaaaaaaaaaaa", "--reason", " "], "--reason is empty"],
    [["aaaaaaaaaaaa", "--reason", "spent", "--for", "30d"], "--for 30d is not a number of days from 1d to 29d"],
    [["aaaaaaaaaaaa", "--reason", "spent", "--for", "2w"], "--for 2w is not a number of days from 1d to 29d"],
    [["aaaaaaaaaaaa", "--reason", "spent", "--expires", "2026-03-31"], "the last day it may name today is 2026-03-30"],
    [
      ["aaaaaaaaaaaa", "--reason", "spent", "--expires", "2026-02-28"],
      "--expires 2026-02-28 has passed: today is 2026-03-01",
    ],
    [["aaaaaaaaaaaa", "--reason", "spent", "--expires", "soon"], "--expires soon is not a day: write it as 2026-03-15"],
    [["aaaaaaaaaaaa", "--reason", "spent", "--for", "2d", "--expires", "2026-03-02"], "give one of them"],
    [["aaaaaaaaaaaa", "--reason", "spent", "--name", "Legacy!"], "--name Legacy! is no name"],
    [
      ["--last-point", "arn:aws:ec2:eu-west-1::snapshot/snap-99", "--reason", "spent"],
      "no policy would delete or shorten recovery point arn:aws:ec2:eu-west-1::snapshot/snap-99",
    ],
  ])("refuses %j", async (argv, says) => {
    const said = await approve(...argv);
    expect([said.code, said.out]).toEqual([1, ""]);
    expect(said.err).toContain(says);
  });
});

describe("approving the last point of its resource", () => {
  it("takes its ARN, and lets it go after its grace", async () => {
    await using s = await leftovers({ last: true });
    const env = { HOLDFAST_DESIRED_STATE: S3 };
    const destruction = async () => {
      const plan = JSON.parse((await s.run(["plan", "-o", "json"], { env })).out) as PlanOut;
      return plan.held.find(({ change }) => change?.effect === "destroys");
    };
    await s.run(["reconcile"], { env });
    expect([(await destruction())?.reason, (await destruction())?.also]).toEqual([
      "needs-approval",
      expect.arrayContaining(["last-point"]),
    ]);
    const argv = ["approve", "--last-point", snapshot(3), "--reason", "the volume is retired", "--write", s.manifests];
    const said = await s.run(argv, { env });
    expect(said.code).toBe(0);
    expect(await readFile(join(s.manifests, "approvals/last-points.yaml"), "utf8")).toContain(
      `  lastPoints:\n    - ${snapshot(3)}\n`,
    );
    await s.run(["sync", "--to", S3]);
    const after = await destruction();
    expect([after?.reason, ...(after?.also ?? [])], "nothing but its announcement").toEqual(["not-announced"]);
  });
});

describe("an approval too far ahead", () => {
  const manifest = (expires: string): string =>
    `apiVersion: holdfast/v1\nkind: Approval\nmetadata: { name: early }\nspec: { changes: [aaaaaaaaaaaa], reason: early, expires: "${expires}" }\n`;

  it("is found by validate, which knows what day it is", async () => {
    await using s = await leftovers();
    await writeFile(join(s.manifests, "early.yaml"), manifest("2999-12-31"));
    const said = await s.run(["validate"]);
    expect(said.code).toBe(1);
    expect(said.out).toContain("is too far ahead: an approval lives at most 30 days; found 2999-12-31");
  });

  it("is not published, by the time of the store that it would be published to", async () => {
    await using s = await leftovers();
    await writeFile(join(s.manifests, "early.yaml"), manifest("2026-03-31"));
    const said = await s.run(["sync", "--to", S3]);
    expect(said.code).toBe(1);
    expect(said.err).toContain("the last day it may name today is 2026-03-30");
    await writeFile(join(s.manifests, "early.yaml"), manifest("2026-03-30"));
    expect((await s.run(["sync", "--to", S3])).code).toBe(0);
  });
});

describe("a run on one's own", () => {
  it("destroys nothing, whatever is approved and however long it waits, and says how to", async () => {
    await using s = await leftovers();
    const own = ["--evidence", join(s.folder, "evidence"), "--work", join(s.folder, "work")];
    const env = { HOLDFAST_DESIRED_STATE: S3 };
    const run = (...argv: readonly string[]) => s.run([...argv, ...own], { env });
    await run("reconcile", "--standalone");
    await s.run(
      [
        "approve",
        "--standing",
        "clean-up",
        "--reason",
        "spent",
        "--for",
        "20d",
        "--write",
        s.manifests,
        ...own.slice(0, 2),
      ],
      { env },
    );
    await s.run(["sync", "--to", S3]);
    s.universe.simulator.clock.advance(15 * DAY_MS);
    const said = await run("reconcile", "--standalone");
    expect(said.code).toBe(3);
    expect(said.out).toContain(
      "because: lease and evidence are in folders: nobody who could object would see an announcement there",
    );
    expect(s.universe.simulator.calls.all().some(({ operation }) => operation === "DeleteRecoveryPoint")).toBe(false);
  });
});
