import { describe, expect, it } from "vitest";
import { FRANKFURT, IRELAND, SHOP, universe, VAULTS } from "../support/universe.ts";
import { PRODUCTION } from "./manifests.ts";
import { passages, told, writesSince } from "./telling.ts";

describe("a Region that throttles", () => {
  it("is asked patiently, then left for the next run; the other Region is mended meanwhile", async () => {
    const u = universe({ files: PRODUCTION });
    u.simulator.faults.add({ service: "backup", region: FRANKFURT, effect: { kind: "throttle" } });
    const run = told(await u.run());

    expect([run.result, run.exitCode]).toEqual(["INCOMPLETE", 4]);
    expect(u.simulator.backup(SHOP, IRELAND).vaults.has("nightly")).toBe(true);
    expect(writesSince(u, 0).filter(({ region }) => region === FRANKFURT)).toEqual([]);
    const asked = u.simulator.calls.all().filter(({ operation, account, region, service }) => {
      return service === "backup" && operation === "ListBackupVaults" && account === VAULTS && region === FRANKFURT;
    });
    expect(asked.length, "more than one try").toBeGreaterThan(2);
    expect(passages(run.text, "central.yaml")).toMatchInlineSnapshot(`
      "?   unknown: backup:ListBackupVaults was throttled
            Rate exceeded (ThrottlingException)
            not judged: vault central (central.yaml:2), vault-policy central (central.yaml:8), every vault, every
              vault-lock, every vault-policy, every vault-notifications"
    `);
  });

  it("that throttles for a while only costs time", async () => {
    const u = universe({ files: PRODUCTION });
    u.simulator.faults.add({ service: "backup", region: FRANKFURT, times: 6, effect: { kind: "throttle" } });
    const run = told(await u.run());
    expect([run.result, run.exitCode]).toEqual(["CORRECTED", 0]);
    expect(told(await u.run()).result).toBe("CONVERGED");
  });

  it("that throttles writes gets each of them once, and every refused try is in the report", async () => {
    const u = universe({ files: PRODUCTION });
    u.simulator.faults.add({
      service: "backup",
      account: SHOP,
      region: IRELAND,
      operation: "CreateBackupVault",
      times: 2,
      effect: { kind: "throttle" },
    });
    const run = told(await u.run());
    expect([run.result, run.exitCode]).toEqual(["CORRECTED", 0]);
    const tries = run.report.actions.filter(
      ({ operation, key }) => operation === "backup:CreateBackupVault" && key.name === "nightly",
    );
    expect(tries.map(({ outcome, failure }) => [outcome, failure?.kind])).toEqual([
      ["refused", "throttled"],
      ["refused", "throttled"],
      ["accepted", undefined],
    ]);
    expect(new Set(tries.map(({ requestId }) => requestId)).size).toBe(3);
  });
});
