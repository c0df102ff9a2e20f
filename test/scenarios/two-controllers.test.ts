import { describe, expect, it } from "vitest";
import { reconcile } from "../../controller/reconcile.ts";
import { IRELAND, SHOP, universe } from "../support/universe.ts";
import { PRODUCTION } from "./manifests.ts";
import { brokenOff, operationsOf, passages, told, writesSince } from "./telling.ts";

/** How many calls a first run makes up to and including its first of an operation. Worlds with the same seed live the same life. */
async function callsUntil(operation: string): Promise<number> {
  const twin = universe({ files: PRODUCTION });
  await twin.run();
  return twin.simulator.calls.all().findIndex((call) => call.operation === operation) + 1;
}

describe("two controllers at once", () => {
  it("one works, the other stands down and writes nothing", async () => {
    const u = universe({ files: PRODUCTION });
    const [one, other] = await Promise.all([u.controller(), u.controller()]);
    const ends = await Promise.all([one.run(), other.run()]);
    expect(ends.map(({ ended }) => ended).toSorted()).toEqual(["reported", "stood-down"]);

    const twice = operationsOf(writesSince(u, 0)).filter((name, at, all) => all.indexOf(name) !== at);
    expect(twice, "two vaults; nothing else more than once").toEqual(["CreateBackupVault"]);
    expect(u.simulator.backup(SHOP, IRELAND).plans.size).toBe(1);
  });

  it("the next report says who stood down, and for whom", async () => {
    const u = universe({ files: PRODUCTION });
    const [one, other] = await Promise.all([u.controller(), u.controller()]);
    await Promise.all([one.run(), other.run()]);
    const next = told(await u.run());
    expect(next.report.standDowns).toMatchObject([{ run: "run-2", holder: "run-1" }]);
    // How long a run takes depends on how much there is to ask.
    const timeless = next.text.replace(/, \S+Z for [\d.]+ s/, "");
    expect(passages(timeless, "stood down")).toMatchInlineSnapshot(`
      "CONVERGED: report 2 of fleet acme
        run run-3, manual, apply, by test 0
        desired state: manifests 6ac68e18dec2, of no commit from memory:
        run run-2 stood down 2026-03-01T05:00:00.000Z, for run-1 had the lease"
    `);
    expect(told(await u.run()).report.standDowns, "told once").toEqual([]);
  });

  it("that come one after the other under one id leave a report each", async () => {
    const u = universe({ files: PRODUCTION });
    const run = {
      id: "the-same",
      trigger: "schedule",
      deadline: Number.POSITIVE_INFINITY,
      reporter: { id: "test", version: "0" },
    } as const;
    const first = told(await reconcile(run, (await u.controller()).world));
    const second = told(await reconcile(run, (await u.controller()).world));
    expect([first, second].map(({ published, result }) => [published.sequence, result])).toEqual([
      [1, "CORRECTED"],
      [2, "FAILED"],
    ]);
    expect(second.report.actions, "an id taken twice stops the second before its first write").toEqual([]);
    expect(brokenOff(second.text)).toMatchInlineSnapshot(`
      "broken off: chain-broken: the reports in s3://acme-evidence do not
          verify: v1/1b54ae1c-c477-4297-8f4b-591ea6a71a0c/openings/the-same.dsse.json belongs after report 0 of
          chain 1b54ae1c-c477-4297-8f4b-591ea6a71a0c. Nothing is built on them: run \`holdfast report verify\` to see
          which file and why, and put back what was there; where that cannot be done, \`holdfast report rechain\`
          begins anew"
    `);
  });

  it("a lease of a dead controller is taken over once it has run out, and its work is reported", async () => {
    const u = universe({ files: PRODUCTION });
    const dying = await u.controller();
    dying.connection.killAt(await callsUntil("CreateBackupPlan"), "after");
    void dying.run();
    await dying.connection.killed;

    expect((await u.run()).ended, "while the lease lasts").toBe("stood-down");
    u.simulator.clock.advance(200_000);
    const heir = told(await u.run());
    expect(heir.result).toBe("CORRECTED");
    expect(heir.report.recovered.map(({ run, key, result }) => [run, key.kind, result])).toEqual([
      ["run-1", "vault", "applied"],
      ["run-1", "vault", "applied"],
      ["run-1", "vault-policy", "applied"],
      ["run-1", "vault-lock", "applied"],
      ["run-1", "vault-notifications", "applied"],
      ["run-1", "plan", "applied-unanswered"],
    ]);
    expect(passages(heir.text, "never ended")).toMatchInlineSnapshot(`
      "Run run-1 never ended. What became of its writes:
      +   create 222233334444/eu-central-1/vault/central
            it was applied, and answered · change j7tkgt777xgy
      +   create 444455556666/eu-west-1/vault/nightly
            it was applied, and answered · change qxa5jhuiykmm
      +   create 222233334444/eu-central-1/vault-policy/central
            it was applied, and answered · change g4eiodhcgoxc
      +   create 444455556666/eu-west-1/vault-lock/nightly
            it was applied, and answered · change n4vsoubayl7h
      +   create 444455556666/eu-west-1/vault-notifications/nightly
            it was applied, and answered · change 6ipmz63i3n4h
      +   create 444455556666/eu-west-1/plan/nightly
            it was applied, though no answer had come · change xujk5vreguct"
    `);
    const created = writesSince(u, 0).filter(
      ({ operation, outcome }) => operation.startsWith("Create") && outcome === "ok",
    );
    expect(created.map(({ operation }) => operation).toSorted()).toEqual([
      "CreateBackupPlan",
      "CreateBackupSelection",
      "CreateBackupVault",
      "CreateBackupVault",
    ]);
  });
});
