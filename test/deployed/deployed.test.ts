import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { VERSION } from "../../controller/version.ts";
import { UNTIL_FREE_MS, untold } from "../laws/crash.ts";
import { reportsIn, verifiedTip } from "../laws/evidence.ts";
import { mutationsIn } from "../laws/runs.ts";
import { partings } from "../laws/testimony.ts";
import { PRODUCTION } from "../scenarios/manifests.ts";
import type { Call } from "../simulator/calls.ts";
import { IRELAND, SHOP, VAULTS } from "../support/universe.ts";
import { assemble, type Assembly } from "./assembly.ts";
import { functionOf } from "./functions.ts";
import { ranAsOverLargeFleet } from "./large.ts";
import { deploy, SETTINGS, type Organization } from "./organization.ts";

let assembly: Assembly;
beforeAll(async () => {
  assembly = await assemble({ settings: SETTINGS });
}, 120_000);
afterAll(() => assembly[Symbol.asyncDispose]());

/** What EventBridge Scheduler hands to the function: the schedule's own input (Scheduler User Guide, "Templated targets"). */
const scheduledIn = (o: Organization): unknown => {
  const { Target } = o.installed.properties("AWS::Scheduler::Schedule", "Schedule") as {
    readonly Target: { readonly Arn: string; readonly Input: string };
  };
  expect(Target.Arn).toBe(functionOf(o, "Controller").arn);
  return JSON.parse(Target.Input);
};

async function deployed() {
  const o = await deploy(assembly);
  await o.sync(PRODUCTION);
  // Time passes from one run to the next: a slow machine's second report would end before its first.
  o.simulator.clock.run();
  const controller = functionOf(o, "Controller");
  const event = scheduledIn(o);
  const from = () => o.simulator.calls.all().length;
  const since = (index: number) => mutationsIn(o.simulator.calls.since(index));
  return {
    ...o,
    controller,
    folder: controller.folder,
    call: (how: { readonly remainingMs?: number; readonly kill?: AbortSignal } = {}) =>
      controller.call({ event, ...how }),
    from,
    since,
    [Symbol.asyncDispose]: o[Symbol.asyncDispose],
  };
}

const sha256 = (bytes: string | Uint8Array) => createHash("sha256").update(bytes).digest("hex");

describe("the zip that CDK uploads", () => {
  it("is the bundle's, to the byte, and the one of every function", () => {
    const functions = Object.values(assembly.hub.Resources).filter(({ Type }) => Type === "AWS::Lambda::Function");
    const keys = functions.map(({ Properties = {} }) => (Properties["Code"] as { readonly S3Key: string }).S3Key);
    expect(keys).not.toEqual([]);
    for (const key of keys) expect(sha256(assembly.asset(key))).toBe(sha256(readFileSync(assembly.bundle)));
  });
});

/** What `sha256sum * | sha256sum` says in a folder, in the C locale: infra/README.md, "The code that runs". */
function digestOf(folder: string): string {
  const names = readdirSync(folder).toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return sha256(names.map((name) => `${sha256(readFileSync(join(folder, name)))}  ${name}\n`).join(""));
}

describe.concurrent("the deployed function, scheduled", () => {
  it("makes the world so under the roles of the templates, and rests when it is so", async () => {
    await using o = await deployed();
    const synced = o.from();
    const first = await o.call();
    expect(first.error).toBeUndefined();
    expect(first.answer).toMatchObject({ result: "CORRECTED", sequence: 1 });
    expect(o.simulator.backup(SHOP, IRELAND).vaults.get("nightly")?.lock).toMatchObject({ minRetentionDays: 7 });
    expect(callersSince(o, synced)).toEqual(OURS);
    expect(o.simulator.problems).toEqual([]);

    const corrected = o.from();
    expect((await o.call()).answer).toMatchObject({ result: "CONVERGED", sequence: 2 });
    expect(o.since(corrected)).toEqual([]);
    const { reporter } = await verifiedTip(o.simulator);
    expect(reporter).toMatchObject({ id: "holdfast/lambda", version: VERSION, imageDigest: digestOf(o.folder) });
  });
});

const isDone = ({ outcome }: Call): boolean => outcome === "ok";

/** Roles that have called, by account and name. */
const callersSince = ({ simulator }: Organization, index: number): readonly string[] =>
  [
    ...new Set(simulator.calls.since(index).map(({ principal }) => principal.replace(/^.*sts::|\/[^/]*$/g, ""))),
  ].toSorted();

const OURS = [
  `${SETTINGS.hubAccount}:assumed-role/holdfast-controller`,
  ...[SHOP, VAULTS].flatMap((account) =>
    ["apply", "observe"].map((role) => `${account}:assumed-role/holdfast-${role}`),
  ),
].toSorted();

describe.concurrent("the deployed function, foreseen to be too small", () => {
  it("does what it can where there is no coordinator, and says so in its log and its report", async () => {
    await using o = await deployed();
    await ranAsOverLargeFleet(o, o.controller);
    const { answer, lines } = await o.call();
    expect(answer).toMatchObject({ result: "CONVERGED", sequence: 2 });
    expect(lines.join("\n")).toMatch(/durable-engine-due.*as the last report's calls show/);
    const { limitations } = await verifiedTip(o.simulator);
    expect(limitations).toContainEqual(
      expect.stringMatching(/^One function may not be through with the fleet in time: .*set engine to durable/),
    );
  });
});

describe.concurrent("the deployed function, out of time", () => {
  it("defers what is left, and still publishes", async () => {
    await using o = await deployed();
    const { answer, error } = await o.call({ remainingMs: 60_000 });
    expect(error).toBeUndefined();
    expect(answer).toMatchObject({ sequence: 1, result: expect.stringMatching(/DRIFTED|INCOMPLETE/) });
    expect(o.since(0)).toEqual([]);
    expect((await o.call()).answer).toMatchObject({ result: "CORRECTED", sequence: 2 });
  });

  it("is killed by Lambda, and the next run reports what the dead one did", async () => {
    await using o = await deployed();
    // One write is never answered, and while the function waits for it its time is over.
    o.simulator.faults.add({ service: "backup", operation: "Create*", after: 2, times: 1, effect: { kind: "hang" } });
    const killing = new AbortController();
    const dead = o.call({ kill: killing.signal });
    await expect.poll(() => o.since(0).some(({ outcome }) => outcome === "hang"), { timeout: 60_000 }).toBe(true);
    killing.abort();
    await expect(dead).rejects.toThrow("ended without an answer");
    expect(reportsIn(o.simulator)).toEqual([]);

    const done = o.since(0);
    const living = o.from();
    o.simulator.clock.advance(UNTIL_FREE_MS);
    expect((await o.call()).answer).toMatchObject({ result: "CORRECTED", sequence: 1 });
    const [write] = done;
    expect(untold(o.simulator, { run: write?.sourceIdentity, done: done.filter(isDone), names: new Map() })).toEqual(
      [],
    );
    expect(partings(await verifiedTip(o.simulator), o.since(living))).toEqual([]);
    expect((await o.call()).answer).toMatchObject({ result: "CONVERGED", sequence: 2 });
  });
});
