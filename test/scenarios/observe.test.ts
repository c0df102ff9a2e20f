import { describe, expect, it } from "vitest";
import { IRELAND, SHOP, universe } from "../support/universe.ts";
import { edited } from "./manifests.ts";
import { mark, passages, told, writesSince } from "./telling.ts";

const observing = edited("fleet.yaml", "  management: enforce\n", "");
const suspended = edited(
  "fleet.yaml",
  "  management: enforce\n",
  "  management: suspended\n  suspendReason: the move to the new organization\n",
);

describe("management", () => {
  it("is observe where nobody says: drift is reported, and nothing is written", async () => {
    const u = universe({ files: observing });
    const run = told(await u.run());
    expect([run.result, run.exitCode]).toEqual(["DRIFTED", 2]);
    expect(writesSince(u, 0)).toEqual([]);
    expect(u.simulator.backup(SHOP, IRELAND).vaults.size).toBe(0);
    expect(passages(run.text, "vault central")).toMatchInlineSnapshot(`
      "!   create vault central, held: observe-only                                                    central.yaml:2
            strengthens · change j7tkgt777xgy
            because: its manifest, group or fleet is in observe mode
            released by: set management: enforce

      !   create vault-policy central, held: observe-only                                             central.yaml:8
            strengthens · change g4eiodhcgoxc
            because: vault central is not there, and making it is held: its manifest, group or fleet is in observe
              mode
            released by: set management: enforce

      !   create plan nightly, held: observe-only                                                        plan.yaml:2
            strengthens · change xujk5vreguct
            because: vault central is not there, and making it is held: its manifest, group or fleet is in observe
              mode
            released by: set management: enforce

      !   create selection nightly/tagged, held: observe-only                                           plan.yaml:15
            strengthens · change y3rgqkfey2jo
            because: plan nightly is not there, and making it is held: vault central is not there, and making it is
              held: its manifest, group or fleet is in observe mode
            released by: set management: enforce"
    `);
  });

  it("turned to enforce in git, the next run does what the last one only said", async () => {
    const u = universe({ files: observing });
    await u.run();
    u.commit(edited("fleet.yaml", "management: enforce", "management: enforce "));
    const run = told(await u.run());
    expect([run.result, run.exitCode]).toEqual(["CORRECTED", 0]);
  });

  it("suspended writes nothing, and every report gives the reason", async () => {
    const u = universe({ files: suspended });
    const from = mark(u);
    const run = told(await u.run());
    expect([run.result, run.exitCode]).toEqual(["SUSPENDED", 0]);
    expect(writesSince(u, from)).toEqual([]);
    expect(passages(run.text, "vault central")).toMatchInlineSnapshot(`
      "!   create vault central, held: suspended                                                       central.yaml:2
            strengthens · change j7tkgt777xgy
            because: suspended: the move to the new organization
            released by: set management: enforce

      !   create vault-policy central, held: suspended                                                central.yaml:8
            strengthens · change g4eiodhcgoxc
            because: vault central is not there, and making it is held: suspended: the move to the new organization
            released by: set management: enforce

      !   create plan nightly, held: suspended                                                           plan.yaml:2
            strengthens · change xujk5vreguct
            because: vault central is not there, and making it is held: suspended: the move to the new organization
            released by: set management: enforce

      !   create selection nightly/tagged, held: suspended                                              plan.yaml:15
            strengthens · change y3rgqkfey2jo
            because: plan nightly is not there, and making it is held: vault central is not there, and making it is
              held: suspended: the move to the new organization
            released by: set management: enforce"
    `);
  });
});
