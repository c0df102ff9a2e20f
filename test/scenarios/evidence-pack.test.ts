import { execFileSync, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DESIRED_BUCKET, serve, type Said, type Served } from "../cli/command-line.ts";
import { Reader, said, until } from "../page/browser.ts";
import { addVersion, currentObject } from "../simulator/s3/state.ts";
import { BUCKETS } from "../support/universe.ts";
import { schemaCheck, wrongWith } from "../exports/schemas.ts";
import { PRODUCTION } from "./manifests.ts";
import { addNextKeys } from "./next-keys.ts";

const FROM_S3 = { HOLDFAST_DESIRED_STATE: `s3://${DESIRED_BUCKET}` };
const HOUR_MS = 3_600_000;

/** Debian's python3 has `cryptography` as a package; another one on the path need not. */
const PATH = `${dirname(process.execPath)}:/usr/bin:/bin:${process.env["PATH"] ?? ""}`;

/** ML-DSA came with OpenSSL 3.5. */
function knowsMlDsa(): boolean {
  const [, major = 0, minor = 0] =
    /^OpenSSL (\d+)\.(\d+)/.exec(execFileSync("openssl", ["version"], { encoding: "utf8", env: { PATH } })) ?? [];
  return Number(major) > 3 || (Number(major) === 3 && Number(minor) >= 5);
}

interface Ran {
  readonly code: number | null;
  readonly out: string;
}

/** What an auditor does: a shell in a folder, and none of our settings. */
function shell(folder: string, script: string): Ran {
  const { status, stdout, stderr } = spawnSync("bash", ["--norc", "-euo", "pipefail", "-c", script], {
    cwd: folder,
    env: { PATH, HOME: folder },
    encoding: "utf8",
  });
  return { code: status, out: stdout + stderr };
}

const gitIn = (folder: string, ...words: readonly string[]): string =>
  execFileSync("git", ["-C", folder, "-c", "user.name=t", "-c", "user.email=t@example.org", ...words], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });

/** Four runs over a desired state in git: the first makes everything, a person meddles before the third. */
async function fleet(): Promise<Served> {
  const s = await serve({ files: PRODUCTION });
  gitIn(s.folder, "init", "-q", "-b", "main");
  gitIn(s.folder, "add", "desired");
  gitIn(s.folder, "commit", "-q", "-m", "all");
  await s.run(["sync", "--to", `s3://${DESIRED_BUCKET}`]);
  for (let run = 1; run <= 4; run++) {
    expect((await s.run(["reconcile"], { env: FROM_S3 })).code).toBe(0);
    s.universe.simulator.clock.advance(HOUR_MS);
  }
  return s;
}

const pack = (s: Served, name: string, ...more: readonly string[]): Promise<Said> =>
  s.run(["report", "pack", "--out", join(s.folder, name), ...more]);

async function packed(s: Served, name: string): Promise<void> {
  const said = await pack(s, name);
  if (said.code !== 0) throw new Error(said.err);
}

/** Unpacks by stock tar; answers the pack's folder. */
async function unpack(s: Served, name: string): Promise<string> {
  const folder = join(s.folder, `${name}.d`);
  await mkdir(folder);
  execFileSync("tar", ["-xf", join(s.folder, name), "-C", folder]);
  const [only = "", ...others] = await readdir(folder);
  expect(others).toEqual([]);
  return join(folder, only);
}

/** The README's fenced blocks by their heads: what a reader copies, and nothing else. */
async function recipes(folder: string): Promise<ReadonlyMap<string, string>> {
  const text = await readFile(join(folder, "README.md"), "utf8");
  return new Map(
    [...text.matchAll(/^### (.*)\n\n[^\n]*\n\n```sh\n([\s\S]*?)\n```$/gm)].map(([, head = "", script = ""]) => [
      head,
      script,
    ]),
  );
}

/** Somebody with every right over the bucket changes what a report says. */
function tamper(s: Served, sequence: number): void {
  const bucket = s.universe.simulator.bucket(BUCKETS.evidence);
  const key = bucket.keys.find((one) => one.endsWith(`/reports/${String(sequence).padStart(10, "0")}.dsse.json`)) ?? "";
  const version = bucket.objects.get(key)?.at(-1);
  if (version?.kind !== "object") throw new RangeError(`there is no report ${sequence}`);
  const envelope: { payload: string } = JSON.parse(Buffer.from(version.body).toString());
  const payload = Buffer.from(envelope.payload, "base64")
    .toString()
    .replace('"trigger":"manual"', '"trigger":"schedule"');
  const body = Buffer.from(JSON.stringify({ ...envelope, payload: Buffer.from(payload).toString("base64") }));
  addVersion(bucket, key, { ...version, body, checksums: {}, id: "rewritten" });
}

