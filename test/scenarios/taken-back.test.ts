import { describe, expect, it } from "vitest";
import { FRANKFURT, HUB, IRELAND, SHOP, universe, VAULTS, type Universe } from "../support/universe.ts";
import { edited, PRODUCTION } from "./manifests.ts";
import { mark, operationsOf, told, writesSince } from "./telling.ts";

/** The fleet as the organization has it: an account by its unit, another by its tag. */
const BY_ORGANIZATION = edited(
  "fleet.yaml",
  `accounts: { ids: ["${SHOP}", "${VAULTS}"] }`,
  `accounts: { tags: { holdfast: "yes" } }
  # A shop that closes does so in a day.
  guardrails: { budget: { percent: 100 } }`,
);

const SPARE = `
apiVersion: holdfast/v1
kind: BackupVault
metadata: { name: spare }
spec:
  targets: { groups: [production] }
  encryptionKey: alias/backup
  accessPolicy:
    Version: "2012-10-17"
    Statement: [{ Effect: Deny, Principal: "*", Action: "backup:DeleteRecoveryPoint", Resource: "*" }]
`;

/** Nothing is planned any more, and of what was said of vaults as much is taken back as can be. */
const TAKEN_BACK = {
  "fleet.yaml": BY_ORGANIZATION["fleet.yaml"]!,
  "central.yaml": PRODUCTION["central.yaml"].replace(/accessPolicy:[^]*$/, "accessPolicy: none\n"),
  "nightly.yaml": PRODUCTION["nightly.yaml"]
    .replace("lock: { mode: governance, minRetentionDays: 7 }", "lock: none")
    .replace(/notifications:[^]*$/, "notifications: none\n")
    .replace("owner: platform", "owner: data"),
};

async function made(): Promise<Universe> {
  const u = universe({ files: { ...BY_ORGANIZATION, "spare.yaml": SPARE } });
  for (const account of [SHOP, VAULTS]) u.simulator.organization.accounts.get(account)!.tags["holdfast"] = "yes";
  await u.run();
  return u;
}

const consentTo = (changes: readonly string[]): string => `
apiVersion: holdfast/v1
kind: Approval
metadata: { name: taken-back }
spec: { changes: [${changes.join(", ")}], reason: the shop is closing, ticket: OPS-9, expires: "2026-03-20" }
`;

/** Runs, consenting each time to what is held, until nothing is held any more. */
async function consented(u: Universe, files: Readonly<Record<string, string>>): Promise<void> {
  const changes = new Set<string>();
  for (let round = 0; round < 4; round += 1) {
    u.commit(changes.size === 0 ? files : { ...files, "approval.yaml": consentTo([...changes]) });
    const { held } = told(await u.run()).report;
    if (held.length === 0) return;
    for (const { change } of held) if (change !== undefined) changes.add(change);
  }
}

describe("what a desired state takes back", () => {
  it("goes once somebody consents, each part by the role that may, in the accounts that the organization tells of", async () => {
    const u = await made();
    const shop = u.simulator.backup(SHOP, IRELAND);
    expect([...shop.vaults.keys()].toSorted()).toEqual(["nightly", "spare"]);
    const from = mark(u);
    u.simulator.faults.add({ operation: "DeleteBackupSelection", effect: { kind: "deny" }, times: 1 });
    await consented(u, TAKEN_BACK);
    await u.run();
    const removals = operationsOf(writesSince(u, from)).filter((one) => /^DeleteBackup(Plan|Selection)$/.test(one));
    expect(removals, "a plan stays as long as its selection does").toEqual([
      "DeleteBackupSelection",
      "DeleteBackupSelection",
      "DeleteBackupPlan",
    ]);
    expect(new Set(operationsOf(writesSince(u, from)))).toEqual(
      new Set([
        "DeleteBackupPlan",
        "DeleteBackupSelection",
        "DeleteBackupVault",
        "DeleteBackupVaultAccessPolicy",
        "DeleteBackupVaultLockConfiguration",
        "DeleteBackupVaultNotifications",
        "TagResource",
      ]),
    );
    expect([...shop.vaults.keys()]).toEqual(["nightly"]);
    expect(shop.vaults.get("nightly")!.lock).toBeUndefined();
    const asked = new Set(
      u.simulator.calls
        .all()
        .filter(({ service }) => service === "organizations")
        .map(({ operation }) => operation),
    );
    expect(asked).toEqual(new Set(["ListAccounts", "ListParents", "ListTagsForResource"]));
    expect(u.simulator.backup(HUB, FRANKFURT).vaults.size).toBe(0);
  });

  it("is told to be there still where AWS denies its deletion, as it would of what is gone: the listing tells which", async () => {
    const u = await made();
    const from = mark(u);
    u.simulator.faults.add({ operation: "DeleteBackupVault", effect: { kind: "deny" } });
    await consented(u, { ...BY_ORGANIZATION });
    expect(u.simulator.backup(SHOP, IRELAND).vaults.has("spare")).toBe(true);
    const asked = u.simulator.calls.since(from).filter(({ principal }) => principal.includes("/holdfast-destroy/"));
    expect(operationsOf(asked).slice(0, 2)).toEqual(["DeleteBackupVault", "ListBackupVaults"]);
  });
});
