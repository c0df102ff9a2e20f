import { describe, expect, it } from "vitest";
import { FLEET, FRANKFURT, IRELAND, SHOP, universe, VAULTS } from "../support/universe.ts";

const VAULT = `
apiVersion: holdfast/v1
kind: BackupVault
metadata: { name: nightly }
spec:
  targets: { groups: [production] }
  encryptionKey: alias/backup
  tags: { owner: platform }
  lock: { mode: governance, minRetentionDays: 7 }
  notifications:
    snsTopicArn: "arn:aws:sns:\${region}:\${account}:backup-events"
    events: [BACKUP_JOB_COMPLETED]
`;

const CENTRAL = `
apiVersion: holdfast/v1
kind: BackupVault
metadata: { name: central }
spec:
  targets: { groups: [central] }
  encryptionKey: alias/backup
  accessPolicy:
    Version: "2012-10-17"
    Statement:
      - { Effect: Allow, Principal: { AWS: "arn:aws:iam::${SHOP}:root" }, Action: "backup:CopyIntoBackupVault", Resource: "*" }
`;

const PLAN = `
apiVersion: holdfast/v1
kind: BackupPlan
metadata: { name: nightly }
spec:
  targets: { groups: [production] }
  rules:
    - ruleName: daily
      targetBackupVaultName: nightly
      scheduleExpression: cron(0 3 ? * * *)
      lifecycle: { deleteAfterDays: 35 }
      copyActions:
        - destinationBackupVaultArn: arn:aws:backup:${FRANKFURT}:${VAULTS}:backup-vault:central
  selections:
    - name: tagged
      iamRoleArn: "arn:aws:iam::\${account}:role/service-role/AWSBackupDefaultServiceRole"
      listOfTags: [{ key: backup, value: nightly }]
`;

describe("a first run", () => {
  it("makes what is declared, across accounts, and the next run writes nothing", async () => {
    const u = universe({
      files: { "fleet.yaml": FLEET, "nightly.yaml": VAULT, "central.yaml": CENTRAL, "plan.yaml": PLAN },
    });
    const first = await u.run();
    if (first.ended !== "reported") throw new Error("stood down");
    expect(first.published.report.run.failure).toBeUndefined();
    console.log(JSON.stringify(first.published.report, null, 1));
    const from = u.simulator.calls.all().length;
    const second = await u.run();
    if (second.ended !== "reported") throw new Error("stood down");
    expect(second.published.report.result).toBe("CONVERGED");
    expect(u.simulator.calls.since(from).filter(({ service, mutating }) => mutating && service === "backup")).toEqual(
      [],
    );
    expect(u.simulator.backup(SHOP, IRELAND).vaults.get("nightly")?.lock).toMatchObject({ minRetentionDays: 7 });
  });
});
