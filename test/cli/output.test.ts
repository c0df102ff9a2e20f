import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { edited, PRODUCTION } from "../scenarios/manifests.ts";
import { setRetention, unlock } from "../scenarios/people.ts";
import { serve } from "./command-line.ts";

describe("plan", () => {
  it("ends with 0 whatever it shows, unless it is asked", async () => {
    await using s = await serve({ files: PRODUCTION });
    expect((await s.run(["plan"])).code).toBe(0);
    expect((await s.run(["plan", "--exit-code"])).code, "something would change").toBe(2);
    await s.universe.run();
    expect((await s.run(["plan", "--exit-code"])).code, "nothing would").toBe(0);
    setRetention(s.universe, 60);
    expect((await s.run(["plan"])).code).toBe(0);
    expect((await s.run(["plan", "--exit-code"])).code, "something is held").toBe(3);
  });

  it("writes nothing: no lease, no report, no change", async () => {
    await using s = await serve({ files: PRODUCTION });
    await s.run(["plan"]);
    expect(s.universe.simulator.calls.all().filter(({ mutating }) => mutating)).toEqual([]);
  });

  it.each([["text"], ["json"], ["markdown"]])("says the same as %s in every run", async (format) => {
    await using s = await serve({ files: PRODUCTION });
    const [one, other] = [await s.run(["plan", "-o", format]), await s.run(["plan", "-o", format])];
    expect(one).toEqual(other);
    expect(one.err).toBe("");
  });

  it("as json is one document, with each change by its id", async () => {
    await using s = await serve({ files: PRODUCTION });
    const { out } = await s.run(["plan", "-o", "json"]);
    const plan = JSON.parse(out) as {
      readonly waves: readonly (readonly { readonly id: string; readonly action: string }[])[];
    };
    const changes = plan.waves.flat();
    expect(changes.length).toBe(7);
    expect(changes.every(({ id, action }) => /^[a-z2-7]{12}$/.test(id) && action === "create")).toBe(true);
  });

  it("looks at what it is narrowed to, and nowhere else", async () => {
    await using s = await serve({ files: PRODUCTION });
    const { out } = await s.run(["plan", "--account", "222233334444", "--only-region", "eu-central-1"]);
    expect(out).toContain("create vault central");
    expect(out).not.toContain("nightly");
    const asked = s.universe.simulator.calls.all().filter(({ service }) => service === "backup");
    expect(new Set(asked.map(({ account, region }) => `${account}/${region}`))).toEqual(
      new Set(["222233334444/eu-central-1"]),
    );
  });
});

describe("colour", () => {
  it("adds escapes and changes no word", async () => {
    await using s = await serve({ files: PRODUCTION });
    const plain = await s.run(["plan"]);
    const painted = await s.run(["plan"], { color: true });
    expect(painted.out).not.toBe(plain.out);
    expect(stripVTControlCharacters(painted.out)).toBe(plain.out);
  });
});

describe("apply", () => {
  it("shows the plan, asks, and writes nothing unless the answer is yes", async () => {
    await using s = await serve({ files: PRODUCTION });
    const said = await s.run(["apply"], { answer: false });
    expect(said.code).toBe(1);
    expect(said.out).toContain("create vault nightly");
    expect(said.err).toBe("Carry out this plan? Only yes will do: \nNothing was written.\n");
    expect(s.universe.simulator.calls.all().filter(({ mutating }) => mutating)).toEqual([]);
  });

  it.each([
    ["yes", [], true],
    ["--yes", ["--yes"], false],
  ])("with %s is a run like any other", async (_how, flags, answer) => {
    await using s = await serve({ files: PRODUCTION });
    const said = await s.run(["apply", ...flags], { answer });
    expect(said.code).toBe(0);
    expect(said.out).toContain("CORRECTED: report 1 of fleet acme");
  });
});

