/** A hub as a large organization deploys it: a durable engine, the evidence in a log archive, the public keys pinned. */
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DeleteObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { HEAD_KEY, HEAD_TYPE } from "../../controller/load/head.ts";
import { parseKeys } from "../../controller/attest/sealing/keys.ts";
import { reportsIn, verifiedTip } from "../laws/evidence.ts";
import { mutationsIn } from "../laws/runs.ts";
import { PRODUCTION } from "../scenarios/manifests.ts";
import { addVersion, currentObject } from "../simulator/s3/state.ts";
import { HUB, IRELAND, SHOP, VAULTS } from "../support/universe.ts";
import { bytesOf, ecKey, envelope, jcs, keysOf, openTest, signatureBy, TYPE } from "../verifier/chain.ts";
import { assemble, type Assembly } from "./assembly.ts";
import { credentialsOf, functionOf, sessionOf, type LambdaFunction } from "./functions.ts";
import { killer } from "./kills.ts";
import { ranAsOverLargeFleet } from "./large.ts";
import { runFunctions, start } from "./lambda.ts";
import { LEGACY, placeLegacy } from "./legacy.ts";
import { ARCHIVE, deploy, DESIRED_STATE, SETTINGS, type Organization } from "./organization.ts";

const ARCHIVED = { ...SETTINGS, engine: "durable", evidence: { account: ARCHIVE } };
const EVIDENCE = `holdfast-evidence-${HUB}-${IRELAND}`;
const ACCOUNTS = [HUB, SHOP, VAULTS, ARCHIVE];

/** The pins of a hub: its keys are there before anything trusts them, and it is deployed again with what they are (infra/README.md). */
async function pinned(first: Assembly): Promise<Assembly> {
  await using o = await deploy(first, ACCOUNTS);
  const folder = mkdtempSync(join(tmpdir(), "holdfast-pins-"));
  const keysFor = async (role: string, alias: string) => {
    const file = join(folder, `${alias}.json`);
    writeFileSync(file, await o.holdfast(role, ["keys", "--signer", `kms:alias/${alias}`]));
    return file;
  };
  const [reports, sync] = await Promise.all([
    keysFor("holdfast-controller", "holdfast-evidence"),
    keysFor("holdfast-publisher", "holdfast-sync"),
  ]);
  const assembly = await assemble({ settings: { ...ARCHIVED, trust: { reports, sync } }, bundle: first.bundle });
  // What is pinned travels with the deployment from here on.
  rmSync(folder, { recursive: true });
  return assembly;
}

let o: Organization;
let controller: LambdaFunction;
let coordinator: LambdaFunction;
const made = new AsyncDisposableStack();
beforeAll(async () => {
  const assembly = made.use(await pinned(made.use(await assemble({ settings: ARCHIVED }))));
  o = made.use(await deploy(assembly, ACCOUNTS));
  placeLegacy(o);
  await o.sync({ ...PRODUCTION, "legacy.yaml": LEGACY });
  o.simulator.clock.run();
  controller = functionOf(o, "Controller");
  coordinator = functionOf(o, "EngineCoordinator");
}, 180_000);
afterAll(() => made.disposeAsync());

const CONTROLLER = `arn:aws:iam::${HUB}:role/holdfast-controller`;

