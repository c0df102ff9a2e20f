import { describe, expect, it } from "vitest";
import { IRELAND, SHOP, universe, VAULTS, FRANKFURT } from "../support/universe.ts";
import { PRODUCTION } from "./manifests.ts";
import { passages, told } from "./telling.ts";

describe("a session that expires", () => {
  it.each([
    ["while looking", { operation: "ListBackupVaults" }],
    ["before a write", { operation: "CreateBackupPlan" }],
  ])("%s is renewed, and the run goes on", async (_when, { operation }) => {
    const u = universe({ files: PRODUCTION });
    u.simulator.faults.add({
      service: "backup",
      account: SHOP,
      region: IRELAND,
      operation,
      times: 1,
      effect: { kind: "expired-token" },
    });
    const run = told(await u.run());
    expect([run.result, run.exitCode]).toEqual(["CORRECTED", 0]);
    expect(u.simulator.backup(SHOP, IRELAND).plans.size).toBe(1);
  });

  it("ends of itself after an hour, and a run that lasts longer never notices", async () => {
    const u = universe({ files: PRODUCTION });
    const controller = await u.controller();
    expect(told(await controller.run()).result).toBe("CORRECTED");
    u.simulator.clock.advance(2 * 3_600_000);
    expect(told(await controller.run()).result).toBe("CONVERGED");
  });

  it("again and again leaves its account unknown, and says so", async () => {
    const u = universe({ files: PRODUCTION });
    u.simulator.faults.add({ service: "backup", account: SHOP, effect: { kind: "expired-token" } });
    const run = told(await u.run());
    expect([run.result, run.exitCode]).toEqual(["INCOMPLETE", 4]);
    expect(u.simulator.backup(VAULTS, FRANKFURT).vaults.has("central"), "the other account is mended").toBe(true);
    expect(passages(run.text, "nightly.yaml")).toMatchInlineSnapshot(`
      "?   unknown: backup:ListBackupVaults had expired credentials
            The security token included in the request is expired (ExpiredTokenException)
            not judged: vault nightly (nightly.yaml:2), vault-lock nightly (nightly.yaml:9), vault-notifications
              nightly (nightly.yaml:10), every vault, every vault-lock, every vault-policy, every
              vault-notifications"
    `);
  });
});
