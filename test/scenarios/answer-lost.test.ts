import { describe, expect, it } from "vitest";
import { FRANKFURT, IRELAND, SHOP, universe, VAULTS } from "../support/universe.ts";
import { PRODUCTION } from "./manifests.ts";
import { mark, passages, told, writesSince } from "./telling.ts";

describe("an answer lost after the write", () => {
  it.each(["Create*", "Put*", "CreateBackupSelection", "TagResource"])(
    "of %s is recognised by looking, and the write is not sent again",
    async (operation) => {
      const u = universe({ files: PRODUCTION });
      u.simulator.faults.add({ service: "backup", operation, effect: { kind: "lose" } });
      const run = told(await u.run());
      expect([run.result, run.exitCode]).toEqual(["CORRECTED", 0]);

      const shop = u.simulator.backup(SHOP, IRELAND);
      expect(shop.plans.size).toBe(1);
      expect([...shop.plans.values()].map(({ selections }) => selections.size)).toEqual([1]);
      expect(u.simulator.backup(VAULTS, FRANKFURT).vaults.has("central")).toBe(true);

      const sent = writesSince(u, 0);
      expect(run.report.actions.map(({ operation: name }) => name).toSorted()).toEqual(
        sent.map((call) => `backup:${call.operation}`).toSorted(),
      );
      const lost = sent.filter(({ delivered }) => !delivered).length;
      expect(run.report.actions.filter(({ outcome }) => outcome === "unanswered")).toHaveLength(lost);

      const from = mark(u);
      u.simulator.faults.clear();
      expect(told(await u.run()).result).toBe("CONVERGED");
      expect(writesSince(u, from)).toEqual([]);
    },
  );

  it("is told apart from a write that was answered", async () => {
    const u = universe({ files: PRODUCTION });
    u.simulator.faults.add({ service: "backup", operation: "CreateBackupPlan", effect: { kind: "lose" } });
    const run = told(await u.run());
    const [, line] = /(backup:CreateBackupPlan · .*)/.exec(run.text) ?? [];
    expect(line).toBe("backup:CreateBackupPlan · no request id · unanswered · socket hang up");
    expect(passages(run.text, "create plan nightly")).toContain("applied");
  });
});
