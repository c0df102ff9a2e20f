import { describe, expect, it } from "vitest";
import { FRANKFURT, IRELAND, SHOP, universe, VAULTS } from "../support/universe.ts";
import { PRODUCTION } from "./manifests.ts";
import { later, setRetention, unlock } from "./people.ts";
import { mark, passages, told, writesSince } from "./telling.ts";

describe("a run over a part of the fleet", () => {
  it("looks nowhere else, and says that it did not", async () => {
    const u = universe({ files: PRODUCTION });
    const run = told(await u.run({ scope: { accounts: [VAULTS] } }));
    expect([run.result, run.exitCode]).toEqual(["CORRECTED", 0]);
    expect(u.simulator.backup(VAULTS, FRANKFURT).vaults.has("central")).toBe(true);
    expect(u.simulator.calls.all().filter(({ account }) => account === SHOP)).toEqual([]);
    expect(run.text).toContain("looked at a part of the fleet only");
    expect(run.report.scope).toMatchObject({ accounts: [VAULTS], partial: true });
  });

  it("strengthens, and holds whatever weakens", async () => {
    const u = universe({ files: PRODUCTION });
    await u.run();
    later(u);
    setRetention(u, 60);
    unlock(u);
    const from = mark(u);
    const run = told(await u.run({ scope: { accounts: [SHOP], regions: [IRELAND] } }));
    expect([run.result, run.exitCode]).toEqual(["HELD", 3]);
    expect(writesSince(u, from).map(({ operation }) => operation)).toEqual(["PutBackupVaultLockConfiguration"]);
    expect(passages(run.text, "update plan nightly")).toMatchInlineSnapshot(`
      "!   update plan nightly, held: partial-scope                                                       plan.yaml:2
            weakens · change bs5ayjrtp2in
            rules[daily].lifecycle.deleteAfterDays: 60 → 35
            because: it weakens, and this run looked at a part of the fleet only
            released by: run over the whole fleet
            also held by: hazard, needs-approval"
    `);
  });

  it("hands on the whole fleet's memory as it was", async () => {
    const u = universe({ files: PRODUCTION });
    const whole = told(await u.run());
    const part = told(await u.run({ scope: { regions: [FRANKFURT] } }));
    const { declared, source } = whole.report.carried;
    expect(part.report.carried).toMatchObject({ declared, source });
  });
});
