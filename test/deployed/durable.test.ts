import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PATIENCE_MS } from "../laws/cases.ts";
import { namesIn, untold } from "../laws/crash.ts";
import { reportsIn, verifiedTip } from "../laws/evidence.ts";
import { footprint } from "../laws/footprint.ts";
import { mutationsIn } from "../laws/runs.ts";
import { PRODUCTION } from "../scenarios/manifests.ts";
import { FRANKFURT, HUB, IRELAND, SHOP, VAULTS } from "../support/universe.ts";
import { assemble, type Assembly } from "./assembly.ts";
import { functionOf } from "./functions.ts";
import { killer, type Killing } from "./kills.ts";
import { runFunctions, start } from "./lambda.ts";
import { LEGACY, placeLegacy } from "./legacy.ts";
import { deploy, SETTINGS } from "./organization.ts";

let assembly: Assembly;
beforeAll(async () => {
  assembly = await assemble({ settings: { ...SETTINGS, engine: "durable" } });
}, 120_000);
afterAll(() => assembly[Symbol.asyncDispose]());

/** Nine accounts in two Regions are 18 targets: more than one shard holds. */
const ACCOUNTS = [SHOP, VAULTS, ...Array.from({ length: 7 }, (_, index) => String(700_000_000_001 + index))];

const FLEET = `
apiVersion: holdfast/v1
kind: Fleet
metadata: { name: acme }
spec:
  accounts: { ids: ${JSON.stringify(ACCOUNTS)} }
  regions: [${IRELAND}, ${FRANKFURT}]
  externalId: holdfast
  management: enforce
  groups:
    everywhere: {}
    production: { accounts: { ids: ["${SHOP}"] }, regions: [${IRELAND}] }
    central: { accounts: { ids: ["${VAULTS}"] }, regions: [${FRANKFURT}] }
`;

/** Something to do in every target. */
const RESERVE = `
apiVersion: holdfast/v1
kind: BackupVault
metadata: { name: reserve }
spec:
  targets: { groups: [everywhere] }
  lock: { mode: governance, minRetentionDays: 7 }
`;

/** A fleet that has nothing yet, and one run over it by the durable engine. */
async function ran(killing: Killing) {
  const o = await deploy(assembly, [HUB, ...ACCOUNTS]);
  placeLegacy(o);
  await o.sync({ ...PRODUCTION, "fleet.yaml": FLEET, "reserve.yaml": RESERVE, "legacy.yaml": LEGACY });
  // A run's processes go by one time, as they do in the world: it passes while one takes over from the other.
  o.simulator.clock.run();
  const from = o.simulator.calls.all().length;
  const coordinator = functionOf(o, "EngineCoordinator");
  const hunter = killer(o.simulator, killing);
  const lambda = runFunctions(o, {
    coordinator,
    worker: functionOf(o, "EngineWorker"),
    folder: mkdtempSync(join(tmpdir(), "holdfast-executions-")),
    killer: hunter,
  });
  await start(o, { controller: functionOf(o, "Controller"), coordinator }, "run-1");
  const [execution, ...others] = await lambda.executions();
  expect(others).toEqual([]);
  const calls = o.simulator.calls.since(from);
  const asked = (task: string) =>
    [...new Set(lambda.asked.filter((one) => one.task === task).map(({ shard }) => shard))].toSorted((a, b) => a - b);
  return { o, execution, calls, asked, killed: hunter.killed, lines: lambda.lines };
}

const NOBODY: Killing = { seed: 1, kills: 0, each: 0, within: 1 };
/** What an undisturbed run makes of the world. */
let wanted: string | undefined;

describe("a run by the deployed durable functions", () => {
  it(
    "is suspended and resumed across processes, and comes to what it should",
    async () => {
      const { o, execution, calls, lines, asked } = await ran(NOBODY);
      await using _ = o;
      expect(execution?.ended, lines.join("\n")).toMatchObject({ Status: "SUCCEEDED" });
      expect(execution?.calls).toBeGreaterThan(3);
      const { Result } = (execution?.ended ?? {}) as { readonly Result?: string };
      expect(JSON.parse(Result ?? "{}")).toMatchObject({
        ended: "reported",
        result: "CORRECTED",
        sequence: 1,
      });
      const { attachments } = await verifiedTip(o.simulator);
      expect(attachments.map(({ name }) => name)).toContainEqual(expect.stringMatching(/^inventory-\d{4}/));
      expect(mutationsIn(calls).map(({ operation }) => operation)).toContain("UpdateRecoveryPointLifecycle");
      expect(o.simulator.problems).toEqual([]);
      wanted = footprint(o.simulator);
      expect(wanted.match(/vault .*"reserve"/g)).toHaveLength(2 * ACCOUNTS.length);
      // Two shards looked, and two applied.
      expect(asked("declared")).toEqual([0, 1]);
      expect(asked("apply")).toEqual([0, 1]);
    },
    PATIENCE_MS,
  );

  const seeds = Array.from({ length: Number(process.env["HOLDFAST_CASES"] ?? 1) }, (_, index) => index + 1);
  it.each(seeds)(
    "killed time after time, loses and doubles nothing (seed %i)",
    async (seed) => {
      const { o, execution, calls, killed, lines } = await ran({ seed, kills: 10, each: 2, within: 80 });
      await using _ = o;
      const story = `${killed.join("\n")}\n${lines.filter((line) => line.includes("ERROR")).join("\n")}`;
      expect(killed.length, story).toBeGreaterThan(3);
      expect(execution?.ended, story).toMatchObject({ Status: "SUCCEEDED" });
      expect(wanted, story).toBeDefined();
      expect(footprint(o.simulator), story).toBe(wanted);
      expect(reportsIn(o.simulator), story).toHaveLength(1);
      const report = await verifiedTip(o.simulator);
      const writes = mutationsIn(calls);
      const logged = new Set(writes.map(({ requestId }) => requestId));
      expect(
        report.actions.filter(({ requestId }) => requestId && !logged.has(requestId)),
        story,
      ).toEqual([]);
      // What an action tells of was answered; of the rest, looking says what became of it.
      const told = new Set(report.actions.map(({ requestId }) => requestId));
      const done = writes.filter(({ outcome, requestId }) => outcome === "ok" && !told.has(requestId));
      expect(untold(o.simulator, { run: report.run.id, done, names: namesIn(o.simulator) }), story).toEqual([]);
    },
    PATIENCE_MS,
  );
});