describe("a run that is foreseen to be too large for one function", () => {
  it("is handed over to the coordinator, which carries it and reports once", async () => {
    const lambda = runFunctions(o, {
      coordinator,
      worker: functionOf(o, "EngineWorker"),
      folder: mkdtempSync(join(tmpdir(), "holdfast-executions-")),
      killer: killer(o.simulator, { seed: 1, kills: 0, each: 0, within: 1 }),
    });
    expect(await ranAsOverLargeFleet(o, controller)).toMatchObject({ published: { report: { result: "CORRECTED" } } });
    const vault = o.simulator.backup(SHOP, IRELAND).vaults.get("nightly")!;
    vault.notifications = undefined;
    const from = o.simulator.calls.all().length;

    const { answer, error, lines } = await controller.call({ event: {} });
    expect(error).toBeUndefined();
    expect(answer).toEqual({ run: expect.any(String), handedTo: coordinator.arn });
    expect(lines.join("\n")).toMatch(/durable-engine-due.*as the last report's calls show/);
    const { run } = answer as { readonly run: string };
    const { executions } = o.simulator.lambda(HUB, IRELAND);
    expect([...executions.keys()]).toEqual([expect.stringContaining(`/durable-execution/${run}/`)]);
    // An answer that was lost is asked for again.
    await start(o, { controller, coordinator }, run);
    expect(executions.size).toBe(1);

    const [execution, ...others] = await lambda.executions();
    expect(others).toEqual([]);
    expect(execution?.ended, lambda.lines.join("\n")).toMatchObject({ Status: "SUCCEEDED" });
    const report = await verifiedTip(o.simulator, EVIDENCE);
    expect(report).toMatchObject({
      run: { id: run, trigger: "schedule" },
      result: "CORRECTED",
      chain: { sequence: 2 },
    });
    expect(vault.notifications).toBeDefined();
    expect(mutationsIn(o.simulator.calls.since(from)).map(({ operation }) => operation)).toEqual([
      "PutBackupVaultNotifications",
    ]);
    expect(report.attachments.map(({ name }) => name)).toContainEqual(expect.stringMatching(/^inventory-\d{4}/));
    expect(o.simulator.problems).toEqual([]);
  });
});

describe("evidence in a log archive", () => {
  it("is published there by the hub's roles, under the policies of both sides", () => {
    expect(o.simulator.bucket(EVIDENCE).account).toBe(ARCHIVE);
    expect(reportsIn(o.simulator, EVIDENCE)).toHaveLength(2);
    const objects = o.simulator.bucket(EVIDENCE).keys.map((key) => currentObject(o.simulator.bucket(EVIDENCE), key));
    const until = o.simulator.clock.now().getTime() + 2556 * 86_400_000;
    for (const object of objects) {
      expect(object?.retention?.mode).toBe("GOVERNANCE");
      expect(object?.retention?.until.getTime()).toBeGreaterThan(until);
    }
    const writers = o.simulator.calls
      .all()
      .filter(({ operation, input }) => operation === "PutObject" && input["Bucket"] === EVIDENCE);
    expect(new Set(writers.map(({ principal }) => principal.replace(/^.*assumed-role\/|\/[^/]*$/g, "")))).toEqual(
      new Set(["holdfast-controller", "holdfast-worker"]),
    );
  });

  const report = () => o.simulator.bucket(EVIDENCE).keys.find((key) => key.includes("/reports/"));
  const ATTEMPTS = {
    "puts without a lock": (client: S3Client) =>
      client.send(new PutObjectCommand({ Bucket: EVIDENCE, Key: "v1/new", Body: "said", IfNoneMatch: "*" })),
    "deletes a report": (client: S3Client) => client.send(new DeleteObjectCommand({ Bucket: EVIDENCE, Key: report() })),
  };
  const ANYBODY = [
    CONTROLLER,
    `arn:aws:iam::${HUB}:role/holdfast-worker`,
    `arn:aws:iam::${HUB}:role/administrator`,
    `arn:aws:iam::${ARCHIVE}:role/administrator`,
  ];
  it.each(Object.keys(ATTEMPTS) as (keyof typeof ATTEMPTS)[])("is shut to everybody who %s", async (attempt) => {
    for (const account of [HUB, ARCHIVE])
      o.simulator.iam.putRole(account, {
        name: "administrator",
        trust: { Version: "2012-10-17", Statement: [] },
        policies: [{ Version: "2012-10-17", Statement: { Effect: "Allow", Action: "*", Resource: "*" } }],
      });
    for (const role of ANYBODY) {
      const credentials = credentialsOf(sessionOf(o.simulator, role, "somebody"));
      const client = new S3Client({ region: IRELAND, endpoint: o.endpoint, forcePathStyle: true, credentials });
      await expect(ATTEMPTS[attempt](client), role).rejects.toMatchObject({
        name: "AccessDenied",
      });
      client.destroy();
    }
    expect(reportsIn(o.simulator, EVIDENCE)).toHaveLength(2);
  });
});

/** Puts other bytes in the place of an object, as nobody may: what is believed then rests on the pins alone. */
function replace(name: string, key: string, body: Uint8Array): void {
  const bucket = o.simulator.bucket(name);
  const current = currentObject(bucket, key)!;
  const etag = `"${createHash("md5").update(body).digest("hex")}"`;
  addVersion(bucket, key, { ...current, id: `forged-${bucket.objects.get(key)?.length}`, body, etag, checksums: {} });
}

const objectAt = (name: string, key: string): Uint8Array => currentObject(o.simulator.bucket(name), key)!.body;

/** What was said, in the same words, by somebody else. */
function signedBy(key: ReturnType<typeof ecKey>, file: Uint8Array, type: string): Uint8Array {
  const { payload } = openTest(file);
  return envelope(payload, [signatureBy(key, payload, type)], type);
}

describe("keys that are not pinned", () => {
  const stranger = ecKey();

  it("make no desired state", async () => {
    const own = objectAt(DESIRED_STATE, HEAD_KEY);
    replace(DESIRED_STATE, HEAD_KEY, signedBy(stranger, own, HEAD_TYPE));
    const from = o.simulator.calls.all().length;
    const { answer, lines } = await controller.call({ event: {} });
    expect(answer, lines.join("\n")).toMatchObject({ result: "FAILED", sequence: 3 });
    const { run } = await verifiedTip(o.simulator, EVIDENCE);
    expect(run.failure).toMatchObject({ code: "source-unverified" });
    expect(mutationsIn(o.simulator.calls.since(from))).toEqual([]);
    replace(DESIRED_STATE, HEAD_KEY, own);
  });

  it("make no chain, though the keys that lie beside it say so", async () => {
    const { keys } = parseKeys(objectAt(EVIDENCE, "keys.json")) as Extract<
      ReturnType<typeof parseKeys>,
      { keys: unknown }
    >;
    const reports = o.simulator.bucket(EVIDENCE).keys.filter((key) => key.includes("/reports/"));
    for (const key of reports) replace(EVIDENCE, key, signedBy(stranger, objectAt(EVIDENCE, key), TYPE));
    replace(EVIDENCE, "keys.json", bytesOf(jcs(keysOf([stranger], { chainId: keys.chainId }))));
    const from = o.simulator.calls.all().length;
    const { answer, error, lines } = await controller.call({ event: {} });
    expect(answer).toBeUndefined();
    expect(error?.message, lines.join("\n")).toContain("0 of the trusted keys signed it");
    expect(o.simulator.bucket(EVIDENCE).keys.filter((key) => key.includes("/reports/"))).toEqual(reports);
    expect(mutationsIn(o.simulator.calls.since(from))).toEqual([]);
  });
});
