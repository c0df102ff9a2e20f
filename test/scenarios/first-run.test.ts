import { describe, expect, it } from "vitest";
import { FRANKFURT, IRELAND, SHOP, universe, VAULTS } from "../support/universe.ts";
import { PRODUCTION } from "./manifests.ts";
import { mark, operationsOf, told, writesSince } from "./telling.ts";

describe("a first run", () => {
  it("makes what is declared, across accounts, each thing before what rests on it", async () => {
    const u = universe({ files: PRODUCTION });
    const first = told(await u.run());
    expect([first.result, first.exitCode]).toEqual(["CORRECTED", 0]);

    const shop = u.simulator.backup(SHOP, IRELAND);
    expect(shop.vaults.get("nightly")).toMatchObject({
      lock: { minRetentionDays: 7 },
      notifications: { events: ["BACKUP_JOB_COMPLETED"] },
      tags: { owner: "platform", "holdfast:fleet": "acme", "holdfast:resource": "vault/nightly" },
    });
    expect(u.simulator.backup(VAULTS, FRANKFURT).vaults.get("central")?.accessPolicy).toContain(
      "backup:CopyIntoBackupVault",
    );
    const [plan] = shop.plans.values();
    expect([...(plan?.selections ?? [])].map(({ content }) => content.SelectionName)).toEqual(["tagged"]);

    const order = operationsOf(writesSince(u, 0));
    expect(order.indexOf("CreateBackupPlan")).toBeGreaterThan(order.lastIndexOf("CreateBackupVault"));
    expect(order.indexOf("CreateBackupSelection")).toBeGreaterThan(order.indexOf("CreateBackupPlan"));
    expect(first.report.actions).toHaveLength(order.length);
    expect(u.simulator.problems).toEqual([]);
  });

  it("leaves nothing to do: the next one is converged and makes no write", async () => {
    const u = universe({ files: PRODUCTION });
    await u.run();
    const from = mark(u);
    const second = told(await u.run());
    expect([second.result, second.exitCode]).toEqual(["CONVERGED", 0]);
    expect(writesSince(u, from)).toEqual([]);
    expect(second.report).toMatchObject({ resources: [], held: [], changes: [], actions: [] });
  });
});
