import { describe, expect, it } from "vitest";
import { FLEETS, INPUTS, ITEMS, monthly, operationsOf, targetsOf } from "../../scripts/generate/costs.ts";
import { edited } from "../scenarios/manifests.ts";
import { BUCKETS, FRANKFURT, HUB, IRELAND, SHOP, universe, VAULTS } from "../support/universe.ts";

const [small, middle, large] = FLEETS;
const costOf = (what: string, fleet: (typeof FLEETS)[number] | undefined): number =>
  ITEMS.find((item) => item.what === what)!.cost(fleet!);

describe("what it costs", () => {
  // Worked out by hand from the list prices, beside the formulas.
  it.each([
    ["Lambda", small, 120 * ((40 * 3) / 8) * (1769 / 1024) * 0.0000133334],
    ["Lambda", middle, 120 * 150 * 1.727539 * 0.0000133334],
    ["Lambda", large, 120 * (3000 + 60) * 1.727539 * 0.0000133334],
    ["Durable operations", middle, 0],
    ["Durable operations", large, 120 * (800 * 8.2e-6 + 0.00025)],
    ["S3 requests", small, 120 * (15 * 5e-6 + 15 * 4e-7)],
    ["S3 storage, after a year", large, 12 * 120 * (0.00004 + 0.000003 * 4000) * 0.023],
    ["KMS", small, 3 + 120 * (2 * 0.000015 + 80 * 0.000003)],
    ["CloudWatch Logs", large, 120 * 4000 * 2e-6 * (0.5 + 12 * 0.03)],
    ["Scheduler", large, 0.00012],
    ["Events, where they are forwarded and archived", large, 4000 * 3000 * (1e-6 + 2e-6 * 0.1 + 3 * 0.4e-6)],
    [
      "What events call for",
      small,
      40 * 300 * (3 / 8) * 1.727539 * 0.0000133334 +
        3600 * (15 * 5e-6 + 15 * 4e-7 + 2 * 0.000015 + 12 * 0.00004 * 0.023) +
        650_000 * 0.4e-6,
    ],
    ["Secrets Manager", small, 0.4],
  ] as const)("%s is as by hand, %#", (what, fleet, byHand) => {
    expect(costOf(what, fleet)).toBeCloseTo(byHand, 4);
  });

  it("adds up, and grows with the fleet", () => {
    for (const fleet of FLEETS)
      expect(monthly(fleet)).toBeCloseTo(
        ITEMS.map(({ cost }) => cost(fleet)).reduce((a, b) => a + b),
        10,
      );
    expect(monthly(small!)).toBeLessThan(monthly(middle!));
    expect(monthly(middle!)).toBeLessThan(monthly(large!));
  });

  it("keeps within the operations that a durable execution may have", () => {
    expect(targetsOf(large!)).toBe(4000);
    expect(operationsOf(large!)).toBeLessThan(2900);
  });

  it("rests on figures that a converged run on the simulator does not exceed", async () => {
    const [few, many] = [await converged([SHOP]), await converged([SHOP, HUB, VAULTS])];
    const eachTarget = (of: "bytes" | "keysRead") => (many[of] - few[of]) / (many.targets - few.targets);
    expect(many.written).toBeLessThanOrEqual(INPUTS.requestsWritten.value);
    expect(many.read).toBeLessThanOrEqual(INPUTS.requestsRead.value);
    expect(many.signed).toBe(INPUTS.signatures.value);
    expect(eachTarget("keysRead")).toBeLessThanOrEqual(INPUTS.keysRead.value);
    expect(eachTarget("bytes")).toBeLessThanOrEqual(INPUTS.evidenceOfTarget.value);
    expect(few.bytes).toBeLessThanOrEqual(INPUTS.evidence.value);
  });
});

/** What a run costs that finds nothing to do, with every target of some accounts furnished alike. */
async function converged(accounts: readonly string[]) {
  const everywhere = `{ accounts: { ids: ${JSON.stringify(accounts)} }, regions: [${IRELAND}, ${FRANKFURT}] }`;
  const fleet = edited("fleet.yaml", `{ accounts: { ids: ["${SHOP}"] }, regions: [${IRELAND}] }`, everywhere);
  const ids = `accounts: { ids: ${JSON.stringify([...new Set([...accounts, VAULTS])])} }`;
  const u = universe({
    files: { ...fleet, "fleet.yaml": fleet["fleet.yaml"]!.replace(`accounts: { ids: ["${SHOP}", "${VAULTS}"] }`, ids) },
  });
  await u.run();
  await u.run();
  const { calls, clock } = u.simulator;
  const from = calls.all().length;
  const since = clock.now();
  await u.run();
  const made = calls.since(from);
  const count = (service: string, ...operations: readonly string[]) =>
    made.filter((call) => call.service === service && operations.includes(call.operation)).length;
  return {
    targets: accounts.length * 2,
    written: count("s3", "PutObject", "ListObjectsV2"),
    read: count("s3", "GetObject"),
    signed: count("kms", "Sign"),
    keysRead: count("kms", "DescribeKey"),
    bytes: bytesSince(u, since),
  };
}

const bytesSince = ({ simulator }: ReturnType<typeof universe>, since: Date): number =>
  [...simulator.bucket(BUCKETS.evidence).objects.values()]
    .flat()
    .filter((version) => version.kind === "object" && version.modified >= since)
    .reduce((sum, version) => sum + (version.kind === "object" ? version.body.length : 0), 0);
