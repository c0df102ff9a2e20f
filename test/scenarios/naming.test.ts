import { expect, it } from "vitest";
import { FRANKFURT, IRELAND, SHOP, universe, VAULTS } from "../support/universe.ts";
import { edited } from "./manifests.ts";
import { consoleOf, later } from "./people.ts";
import { mark, passages, told, writesSince } from "./telling.ts";

const named = edited(
  "fleet.yaml",
  "  groups:",
  "  naming: { vaults: { pattern: '{nightly,central}', message: ask the platform team }, plans: { pattern: 'night*' }, rules: { pattern: daily } }\n  groups:",
);

it("names that people gave are reported for as long as they are there, and nothing is done about them", async () => {
  const u = universe({ files: named });
  expect(told(await u.run()).report.misnamed).toEqual([]);
  later(u);
  const person = consoleOf(u);
  person("backup", "CreateBackupVault", { BackupVaultName: "scratch" });
  const { BackupPlanId } = person("backup", "CreateBackupPlan", {
    BackupPlan: {
      BackupPlanName: "weekly",
      Rules: [{ RuleName: "Sundays", TargetBackupVaultName: "nightly" }],
    },
  }) as { readonly BackupPlanId: string };
  const from = mark(u);
  const run = told(await u.run());
  expect([run.result, run.exitCode]).toEqual(["CONVERGED", 0]);
  expect(writesSince(u, from)).toEqual([]);
  expect(run.report.summary["misnamed"]).toBe(3);
  expect(passages(run.text, "Not called as")).toMatchInlineSnapshot(`
    "Not called as the Fleet has names; found, and left as it is
      weekly is not called as the Fleet has plans called: night* (in 444455556666/eu-west-1)
      plan weekly: Sundays is not called as the Fleet has rules called: daily (in 444455556666/eu-west-1)
      scratch is not called as the Fleet has vaults called: {nightly,central}; ask the platform team (in
        444455556666/eu-west-1)"
  `);

  // Nothing changed: the names are as the last full report has them.
  const same = await u.run();
  if (same.ended !== "reported") throw new Error("it stood down");
  expect([same.published.report.misnamed, same.published.whole.misnamed?.length]).toEqual([[], 3]);

  // A Region that cannot be read has no names, good or bad: those of the others stand.
  const open = u.simulator.faults.add({ service: "backup", account: SHOP, region: IRELAND, effect: { kind: "deny" } });
  const blind = told(await u.run());
  expect([blind.result, blind.report.misnamed]).toEqual(["INCOMPLETE", []]);
  const shut = u.simulator.faults.add({ service: "backup", effect: { kind: "deny" } });
  expect(told(await u.run()).report.misnamed).toBeUndefined();
  open();
  shut();

  person("backup", "DeleteBackupPlan", { BackupPlanId });
  person("backup", "DeleteBackupVault", { BackupVaultName: "scratch" });
  later(u);
  expect(told(await u.run()).report.misnamed).toEqual([]);
  expect(u.simulator.backup(VAULTS, FRANKFURT).vaults.has("central")).toBe(true);
});
