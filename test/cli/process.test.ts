import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { VERSION } from "../../controller/version.ts";
import { PRODUCTION } from "../scenarios/manifests.ts";
import { runNode } from "./child.ts";
import { defined, serve, shellFor, type Environment, type Served } from "./command-line.ts";

const MAIN = "controller/cli/main.ts";

/** A shell in an empty folder, with an empty home. */
async function shellIn(s: Served) {
  const [cwd, home] = [join(s.folder, "here"), join(s.folder, "home")];
  await Promise.all([mkdir(cwd), mkdir(home)]);
  const base = {
    ...shellFor(["reconcile"], s.universe),
    ...defined(s.env),
    HOME: home,
    TMPDIR: home,
  };
  return {
    type: (args: readonly string[], env: Environment = {}) =>
      runNode(MAIN, args, { cwd, env: { ...base, ...defined(env) } }),
    written: async () => ({ here: await readdir(cwd), home: await readdir(home) }),
  };
}

describe.concurrent("the command as a process of its own", () => {
  it("tells its version and its help, and the exit codes with it", async () => {
    const [version, help] = await Promise.all([
      runNode(MAIN, ["--version"], { env: {} }),
      runNode(MAIN, ["--help"], { env: {} }),
    ]);
    expect(version).toEqual({ code: 0, out: `${VERSION}\n`, err: "" });
    expect(help.code).toBe(0);
    for (const word of ["validate", "plan", "apply", "reconcile", "sync", "report", "Exit codes"])
      expect(help.out).toContain(word);
  });

  it("ends with what it found: 0, 1, 2 or 5", async () => {
    await using s = await serve({ files: PRODUCTION });
    const { type } = await shellIn(s);
    const [plan, drift, wrong, unknown] = await Promise.all([
      type(["plan"]),
      type(["plan", "--exit-code"]),
      type(["plan", "--desired-state", "/nowhere"]),
      type(["paln"]),
    ]);
    expect([plan.code, drift.code, wrong.code, unknown.code]).toEqual([0, 2, 1, 1]);
    await s.universe.run();
    const zeros = "0".repeat(64);
    expect((await type(["report", "verify", "--head", `1:${zeros}`])).code).toBe(5);
  });

  it("shows no progress and no colour where nobody watches, and puts down nothing", async () => {
    await using s = await serve({ files: PRODUCTION });
    const { type, written } = await shellIn(s);
    const [plain, forced, both] = await Promise.all([
      type(["plan"]),
      type(["plan"], { FORCE_COLOR: "1" }),
      type(["plan"], { NO_COLOR: "1" }),
    ]);
    expect(plain.err).toBe("");
    expect(plain.out).not.toContain("\u001B[");
    expect(forced.out).toContain("\u001B[");
    expect(both.out).toBe(plain.out);
    expect(await written()).toEqual({ here: [], home: [] });
  });

  it("asks nobody who is not there: apply without a terminal writes nothing", async () => {
    await using s = await serve({ files: PRODUCTION });
    const { type } = await shellIn(s);
    const said = await type(["apply"]);
    expect(said.code).toBe(1);
    expect(said.err).toContain("Nothing was written.");
    expect(s.universe.simulator.calls.writes()).toEqual([]);
  });

  it("standing alone keeps all it writes in .holdfast, where it was started", async () => {
    await using s = await serve({ files: PRODUCTION });
    const { type, written } = await shellIn(s);
    const folders = { HOLDFAST_EVIDENCE: "", HOLDFAST_WORK: "", HOLDFAST_SIGNER: "", HOLDFAST_RETENTION: "" };
    const run = await type(["reconcile", "--standalone"], folders);
    expect([run.code, run.err]).toEqual([0, ""]);
    expect(await written()).toEqual({ here: [".holdfast"], home: [] });
    expect((await type(["report", "verify"], folders)).code).toBe(0);
  });
});
