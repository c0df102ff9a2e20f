import { execFile, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { refusal } from "../../controller/verifier/checks.ts";
import { readKeys } from "../../controller/verifier/keys.ts";
import { nodePrimitives } from "../../controller/verifier/node.ts";
import type { Pin, Verification } from "../../controller/verifier/verification.ts";
import { QUESTIONS } from "../../controller/verifier/verification.ts";
import { verifyChain } from "../../controller/verifier/verify.ts";
import { CHAIN, type Evidence } from "./chain.ts";
import { ROWS, SOUND, type Expected } from "./rows.ts";

const verifier = fileURLToPath(new URL("../../controller/verifier", import.meta.url));
const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** The evidence on the disk, with the auditor's keys.json outside of it. */
function onDisk({ files, keys }: Evidence): { readonly dir: string; readonly keysFile: string } {
  const folder = mkdtempSync(join(tmpdir(), "verify-"));
  folders.push(folder);
  const [dir, keysFile] = [join(folder, "evidence"), join(folder, "keys.json")];
  writeFileSync(keysFile, keys);
  mkdirSync(join(dir, "v1", CHAIN, "reports"), { recursive: true });
  for (const [path, bytes] of files) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), bytes);
  }
  return { dir, keysFile };
}

const pin = (text: string | undefined): Pin | undefined => {
  const [sequence, payloadSha256 = ""] = text?.split(":") ?? [];
  return text === undefined ? undefined : { sequence: Number(sequence), payloadSha256 };
};

/** The node module itself. */
async function byModule({ files, keys, pins }: Evidence): Promise<Expected> {
  const trusted = await refusal(() => readKeys(keys, nodePrimitives));
  if ("refused" in trusted) return { checks: [trusted.refused.check], no: [], late: [] };
  const below = (folder: string) =>
    [...files].filter(([path]) => path.startsWith(`v1/${CHAIN}/${folder}/`)).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const [head, start] = [pin(pins.head), pin(pins.start)];
  const { from, to, now } = pins;
  return saidBy(
    await verifyChain(
      below("reports").map(([path, bytes]) => ({ name: path.slice(path.lastIndexOf("/") + 1), bytes })),
      trusted.value,
      {
        attachment: async (sha256) => files.get(`v1/${CHAIN}/attachments/${sha256}`),
        repository: { pack: async (commit) => files.get(`v1/${CHAIN}/git/${commit}.pack`) },
        ...(head ? { head } : {}),
        ...(start ? { start } : {}),
        ...(from !== undefined && to !== undefined ? { period: { from, to } } : {}),
        ...(now === undefined ? {} : { now }),
      },
      nodePrimitives,
    ),
  );
}

const saidBy = (answer: Verification): Expected => ({
  checks: [...new Set(answer.problems.map(({ check }) => check))],
  no: QUESTIONS.filter((question) => answer[question] === "no"),
  late: answer.late.map(({ sequence }) => sequence),
  notChecked: QUESTIONS.filter((question) => answer[question] === "not-checked"),
});

/** Children run beside one another: there are hundreds. */
const run = (command: string, args: readonly string[]) =>
  new Promise<{ readonly stdout: string; readonly stderr: string; readonly status: number }>((resolve) => {
    const child = execFile(command, [...args], (_failed, stdout, stderr) =>
      resolve({ stdout, stderr, status: child.exitCode ?? -1 }),
    );
  });

const flags = (pins: Evidence["pins"]): readonly string[] =>
  Object.entries(pins).flatMap(([name, value]) => [`--${name}`, value]);

/** The bundle that lies in every evidence pack, by a Node of some version. */
async function byBundle(node: string, evidence: Evidence): Promise<Expected & { readonly status: number }> {
  const { dir, keysFile } = onDisk(evidence);
  const args = [join(verifier, "built/verify.mjs"), dir, "--keys", keysFile, "--json", ...flags(evidence.pins)];
  const { stdout, stderr, status } = await run(node, args);
  if (!stdout.startsWith("{")) return { checks: [/^keys.json: (\S+):/.exec(stdout)?.[1] ?? stderr], no: [], status };
  return { ...saidBy(JSON.parse(stdout)), status };
}

