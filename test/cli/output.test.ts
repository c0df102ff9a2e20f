import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { edited, PRODUCTION } from "../scenarios/manifests.ts";
import { setRetention, unlock } from "../scenarios/people.ts";
import { currentObject } from "../simulator/s3/state.ts";
import { BUCKETS } from "../support/universe.ts";
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

describe("an endpoint in the clear", () => {
  it("beyond this machine is used only where the network is said to be one's own", async () => {
    await using s = await serve({ files: PRODUCTION });
    // The unspecified address reaches this machine, and does not say so.
    const url = s.endpoint.replace("127.0.0.1", "0.0.0.0");
    expect((await s.run(["plan", "--endpoint-url", url])).code).toBe(1);
    expect(s.universe.simulator.calls.all()).toEqual([]);
    expect((await s.run(["plan", "--endpoint-url", url, "--allow-http"])).code).toBe(0);
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

describe("report verify, with what came another way", () => {
  it("keys: the store's own are pinned by them, and another chain's do not fit", async () => {
    await using s = await serve({ files: PRODUCTION });
    await s.universe.run();
    const own = join(s.folder, "keys.json");
    await writeFile(own, currentObject(s.universe.simulator.bucket(BUCKETS.evidence), "keys.json")?.body ?? "");
    expect((await s.run(["report", "verify"])).out).toContain("unpinned");
    const pinned = await s.run(["report", "verify", "--keys", own]);
    expect(pinned.code).toBe(0);
    expect(pinned.out).not.toContain("unpinned");

    await using other = await serve({ files: PRODUCTION, seed: 2 });
    await other.universe.run();
    const strange = await other.run(["report", "verify", "--keys", own]);
    expect(strange.code).toBe(5);
    expect(strange.out).toContain("\nno-reports: there is no report to verify\n");
    for (const command of ["list", "show"]) {
      const refused = await other.run(["report", command, "--trust", own]);
      expect([refused.code, refused.out]).toEqual([1, ""]);
      expect(refused.err).toContain("and the pinned keys are those of chain");
    }
  });

  it("manifests: the same answer SOURCED yes, others no with 5", async () => {
    await using s = await serve({ files: PRODUCTION });
    await s.run(["reconcile"]);
    const same = await s.run(["report", "verify", "--manifests", s.manifests]);
    expect([same.code, /SOURCED +yes/.test(same.out)]).toEqual([0, true]);
    await s.write(edited("plan.yaml", "deleteAfterDays: 35", "deleteAfterDays: 36"));
    const others = await s.run(["report", "verify", "--manifests", s.manifests]);
    expect([others.code, /SOURCED +no/.test(others.out)]).toEqual([5, true]);
  });

  it("a head: ANCHORED yes for the one there is, no with 5 for another", async () => {
    await using s = await serve({ files: PRODUCTION });
    await s.universe.run();
    const [, head = ""] = /Last report +(\S+)/.exec((await s.run(["report", "verify"])).out) ?? [];
    const same = await s.run(["report", "verify", "--head", head]);
    expect([same.code, /ANCHORED +yes/.test(same.out)]).toEqual([0, true]);
    const other = await s.run(["report", "verify", "--head", `1:${"0".repeat(64)}`]);
    expect([other.code, /ANCHORED +no/.test(other.out)]).toEqual([5, true]);
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
