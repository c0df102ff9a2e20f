import { describe, expect, it } from "vitest";
import { FRANKFURT, IRELAND, SHOP, universe, VAULTS } from "../support/universe.ts";
import { PRODUCTION } from "./manifests.ts";
import { mark, passages, told, writesSince } from "./telling.ts";

const intoVaults = ({ input }: { readonly input: Readonly<Record<string, unknown>> }): boolean =>
  String(input["RoleArn"]).includes(VAULTS);

describe("an account that denies", () => {
  it("is left alone, and the rest of the fleet is mended", async () => {
    const u = universe({ files: PRODUCTION });
    u.simulator.faults.add({ service: "backup", account: VAULTS, effect: { kind: "deny" } });
    const run = told(await u.run());

    expect([run.result, run.exitCode]).toEqual(["INCOMPLETE", 4]);
    expect(u.simulator.backup(SHOP, IRELAND).vaults.has("nightly")).toBe(true);
    expect(writesSince(u, 0).filter(({ account }) => account === VAULTS)).toEqual([]);
    expect(passages(run.text, "create plan nightly")).toMatchInlineSnapshot(`
      "!   create plan nightly, held: hazard                                                              plan.yaml:2
            strengthens · change xujk5vreguct
            because: backup or copy jobs may fail under it: a vault they write into, its lock, or a role does not
              take them, or could not be read
            released by: a manifest without the hazard, or \`holdfast approve xujk5vreguct\`, committed"
    `);
    expect(passages(run.text, "central.yaml")).toMatchInlineSnapshot(`
      "?   unknown: backup:ListBackupVaults was denied
            User is not authorized to perform: backup:ListBackupVaults with an explicit deny in a service control
              policy (AccessDeniedException)
            not judged: vault central (central.yaml:2), vault-policy central (central.yaml:8), every vault, every
              vault-lock, every vault-policy, every vault-notifications"
    `);
  });

  it("is made whole by the first run that it lets in", async () => {
    const u = universe({ files: PRODUCTION });
    const open = u.simulator.faults.add({ service: "backup", account: VAULTS, effect: { kind: "deny" } });
    await u.run();
    open();
    const run = told(await u.run());
    expect([run.result, run.exitCode]).toEqual(["CORRECTED", 0]);
    expect(u.simulator.backup(VAULTS, FRANKFURT).vaults.has("central")).toBe(true);
    expect(u.simulator.backup(SHOP, IRELAND).plans.size).toBe(1);
  });

  it("loses nothing by denying after all was well: unknown is never absent", async () => {
    const u = universe({ files: PRODUCTION });
    await u.run();
    const from = mark(u);
    u.simulator.faults.add({ service: "backup", account: VAULTS, effect: { kind: "deny" } });
    const run = told(await u.run());
    expect([run.result, run.exitCode]).toEqual(["INCOMPLETE", 4]);
    expect(writesSince(u, from)).toEqual([]);
    expect(run.report.held.map(({ reason }) => reason)).toEqual(["unknown-state", "unknown-state"]);
  });

  it("that cannot be entered says which role, and what to check", async () => {
    const u = universe({ files: PRODUCTION });
    u.simulator.faults.add({ service: "sts", operation: "AssumeRole", when: intoVaults, effect: { kind: "deny" } });
    const run = told(await u.run());
    expect([run.result, run.exitCode]).toEqual(["INCOMPLETE", 4]);
    expect(passages(run.text, "central.yaml")).toMatchInlineSnapshot(`
      "?   unknown: sts:AssumeRole could not enter the account
            could not become arn:aws:iam::222233334444:role/holdfast-observe: User is not authorized to
              perform: sts:AssumeRole with an explicit deny in a service control policy. Check that the role exists,
              that its trust policy names the caller's role with this fleet's external id and allows
              sts:SetSourceIdentity, and that no service control policy denies it (AccessDenied)
            not judged: vault central (central.yaml:2), vault-policy central (central.yaml:8), every vault, every
              vault-lock, every vault-policy, every vault-notifications, every plan, every selection, every
              restore-testing-plan, every restore-testing-selection"
    `);
  });
});
