import { describe, expect, it } from "vitest";
import { MOST_OPERATIONS } from "../../controller/engines/durable/operations.ts";
import { verifiedTip } from "../laws/evidence.ts";
import { callCount, mutationsOf } from "../laws/runs.ts";
import { partings } from "../laws/testimony.ts";
import { HUB, IRELAND, universe } from "../support/universe.ts";
import { runDurably } from "./durable-run.ts";

const ACCOUNTS = Number(process.env["HOLDFAST_ACCOUNTS"] ?? 1_000);
const REGIONS = [IRELAND, "eu-central-1", "us-east-1", "us-west-2"];

const accounts = Array.from({ length: ACCOUNTS }, (_, number) => String(500_000_000_000 + number));

/** One vault in every twentieth account: what there is to do is spread thinly over many shards. */
const files = {
  "fleet.yaml": `
apiVersion: holdfast/v1
kind: Fleet
metadata: { name: acme }
spec:
  accounts: { ids: [${accounts.map((id) => `"${id}"`).join(", ")}] }
  regions: [${REGIONS.join(", ")}]
  externalId: holdfast
  management: enforce
  guardrails: { concurrency: 16 }
  groups:
    some: { accounts: { ids: [${accounts
      .filter((_, at) => at % 20 === 0)
      .map((id) => `"${id}"`)
      .join(", ")}] }, regions: [${IRELAND}] }
`,
  "vault.yaml": `
apiVersion: holdfast/v1
kind: BackupVault
metadata: { name: nightly }
spec:
  targets: { groups: [some] }
  encryptionKey: alias/backup
`,
};

/** Whatever worker is given this shard dies, at whatever it is asked. */
const POISONED = 3;
const SHARD = 16;

describe("4,000 targets and a shard that kills every worker", () => {
  it("are carried within the operations of one execution; everything but the shard is done, and the report says so", async () => {
    const u = universe({ files, accounts: [HUB, ...accounts], regions: REGIONS, pageSize: 50 });
    const { world } = await u.controller();
    const from = callCount(u);
    const { ended, backend, asked } = await runDurably(u, {
      world: async () => world,
      worker: (request, work) =>
        request.task !== "apply" && request.shard === POISONED ? Promise.reject(new Error("killed")) : work(),
    });
    expect(ended).toMatchObject({ Status: "SUCCEEDED" });
    expect(backend.metered().operations).toBeLessThan(MOST_OPERATIONS);
    const answers = asked.map(({ answer }) => JSON.stringify(answer ?? null).length);
    expect(Math.max(...answers)).toBeLessThanOrEqual(64 + 80);

    const report = await verifiedTip(u.simulator);
    expect(report.run.failure).toBeUndefined();
    expect(partings(report, mutationsOf(u, from))).toEqual([]);
    const verdicts = Map.groupBy(report.targets, ({ result }) => result);
    expect(verdicts.get("INCOMPLETE")).toHaveLength(SHARD);
    const made = accounts.filter((id) => u.simulator.backup(id, IRELAND).vaults.has("nightly"));
    // The shard's four accounts hold at most one that declares a vault.
    expect(made.length).toBeGreaterThanOrEqual(ACCOUNTS / 20 - 1);
    expect(report.changes).toHaveLength(made.length);
    expect(report.limitations.join("\n")).toContain(`${SHARD} of ${ACCOUNTS * REGIONS.length} targets`);
    console.log(`operations: ${backend.metered().operations}, calls of the coordinator: ${backend.calls()}`);
  }, 240_000);
});
