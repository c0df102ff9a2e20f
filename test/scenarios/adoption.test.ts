import { describe, expect, it } from "vitest";
import { addPlan, addVault } from "../simulator/backup/build.ts";
import { IRELAND, SHOP, universe, type Universe } from "../support/universe.ts";
import { edited, PRODUCTION } from "./manifests.ts";
import { mark, operationsOf, passages, told, writesSince } from "./telling.ts";

const unadopted = PRODUCTION;
const adopted = edited("nightly.yaml", "  tags: {", "  adopt: true\n  tags: {", unadopted);

/** A vault of the same name that somebody made before Holdfast came. */
function given(files: Readonly<Record<string, string>>): Universe {
  const u = universe({ files });
  const key = u.simulator.kms(SHOP, IRELAND).aliases.get("alias/backup");
  addVault(u.simulator.backup(SHOP, IRELAND), {
    name: "nightly",
    encryptionKeyArn: `arn:aws:kms:${IRELAND}:${SHOP}:key/${key?.keyId}`,
    tags: { owner: "jo" },
  });
  return u;
}

const vaultOf = (u: Universe) => u.simulator.backup(SHOP, IRELAND).vaults.get("nightly");

describe("what exists already", () => {
  it("is not touched until a manifest adopts it", async () => {
    const u = given(unadopted);
    const run = told(await u.run());
    expect([run.result, run.exitCode]).toEqual(["HELD", 3]);
    expect(vaultOf(u)).toMatchObject({ tags: { owner: "jo" }, lock: undefined, notifications: undefined });
    expect(passages(run.text, "adopt vault nightly")).toMatchInlineSnapshot(`
      "!   held: not-ours, 3 changes
            because: vault nightly exists and is not managed by Holdfast
            released by: set adopt: true in its manifest; it is marked first and changed from the next run on
            =   adopt vault nightly                                                                   nightly.yaml:2
                  neutral · change hey5feg4hoay
                  tags.owner: jo → platform
            +   create vault-lock nightly                                                             nightly.yaml:9
                  strengthens · change n4vsoubayl7h
            +   create vault-notifications nightly                                                   nightly.yaml:10
                  strengthens · change 6ipmz63i3n4h"
    `);
  });

  it("is marked in the first run and changed from the second on", async () => {
    const u = given(adopted);
    await u.run();
    expect(vaultOf(u)?.tags).toEqual({
      owner: "jo",
      "holdfast:fleet": "acme",
      "holdfast:resource": "vault/nightly",
    });
    expect(vaultOf(u)?.lock, "an adoption changes nothing else").toBeUndefined();

    const second = told(await u.run());
    expect([second.result, second.exitCode]).toEqual(["CORRECTED", 0]);
    expect(vaultOf(u)).toMatchObject({ tags: { owner: "platform" }, lock: { minRetentionDays: 7 } });
    expect(told(await u.run()).result).toBe("CONVERGED");
  });

  it("two plans of the name are ambiguous: neither is taken, and no third is made", async () => {
    const u = universe({ files: edited("plan.yaml", "  rules:", "  adopt: true\n  rules:") });
    const rule = { RuleName: "weekly", TargetBackupVaultName: "nightly", ScheduleExpression: "cron(0 1 ? * SUN *)" };
    for (const days of [7, 14])
      addPlan(u.simulator.backup(SHOP, IRELAND), {
        document: { BackupPlanName: "nightly", Rules: [{ ...rule, Lifecycle: { DeleteAfterDays: days } }] },
      });
    const from = mark(u);
    const run = told(await u.run());
    expect([run.result, run.exitCode]).toEqual(["HELD", 3]);
    expect(operationsOf(writesSince(u, from))).not.toContain("CreateBackupPlan");
    expect(passages(run.text.replaceAll(/\b[0-9a-f]{8}-[0-9a-f-]{27}\b/g, "<id>"), "ambiguous")).toMatchInlineSnapshot(`
      "!   plan nightly, held: ambiguous                                                                  plan.yaml:2
            because: 2 live resources answer to this
              name: arn:aws:backup:eu-west-1:444455556666:backup-plan:<id>,
              arn:aws:backup:eu-west-1:444455556666:backup-plan:<id>
            released by: set adopt: <id> in the manifest, or remove the others

      !   create selection nightly/tagged, held: ambiguous                                              plan.yaml:16
            strengthens · change y3rgqkfey2jo
            because: plan nightly: 2 live resources answer to this
              name: arn:aws:backup:eu-west-1:444455556666:backup-plan:<id>,
              arn:aws:backup:eu-west-1:444455556666:backup-plan:<id>
            released by: set adopt: <id> in the manifest, or remove the others"
    `);
  });
});
