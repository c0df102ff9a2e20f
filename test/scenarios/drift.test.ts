import { describe, expect, it } from "vitest";
import { IRELAND, SHOP, universe, type Universe } from "../support/universe.ts";
import { edited, PRODUCTION } from "./manifests.ts";
import { later, consoleOf, planOf, retentionOf, setRetention, unlock } from "./people.ts";
import { mark, passages, told, writesSince } from "./telling.ts";

async function converged(files: Readonly<Record<string, string>> = PRODUCTION): Promise<Universe> {
  const u = universe({ files });
  await u.run();
  later(u);
  return u;
}

describe("drift that strengthens when it is put back", () => {
  it("is put back by the next run", async () => {
    const u = await converged();
    setRetention(u, 7);
    unlock(u);
    const run = told(await u.run());
    expect([run.result, run.exitCode]).toEqual(["CORRECTED", 0]);
    expect(retentionOf(u)).toBe(35);
    expect(u.simulator.backup(SHOP, IRELAND).vaults.get("nightly")?.lock).toMatchObject({ minRetentionDays: 7 });
    expect(passages(run.text, "update plan nightly")).toMatchInlineSnapshot(`
      "~   update plan nightly                                                                            plan.yaml:2
            strengthens · change idgg3yghxuqs
            rules[daily].lifecycle.deleteAfterDays: 7 → 35
            applied"
    `);
    expect(told(await u.run()).result).toBe("CONVERGED");
  });

  it("a plan whose tags were changed has those of its manifest again", async () => {
    const u = await converged(edited("plan.yaml", "  rules:", "  tags: { owner: platform }\n  rules:"));
    planOf(u).tags["owner"] = "nobody";
    expect(told(await u.run()).result).toBe("CORRECTED");
    expect(planOf(u).tags["owner"]).toBe("platform");
  });

  it("a plan deleted with its selection is made anew, selection and all", async () => {
    const u = await converged();
    const [selection] = [...planOf(u).selections];
    consoleOf(u)("backup", "DeleteBackupSelection", { BackupPlanId: planOf(u).id, SelectionId: selection?.id });
    later(u);
    consoleOf(u)("backup", "DeleteBackupPlan", { BackupPlanId: planOf(u).id });
    const run = told(await u.run());
    expect([run.result, run.exitCode]).toEqual(["CORRECTED", 0]);
    expect(planOf(u).selections.size).toBe(1);
  });
});

describe("drift that weakens when it is put back", () => {
  it("waits, with the change's id and what would release it", async () => {
    const u = await converged();
    setRetention(u, 60);
    const from = mark(u);
    const run = told(await u.run());
    expect([run.result, run.exitCode]).toEqual(["HELD", 3]);
    expect(retentionOf(u)).toBe(60);
    expect(writesSince(u, from)).toEqual([]);
    expect(passages(run.text, "update plan nightly")).toMatchInlineSnapshot(`
      "!   update plan nightly, held: needs-approval                                                      plan.yaml:2
            weakens · change bs5ayjrtp2in
            rules[daily].lifecycle.deleteAfterDays: 60 → 35
            because: rules[daily].lifecycle.deleteAfterDays: the change weakens protection
            released by: a manifest that says what is live, or \`holdfast approve bs5ayjrtp2in\`, committed"
    `);
  });

  it("does not keep what strengthens elsewhere from being put back", async () => {
    const u = await converged();
    setRetention(u, 60);
    unlock(u);
    const run = told(await u.run());
    expect([run.result, run.exitCode]).toEqual(["HELD", 3]);
    expect(u.simulator.backup(SHOP, IRELAND).vaults.get("nightly")?.lock).toMatchObject({ minRetentionDays: 7 });
  });

  it("has the same id in every run, for as long as it is the same change", async () => {
    const u = await converged();
    setRetention(u, 60);
    const idOf = async () => told(await u.run()).report.held.map(({ change }) => change);
    const first = await idOf();
    later(u, 3);
    expect(await idOf()).toEqual(first);
    setRetention(u, 61);
    expect(await idOf()).not.toEqual(first);
  });

  it("is released by a manifest that says what people did", async () => {
    const u = await converged();
    setRetention(u, 60);
    await u.run();
    u.commit(edited("plan.yaml", "deleteAfterDays: 35", "deleteAfterDays: 60"));
    const from = mark(u);
    const run = told(await u.run());
    expect([run.result, run.exitCode]).toEqual(["CONVERGED", 0]);
    expect(writesSince(u, from)).toEqual([]);
  });
});
