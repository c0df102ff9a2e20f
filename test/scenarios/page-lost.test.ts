import { describe, expect, it } from "vitest";
import type { Effect } from "../simulator/faults.ts";
import { IRELAND, SHOP, universe, type Universe } from "../support/universe.ts";
import { edited, PRODUCTION } from "./manifests.ts";
import { mark, passages, told, writesSince } from "./telling.ts";

/** A converged fleet whose vault in the shop is on the second page, which is lost from now on. */
async function secondPageLost(effect: Effect): Promise<Universe> {
  const u = universe({ files: PRODUCTION, pageSize: 2 });
  for (const BackupVaultName of ["aaa", "bbb"])
    u.simulator.operator(SHOP, IRELAND)("backup", "CreateBackupVault", { BackupVaultName });
  await u.run();
  u.simulator.faults.add({
    service: "backup",
    operation: "ListBackupVaults",
    account: SHOP,
    region: IRELAND,
    page: 2,
    effect,
  });
  return u;
}

describe("a page that is lost from the middle of a listing", () => {
  it.each<[string, Effect]>([
    ["a proxy's page in its place", { kind: "html", status: 502 }],
    ["a success that is not AWS's", { kind: "html", status: 200 }],
    ["a server fault", { kind: "unavailable" }],
    ["a broken connection", { kind: "refuse-connection" }],
  ])("%s: nothing is taken for absent, made twice or removed", async (_how, effect) => {
    const u = await secondPageLost(effect);
    const from = mark(u);
    u.commit(edited("nightly.yaml", "name: nightly }", "name: renamed }"));
    const run = told(await u.run());
    expect([run.result, run.exitCode]).toEqual(["INCOMPLETE", 4]);
    expect(writesSince(u, from)).toEqual([]);
    expect(u.simulator.backup(SHOP, IRELAND).vaults.has("nightly")).toBe(true);
    expect(run.report.held.map(({ key, reason }) => [key.kind, key.name, reason])).toEqual([
      ["vault", "renamed", "unknown-state"],
      ["vault-lock", "renamed", "unknown-state"],
      ["vault-notifications", "renamed", "unknown-state"],
    ]);
  });

  it("is told as the call that failed and everything it leaves unjudged", async () => {
    const u = await secondPageLost({ kind: "html", status: 502 });
    const run = told(await u.run());
    expect(passages(run.text, "?   unknown")).toMatchInlineSnapshot(`
      "?   unknown: backup:ListBackupVaults got no usable answer
            HTTP 502 with a body that is not the service's
            not judged: vault nightly (nightly.yaml:2), vault-lock nightly (nightly.yaml:9), vault-notifications
              nightly (nightly.yaml:10), every vault, every vault-lock, every vault-policy, every
              vault-notifications"
    `);
  });

  it("comes back with the next run, which is converged", async () => {
    const u = await secondPageLost({ kind: "unavailable" });
    await u.run();
    u.simulator.faults.clear();
    const run = told(await u.run());
    expect([run.result, run.exitCode]).toEqual(["CONVERGED", 0]);
  });
});
