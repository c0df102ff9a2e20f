import { EVENTS, ROLE, type Manifest } from "./manifests.ts";
import type { World } from "./worlds.ts";

/** Small worlds to die in at every call: one target, and one of everything. */

const targets = { groups: ["everywhere"] };

/** Nothing there, nothing declared. Long pages: what a page more would add to is known from the random worlds. */
export const ALONE: World = {
  extent: { accounts: 1, regions: 1 },
  placed: [],
  earlier: "nothing",
  points: [],
  drift: [],
  manifests: [],
  seed: 1,
  pageSize: 50,
};

export const VAULT: Manifest = {
  kind: "BackupVault",
  name: "alpha",
  spec: {
    targets,
    encryptionKey: "alias/backup",
    tags: { owner: "platform" },
    lock: { mode: "governance", minRetentionDays: 7 },
    accessPolicy: {
      Version: "2012-10-17",
      Statement: [{ Effect: "Deny", Principal: "*", Action: "backup:DeleteRecoveryPoint", Resource: "*" }],
    },
    notifications: { snsTopicArn: "arn:aws:sns:${region}:${account}:backup-events", events: [...EVENTS] },
  },
};

export const NIGHTLY: Manifest = {
  kind: "BackupPlan",
  name: "nightly",
  spec: {
    targets,
    rules: [{ ruleName: "daily", targetBackupVaultName: "alpha", lifecycle: { deleteAfterDays: 35 } }],
    selections: [
      {
        name: "tagged",
        iamRoleArn: ROLE,
        listOfTags: [
          { key: "backup", value: "nightly" },
          { key: "team", value: "data" },
        ],
      },
    ],
  },
};

export const POINTS_KEPT: Manifest = {
  kind: "RecoveryPointPolicy",
  name: "two-months",
  spec: { targets, match: { vaults: ["alpha"] }, retention: { atLeastDays: 60 } },
};
