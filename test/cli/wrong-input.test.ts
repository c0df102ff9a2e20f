import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { PRODUCTION } from "../scenarios/manifests.ts";
import { writesSince } from "../scenarios/telling.ts";
import { type Environment, holdfast, serve } from "./command-line.ts";

/** What was typed, in which environment; what is said on stderr. Each ends with 1 and prints nothing on stdout. */
type Case = readonly [argv: string, env: Environment, says: string];

const REFUSED: Readonly<Record<string, Case>> = {
  "a command that does not exist": ["paln", {}, "error: unknown command 'paln'\n(Did you mean plan?)\n"],
  "a flag that does not exist": [
    "plan --desired-sate .",
    {},
    "error: unknown option '--desired-sate'\n(Did you mean --desired-state?)\n",
  ],
  "a flag of another command": ["validate --exit-code", {}, "error: unknown option '--exit-code'\n"],
  "an operand too many": [
    "plan here there",
    {},
    "error: too many arguments for 'plan'. Expected 0 arguments but got 2: here, there.\n",
  ],
  "a format that does not exist": [
    "plan -o yaml",
    {},
    "error: option '-o, --output <format>' argument 'yaml' is invalid. Allowed choices are text, json, markdown.\n",
  ],
  "a format that the command has not": [
    "report verify -o markdown",
    {},
    "error: option '-o, --output <format>' argument 'markdown' is invalid. Allowed choices are text, json.\n",
  ],
  "a sync that goes nowhere": [
    "sync --desired-state .",
    {},
    "error: required option '--to <s3://bucket/prefix>' not specified\n",
  ],
  "no desired state": [
    "plan",
    {},
    "holdfast: nothing says where the desired state is: give --desired-state DIR (or s3://bucket/prefix), or set HOLDFAST_DESIRED_STATE\n",
  ],
  "a folder that is not there": [
    "validate --desired-state /nowhere/at/all",
    {},
    "holdfast: there is no folder /nowhere/at/all: check the path given as desired state\n",
  ],
  "a signer of no kind": [
    "reconcile --desired-state . --signer my-key --standalone",
    {},
    "holdfast: the signer my-key is neither kms:KEY nor file:PATH\n",
  ],
  "a second signer of no kind": [
    "reconcile --desired-state . --second-signer my-key --standalone",
    {},
    "holdfast: the signer my-key is neither kms:KEY nor file:PATH\n",
  ],
  "an endpoint in the clear": [
    "plan --desired-state . --endpoint-url http://aws.example",
    {},
    "holdfast: the endpoint http://aws.example is plain http and not on this machine: use https, or pass --allow-http if the network is yours\n",
  ],
  "an endpoint in the clear, from the environment": [
    "plan --desired-state .",
    { AWS_ENDPOINT_URL: "http://10.0.0.7:4566" },
    "holdfast: the endpoint http://10.0.0.7:4566 is plain http and not on this machine: use https, or pass --allow-http if the network is yours\n",
  ],
  "an endpoint that is no address": [
    "plan --desired-state . --endpoint-url localhost:4566",
    {},
    "holdfast: the endpoint localhost:4566 is not an http(s) address\n",
  ],
  "a run on a laptop that holds nobody off": [
    "reconcile --desired-state .",
    {},
    "holdfast: lease and evidence are in folders, which hold nobody else off: give --evidence s3://… and --work s3://… of the fleet, or say --standalone\n",
  ],
  "only one of the two in S3": [
    "apply --desired-state . --evidence s3://acme-evidence",
    {},
    "holdfast: lease and evidence are in folders, which hold nobody else off: give --evidence s3://… and --work s3://… of the fleet, or say --standalone\n",
  ],
  "a bucket that is no bucket": [
    "report list --evidence s3://Not_A_Bucket",
    {},
    "holdfast: s3://Not_A_Bucket is not s3://bucket or s3://bucket/prefix\n",
  ],
  "pinned keys that are not there": [
    "report list --evidence /nowhere --trust /nowhere/keys.json",
    {},
    "holdfast: the keys file /nowhere/keys.json cannot be read: check the path given as trust\n",
  ],
  "reports that are not there": [
    "report list --evidence /nowhere",
    {},
    "holdfast: there is no chain of reports in /nowhere: check --evidence\n",
  ],
};

describe("wrong input", () => {
  it.each(Object.entries(REFUSED))("%s", async (_what, [argv, env, says]) => {
    expect(await holdfast(argv.split(" "), { env })).toEqual({ code: 1, out: "", err: says });
  });

  it.each([
    [
      "a head without its digest",
      ["verify", "--head", "3"],
      "--head 3 is not SEQUENCE:SHA256, as a report or a verification prints it",
    ],
    [
      "a sequence that is no number",
      ["show", "newest"],
      "newest is not a report's sequence: give a number such as 42, as in 0000000042.dsse.json",
    ],
    ["a report that is not there yet", ["show", "7"], "there is no report 7 in s3://acme-evidence: the newest is 1"],
    [
      "manifests that are not there",
      ["verify", "--manifests", "/nowhere"],
      "there is no folder /nowhere: check the path given as desired state",
    ],
  ])("%s", async (_what, argv, says) => {
    await using s = await serve({ files: PRODUCTION });
    await s.universe.run();
    const said = await s.run(["report", ...argv]);
    expect([said.code, said.out]).toEqual([1, ""]);
    expect(said.err).toContain(says);
  });

  it("keys that are not keys are told with what is wrong about them", async () => {
    await using s = await serve({ files: PRODUCTION });
    const trust = join(s.folder, "keys.json");
    await writeFile(trust, `{"version":1}`);
    const said = await s.run(["reconcile", "--trust", trust]);
    expect([said.code, said.out]).toEqual([1, ""]);
    expect(said.err).toContain(`${trust} is not a keys.json:`);
    expect(writesSince(s.universe, 0)).toEqual([]);
  });

  it("a key file that others may read signs nothing", async () => {
    await using s = await serve({ files: PRODUCTION });
    const key = join(s.folder, "key.pem");
    await writeFile(key, "-----BEGIN PRIVATE KEY-----", { mode: 0o644 });
    const said = await s.run(["reconcile", "--signer", `file:${key}`]);
    expect([said.code, said.out]).toEqual([1, ""]);
    expect(said.err).toContain("is open to others than its owner (mode 644): run chmod 600 on it");
    expect(writesSince(s.universe, 0)).toEqual([]);
  });
});

describe("manifests that are refused", () => {
  it.each([["validate"], ["plan"], ["sync", "--to", "s3://acme-desired-state"]])(
    "%s says each problem with its place, and ends with 1",
    async (...argv) => {
      await using s = await serve({
        files: { ...PRODUCTION, "central.yaml": PRODUCTION["central.yaml"].replace("encryptionKey", "encryptionkey") },
      });
      const said = await s.run(argv);
      expect(said.code).toBe(1);
      expect(said.out + said.err).toContain("central.yaml:7:3: error: spec has no field encryptionkey");
      expect(s.universe.simulator.calls.all().filter(({ service }) => service === "backup")).toEqual([]);
    },
  );

  it("a folder without manifests is no desired state", async () => {
    await using s = await serve({ files: {} });
    await mkdir(join(s.manifests, "notes"));
    await writeFile(join(s.manifests, "notes", "readme.md"), "# nothing here\n");
    const said = await s.run(["plan"]);
    expect(said.code).toBe(1);
    expect(said.err).toMatchInlineSnapshot(`
      ".:1:1: error: the desired state holds no manifests: an empty one is never acted on
        hint: a desired state has one Fleet, which names its accounts and Regions

      1 error in 1 file
      "
    `);
  });
});