async function byShell(evidence: Evidence) {
  const { dir, keysFile } = onDisk(evidence);
  const { head, start } = evidence.pins;
  const pins = flags({ ...(head === undefined ? {} : { head }), ...(start === undefined ? {} : { start }) });
  const { stdout, stderr, status } = await run("bash", [join(verifier, "verify.sh"), dir, "--keys", keysFile, ...pins]);
  return { status, check: /^FAIL [^:]*: ([a-z0-9-]+):/.exec(stdout)?.[1], said: stdout + stderr };
}

const mldsaIn = (node: string): boolean =>
  spawnSync(node, ["-e", "require('node:crypto').generateKeyPairSync('ml-dsa-65')"]).status === 0;

/** The Node that runs the tests, and the machine's own where that is another: an auditor's may be as old as 20. */
const NODES = [...new Set([process.execPath, "/usr/bin/node", "/usr/local/bin/node"])]
  .filter((node) => spawnSync(node, ["--version"]).status === 0)
  .map((node) => ({
    node,
    version: spawnSync(node, ["--version"], { encoding: "utf8" }).stdout.trim(),
    mldsa: mldsaIn(node),
  }));

const asExpected = ({ checks, no, late = [] }: Expected) => ({ checks, no, late });

describe("attacks, seen by the verifier itself", () => {
  it.each(ROWS)("$row", async ({ evidence, expected, because }) => {
    expect({ because, ...(await byModule(evidence())) }).toMatchObject({ because, ...asExpected(expected) });
  });

  it.each(SOUND)("$row is all yes", async ({ evidence, yes }) => {
    const { checks, no, notChecked } = await byModule(evidence());
    expect({ checks, no, notChecked }).toEqual({
      checks: [],
      no: [],
      notChecked: QUESTIONS.filter((question) => !yes.includes(question)),
    });
  });
});

describe.concurrent.each(NODES)("attacks, seen by verify.mjs in Node $version", ({ node, mldsa }) => {
  it.each(ROWS)("$row", async ({ evidence, expected, p256 = expected, because }) => {
    const wanted = mldsa ? expected : p256;
    const said = await byBundle(node, evidence());
    expect({ because, checks: said.checks, no: said.no }).toEqual({ because, checks: wanted.checks, no: wanted.no });
    expect(said.status).toBe(wanted.checks.length > 0 ? 5 : wanted.notChecked ? 4 : 0);
    expect(said.notChecked ?? []).toEqual(expect.arrayContaining([...(wanted.notChecked ?? [])]));
  });

  it.each(SOUND)("$row is never said to be wrong", async ({ evidence, expected, p256 = expected }) => {
    const said = await byBundle(node, evidence());
    const wanted = mldsa ? expected : p256;
    expect({ checks: said.checks, no: said.no, status: said.status }).toEqual({
      checks: [],
      no: [],
      status: wanted.notChecked ? 4 : 0,
    });
  });
});

describe.concurrent("attacks, seen by verify.sh", () => {
  /** Nothing wrong: 4 where there are ML-DSA keys, which it says it did not check. */
  const NOTHING = { check: undefined, status: expect.toBeOneOf([0, 4]) };

  it.each(ROWS)("$row", async ({ evidence, shell, because }) => {
    const wanted = typeof shell === "string" ? { because, check: shell, status: 5 } : { because, ...NOTHING };
    expect({ because, ...(await byShell(evidence())) }).toMatchObject(wanted);
  });

  it.each(SOUND)("$row is never said to be wrong", async ({ evidence }) => {
    expect(await byShell(evidence())).toMatchObject(NOTHING);
  });
});