describe("reconcile", () => {
  it("ends with what its report says", async () => {
    await using s = await serve({ files: PRODUCTION });
    expect((await s.run(["reconcile"])).code, "corrected").toBe(0);
    setRetention(s.universe, 60);
    unlock(s.universe);
    expect((await s.run(["reconcile"])).code, "corrected, and held").toBe(3);
    s.universe.simulator.faults.add({ service: "backup", account: "222233334444", effect: { kind: "deny" } });
    expect((await s.run(["reconcile"])).code, "incomplete").toBe(4);
  });

  it("stands down with 3 while another controller has the lease, in words and in json", async () => {
    await using s = await serve({ files: PRODUCTION });
    const { world } = await s.universe.controller();
    await world.leases.take("the-scheduled-run");
    const said = await s.run(["reconcile"]);
    expect([said.code, said.err]).toEqual([3, ""]);
    expect(said.out).toMatch(
      /^STOOD DOWN: run the-scheduled-run has the lease\. Nothing was written; recorded at s3:\/\//,
    );
    const json = await s.run(["reconcile", "-o", "json"]);
    expect(JSON.parse(json.out)).toMatchObject({ result: "STOOD_DOWN", holder: "the-scheduled-run" });
  });

  it("prints its report as report show does", async () => {
    await using s = await serve({ files: PRODUCTION });
    const said = await s.run(["reconcile"]);
    expect(await s.run(["report", "show"])).toEqual(said);
    const markdown = await s.run(["reconcile", "-o", "markdown"]);
    expect(await s.run(["report", "show", "2", "-o", "markdown"])).toEqual(markdown);
    const json = await s.run(["reconcile", "-o", "json"]);
    expect(JSON.parse((await s.run(["report", "show", "-o", "json"])).out)).toEqual(JSON.parse(json.out));
  });
});

describe("report", () => {
  it("list has one line for each, newest first, and a document of them as json", async () => {
    await using s = await serve({ files: PRODUCTION });
    await s.universe.run();
    await s.universe.run();
    const said = await s.run(["report", "list"]);
    expect(said.code).toBe(0);
    expect(
      said.out
        .split("\n")
        .filter((line) => /CORRECTED|CONVERGED/.test(line))
        .map((line) => line.trim().split(/\s+/)[0]),
    ).toEqual(["2", "1"]);
    const rows = JSON.parse((await s.run(["report", "list", "-o", "json"])).out) as readonly {
      readonly result: string;
    }[];
    expect(rows.map(({ result }) => result)).toEqual(["CONVERGED", "CORRECTED"]);
  });

  it("verify ends with 0, and with 4 for what was asked and cannot be checked", async () => {
    await using s = await serve({ files: PRODUCTION });
    expect((await s.run(["report", "verify"])).code, "no chain yet").toBe(1);
    await s.universe.run();
    expect((await s.run(["report", "verify"])).code).toBe(0);
    const json = JSON.parse((await s.run(["report", "verify", "-o", "json"])).out) as { readonly intact: string };
    expect(json.intact).toBe("yes");
  });
});

describe("sync and validate", () => {
  it("validate needs neither credentials nor a network, and takes its folder as operand or flag", async () => {
    await using s = await serve({ files: PRODUCTION });
    for (const argv of [["validate"], ["validate", s.manifests], ["validate", "--desired-state", s.manifests]])
      expect(await s.run(argv)).toEqual({ code: 0, out: "4 files: no problems.\n", err: "" });
    expect(JSON.parse((await s.run(["validate", "-o", "json"])).out)).toBeDefined();
    expect(s.universe.simulator.calls.all()).toEqual([]);
  });

  it("a warning is told and is no error", async () => {
    await using s = await serve({
      files: edited("nightly.yaml", "groups: [production]", "groups: [production], regions: [eu-central-1]"),
    });
    const said = await s.run(["validate"]);
    expect(said.code).toBe(0);
    expect(said.out).toContain("warning");
  });

  it("sync as json names the head it published", async () => {
    await using s = await serve({ files: PRODUCTION });
    const said = await s.run(["sync", "--to", "s3://acme-desired-state/fleet", "-o", "json"]);
    expect(JSON.parse(said.out)).toMatchObject({ result: "published", head: { sequence: 1, commit: null } });
    expect(s.universe.simulator.bucket("acme-desired-state").keys).toContain("fleet/desired/HEAD.json");
  });
});