describe("an evidence pack", () => {
  let s: Served;
  let folder: string;
  let commands: ReadonlyMap<string, string>;
  const recipe = (head: RegExp): string => {
    const found = [...commands].find(([name]) => head.test(name));
    expect(found, `no recipe ${head} among ${[...commands.keys()].join(", ")}`).toBeDefined();
    return found?.[1] ?? "";
  };

  beforeAll(async () => {
    s = await fleet();
    await packed(s, "all.tar");
    folder = await unpack(s, "all.tar");
    commands = await recipes(folder);
  }, 120_000);
  afterAll(() => s[Symbol.asyncDispose]());

  it("is the same bytes each time it is made", async () => {
    await pack(s, "again.tar");
    const [one, other] = await Promise.all(["all.tar", "again.tar"].map((name) => readFile(join(s.folder, name))));
    expect(one?.equals(other ?? Buffer.alloc(0))).toBe(true);
  });

  it("verifies as the archive it is and as the folder it was, with keys that came another way", async () => {
    const keys = join(s.folder, "keys.json");
    await writeFile(keys, currentObject(s.universe.simulator.bucket(BUCKETS.evidence), "keys.json")?.body ?? "");
    const head = (await readFile(join(folder, "HEAD.txt"), "utf8")).trim();
    for (const where of [join(s.folder, "all.tar"), folder]) {
      const said = await s.run(["report", "verify", "--pack", where, "--keys", keys, "--head", head, "-o", "json"], {
        env: { HOLDFAST_EVIDENCE: join(s.folder, "nothing-here") },
      });
      expect(JSON.parse(said.out), where).toMatchObject({
        intact: "yes",
        complete: "yes",
        anchored: "yes",
        reports: 4,
        problems: [],
      });
      expect(said.code, where).toBe(0);
    }
  });

  it("has every file in SHA256SUMS, which sha256sum agrees with", async () => {
    expect(shell(folder, recipe(/the ones that were packed/))).toEqual({ code: 0, out: "files as packed\n" });
    const listed = (await readFile(join(folder, "SHA256SUMS"), "utf8"))
      .trim()
      .split("\n")
      .map((line) => line.slice(66));
    const there = (await readdir(folder, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
    expect(listed.toSorted()).toEqual(there.filter((name) => name !== "SHA256SUMS").toSorted());
  });

  it("verifies by the OpenSSL commands of its README", async () => {
    const { code, out } = shell(folder, recipe(/with OpenSSL$/));
    expect(out).toMatch(/^Verified OK$/m);
    const keys: { readonly keys: readonly { readonly keyid: string }[] } = JSON.parse(
      await readFile(join(folder, "keys.json"), "utf8"),
    );
    expect(out).toContain(`key     ${keys.keys[0]?.keyid}\n`);
    const [, head] = (await readFile(join(folder, "HEAD.txt"), "utf8")).trim().split(":");
    expect(out).toContain(`payload ${head}\n`);
    expect(code).toBe(0);
  });

  it("verifies by the Python of its README", () => {
    const { code, out } = shell(folder, recipe(/with Python$/));
    expect(out).toMatch(/^4 [0-9a-f]{64} signed by [0-9a-f]{64}$/m);
    expect(out).toMatch(/signatures and links verified\n$/);
    expect(code).toBe(0);
  });

  it("verifies by the verify.mjs in it, INTACT, COMPLETE, SOURCED and ANCHORED", () => {
    const { code, out } = shell(folder, recipe(/with Node/));
    for (const question of ["INTACT", "COMPLETE", "SOURCED", "ANCHORED"])
      expect(out).toMatch(new RegExp(`^${question} +yes`, "m"));
    expect(code).toBe(0);
  });

  it("verifies by the verify.sh in it", () => {
    const { code, out } = shell(folder, recipe(/with bash/));
    expect(out).not.toContain("FAIL");
    expect(code).toBe(0);
  });

  it("verifies in a stock browser, offline, by the viewer in it and from the archive as it is", async () => {
    const reader = new Reader();
    try {
      const { page } = await reader.open(await readFile(join(folder, "viewer.html"), "utf8"));
      await page.locator("#open input").setInputFiles(join(s.folder, "all.tar"));
      await until(page, "/^(VALID|INVALID)/.test(document.querySelector('#verdict h2').textContent)");
      expect(await said(page)).toMatchObject({
        verdict: "VALID",
        answers: { intact: "yes", complete: "yes", sourced: "yes" },
      });
    } finally {
      await reader.close();
    }
  });

  it("shows what was in git, by stock git", () => {
    const { code, out } = shell(folder, recipe(/with git$/));
    for (const name of Object.keys(PRODUCTION)) expect(out).toContain(`\tdesired/${name}\n`);
    expect(code).toBe(0);
  });

  it("tells of a manifest that the report names it, by cosign where the machine has it", (context) => {
    const script = recipe(/With cosign/);
    expect(script).toContain("cosign verify-blob-attestation --key");
    if (!PATH.split(":").some((path) => existsSync(join(path, "cosign"))))
      context.skip("not run here: there is no cosign");
    expect(shell(folder, script).code).toBe(0);
  });

  it.each<[string, RegExp, string]>([
    ["verify.mjs", /with Node/, "0000000004.dsse.json"],
    ["verify.sh", /with bash/, "FAIL"],
    ["OpenSSL", /with OpenSSL$/, "Verification failure"],
    ["Python", /with Python$/, "no signature by a key of keys.json"],
  ])("fails by %s where a byte of the last report was changed", async (_tool, head, why) => {
    const changed = join(s.folder, `changed-${_tool}`);
    execFileSync("cp", ["-r", folder, changed]);
    const [chain = ""] = await readdir(join(changed, "v1"));
    const file = join(changed, "v1", chain, "reports", "0000000004.dsse.json");
    const text = await readFile(file, "utf8");
    await writeFile(
      file,
      text.replace(
        /("payload":".{400})(.)/,
        (_all, before: string, one: string) => `${before}${one === "A" ? "B" : "A"}`,
      ),
    );
    const { code, out } = shell(changed, recipe(head));
    expect(out).toContain(why);
    expect(code).not.toBe(0);
  });
});

describe("a period of the chain", () => {
  it("that begins after report 1 begins with the one that later ones refer to, says which, and verifies from there", async () => {
    await using s = await fleet();
    const said = await pack(s, "late.tar", "--from", "3");
    expect(said.code).toBe(0);
    expect(said.out).toContain("reports 2 to 4");
    expect(said.out).toContain("1 of them come before the period asked for");
    const folder = await unpack(s, "late.tar");
    expect(await readFile(join(folder, "START.txt"), "utf8")).toMatch(/^2:[0-9a-f]{64}\n$/);
    expect(await readFile(join(folder, "csv/reports.csv"), "utf8")).toMatch(/^2,.*,report,/m);
    const verified = await s.run(["report", "verify", "--pack", folder, "-o", "json"]);
    expect(JSON.parse(verified.out)).toMatchObject({ intact: "yes", complete: "yes", reports: 3, problems: [] });
    expect(
      shell(folder, [...(await recipes(folder))].find(([head]) => head.endsWith("with Python"))?.[1] ?? "false").code,
    ).toBe(0);
  });

  it("may be given by day or time, and is refused where it holds no report", async () => {
    await using s = await fleet();
    const { run } = JSON.parse((await s.run(["report", "show", "2", "-o", "json"])).out).report;
    const day = run.finishedOn.slice(0, 10);
    expect((await pack(s, "day.tar", "--from", day, "--to", day)).out).toContain("reports 1 to 4");
    expect((await pack(s, "time.tar", "--from", run.finishedOn)).out).toContain("reports 2 to 4");
    expect((await pack(s, "until.tar", "--to", run.finishedOn)).out).toContain("reports 1 to 2");
    const none = await pack(s, "none.tar", "--from", "2001-01-01", "--to", "2001-12-31");
    expect([none.code, none.err]).toEqual([1, expect.stringContaining("there are 1 to 4")]);
    const odd = await pack(s, "odd.tar", "--from", "yesterday");
    expect([odd.code, odd.err]).toEqual([1, expect.stringContaining("neither a report's sequence nor a day")]);
  });

  it("that does not verify is packed all the same, ends with 5, and says so at the top of its README", async () => {
    await using s = await fleet();
    tamper(s, 2);
    const said = await pack(s, "broken.tar");
    expect([said.code, said.err]).toEqual([5, expect.stringContaining("INTACT")]);
    const folder = await unpack(s, "broken.tar");
    const readme = await readFile(join(folder, "README.md"), "utf8");
    expect(readme.split("\n")[2]).toMatch(/^> \*\*THIS CHAIN DOES NOT VERIFY: INTACT/);
    expect(readme).toContain("0000000002.dsse.json");
    expect((await s.run(["report", "verify", "--pack", folder])).code).toBe(5);
    expect(
      shell(folder, [...(await recipes(folder))].find(([head]) => head.endsWith("with Python"))?.[1] ?? "true").code,
    ).not.toBe(0);
  });
});

describe("a chain that was handed over to two keys", () => {
  it("verifies by every tool as far as that tool knows ML-DSA, and none says more than it looked at", async () => {
    await using s = await serve({ files: PRODUCTION });
    addNextKeys(s.universe);
    await s.run(["reconcile"]);
    const to = ["--to", "kms:alias/next", "--second-to", "kms:alias/second", "--reason", "a second signature", "--yes"];
    expect((await s.run(["report", "rotate-keys", ...to])).code).toBe(0);
    const both = ["--signer", "kms:alias/next", "--second-signer", "kms:alias/second"];
    expect((await s.run(["reconcile", ...both])).code).toBe(0);
    expect(await pack(s, "two-keys.tar")).toMatchObject({ code: 0, err: "" });
    const folder = await unpack(s, "two-keys.tar");
    const commands = [...(await recipes(folder))];
    const ran = (head: string): Ran => shell(folder, commands.find(([name]) => name.includes(head))?.[1] ?? "exit 99");

    expect(ran("with Node")).toMatchObject({ code: 0, out: expect.stringMatching(/^INTACT +yes/m) });
    expect(ran("with bash")).toMatchObject({ code: 4, out: expect.stringContaining("ML-DSA") });
    expect(ran("with Python").out).toMatch(/^3 .*\nsignatures and links verified$/m);
    expect(ran("One report, with OpenSSL").out).toContain("Verified OK");
    // An OpenSSL that cannot read the key must not say that it verified.
    const second = ran("with OpenSSL 3.5");
    expect(second.out.includes("Signature Verified Successfully")).toBe(knowsMlDsa());
    expect(second.code === 0).toBe(knowsMlDsa());
    expect(await readFile(join(folder, "csv/reports.csv"), "utf8")).toMatch(/^2,.*,key transition,/m);
  });
});

describe("reports in other forms", () => {
  it("are written as files into a folder, one report or a period", async () => {
    await using s = await fleet();
    const run = (...argv: readonly string[]) => s.run(["report", "export", ...argv]);
    const listed = async (name: string) => (await readdir(join(s.folder, name))).toSorted();
    for (const format of ["csv", "ocsf", "oscal", "sigstore"])
      expect(await run("--format", format, "--out", join(s.folder, format))).toMatchObject({ code: 0, err: "" });
    expect(await listed("ocsf")).toEqual(["findings.ndjson"]);
    const read = (path: string) => readFile(join(s.folder, path), "utf8");
    const findings = (await read("ocsf/findings.ndjson")).trim().split("\n");
    expect(findings.length).toBeGreaterThan(3);
    const ocsf = schemaCheck("ocsf-compliance-finding.json");
    for (const line of findings) expect(wrongWith(ocsf, JSON.parse(line))).toEqual([]);
    const oscal = schemaCheck("oscal-assessment-results.json");
    for (const name of await listed("oscal"))
      expect(wrongWith(oscal, JSON.parse(await read(`oscal/${name}`))), name).toEqual([]);
    expect(await listed("oscal")).toEqual(["assessment-plan.json", "assessment-results.json"]);
    expect(await listed("sigstore")).toEqual([1, 2, 3, 4].map((sequence) => `000000000${sequence}.sigstore.json`));
    expect(await listed("csv")).toContain("reports.csv");
    expect((await run("--format", "sigstore", "--out", join(s.folder, "one"), "2")).code).toBe(0);
    expect(await listed("one")).toEqual(["0000000002.sigstore.json"]);
    expect((await run("--format", "sigstore", "--out", join(s.folder, "both"), "2", "--to", "3")).code).toBe(1);
    expect((await run("--format", "sarif", "--out", s.folder)).code).toBe(1);
  });
});
