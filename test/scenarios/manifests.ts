import { FLEET, FRANKFURT, SHOP, VAULTS } from "../support/universe.ts";

/** The desired state that scenarios begin from: a locked vault with a nightly plan in the shop, copied to a central vault elsewhere. */

export const NIGHTLY_VAULT = `
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

export const CENTRAL_VAULT = `
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

export const NIGHTLY_PLAN = `
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

export const PRODUCTION = {
  "fleet.yaml": FLEET,
  "nightly.yaml": NIGHTLY_VAULT,
  "central.yaml": CENTRAL_VAULT,
  "plan.yaml": NIGHTLY_PLAN,
} as const;

/** The same desired state with one edit. Throws where there is nothing to edit: a test that changes nothing proves nothing. */
export function edited(
  file: keyof typeof PRODUCTION,
  from: string,
  to: string,
  files: Readonly<Record<string, string>> = PRODUCTION,
): Readonly<Record<string, string>> {
  const text = files[file];
  if (!text?.includes(from)) throw new RangeError(`${file} does not say ${from}`);
  return { ...files, [file]: text.replace(from, to) };
}
