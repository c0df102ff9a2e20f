import { describe, expect, it } from "vitest";
import type { Wanted } from "../../controller/domain/desired.ts";
import type { Live } from "../../controller/domain/live.ts";
import { plan } from "../../controller/kinds/plan/plan.ts";
import type { PlanSpec } from "../../controller/kinds/plan/spec.ts";
import { central, liveOf, target, viewOf, wantedOf } from "./answers.ts";

const destinationBackupVaultArn = "arn:aws:backup:eu-central-1:777788889999:backup-vault:central";
const keeping = (days: number | undefined, copyDays?: number | null): PlanSpec => ({
  rules: [
    {
      ruleName: "daily",
      targetBackupVaultName: "nightly",
      ...(days === undefined ? {} : { lifecycle: { deleteAfterDays: days } }),
      ...(copyDays === undefined
        ? {}
        : {
            copyActions: [
              { destinationBackupVaultArn, ...(copyDays === null ? {} : { lifecycle: { deleteAfterDays: copyDays } }) },
            ],
          }),
    },
  ],
});

const nightly = liveOf("vault", "nightly", { vaultType: "BACKUP_VAULT" });
const centralVault = liveOf("vault", "central", { vaultType: "BACKUP_VAULT" }, central);
const lockOf = (bounds: object): Live => liveOf("vault-lock", "nightly", bounds);
const planOf = (spec: PlanSpec): Live =>
  liveOf("plan", "daily", {
    planId: "1",
    name: "daily",
    versionId: "v",
    advancedBackupSettings: [],
    scanSettings: [],
    tags: {},
    ...spec,
  });

describe("what the vaults a plan writes into put at risk", () => {
  it.each<
    [string, PlanSpec, { live?: Live[]; wanted?: Wanted[]; incomplete?: string[]; before?: Live }, string[], string]
  >([
    ["a vault that is there", keeping(35), { live: [nightly] }, [], "jobs find it"],
    ["a vault about to be", keeping(35), { wanted: [wantedOf("vault", "nightly", {})] }, [], "its wave comes first"],
    ["a vault that is nowhere", keeping(35), {}, ["fails-jobs"], "a job into it fails"],
    [
      "a vault out of sight",
      keeping(35),
      { incomplete: ["vault"] },
      ["fails-jobs"],
      "perhaps there is cautious: perhaps not",
    ],
    [
      "within the lock",
      keeping(35),
      { live: [nightly, lockOf({ minRetentionDays: 7, maxRetentionDays: 35 })] },
      [],
      "35 is the maximum",
    ],
    [
      "below the lock's minimum",
      keeping(6),
      { live: [nightly, lockOf({ minRetentionDays: 7 })] },
      ["fails-jobs"],
      "AWS checks when the job runs",
    ],
    [
      "above its maximum",
      keeping(36),
      { live: [nightly, lockOf({ maxRetentionDays: 35 })] },
      ["fails-jobs"],
      "AWS checks when the job runs",
    ],
    [
      "for ever under a maximum",
      keeping(undefined),
      { live: [nightly, lockOf({ maxRetentionDays: 36_500 })] },
      ["fails-jobs"],
      "for ever breaks any maximum",
    ],
    [
      "for ever above a minimum",
      keeping(undefined),
      { live: [nightly, lockOf({ minRetentionDays: 7 })] },
      [],
      "and satisfies any minimum",
    ],
    [
      "below a lock about to be",
      keeping(6),
      { live: [nightly], wanted: [wantedOf("vault-lock", "nightly", { mode: "governance", minRetentionDays: 7 })] },
      ["fails-jobs"],
      "the lock goes first",
    ],
    [
      "a lock out of sight",
      keeping(35),
      { live: [nightly], incomplete: ["vault-lock"] },
      ["fails-jobs"],
      "unknown is never absent",
    ],
    [
      "into a compliance lock",
      keeping(35),
      { live: [nightly, lockOf({ lockDate: "2030-01-01T00:00:00.000Z" })] },
      ["irreversible"],
      "what goes in stays for its retention",
    ],
    [
      "a copy within bounds",
      keeping(35, 365),
      { live: [nightly, centralVault] },
      [],
      "another account's vault is in sight",
    ],
    [
      "a copy outside the fleet",
      keeping(35, 365),
      { live: [nightly] },
      ["fails-jobs"],
      "nobody can tell whether it is there",
    ],
    [
      "a copy that inherits too little",
      keeping(35, null),
      { live: [nightly, centralVault, liveOf("vault-lock", "central", { minRetentionDays: 90 }, central)] },
      ["fails-jobs"],
      "it takes its source's 35 days",
    ],
    [
      "a copy into an air-gapped vault",
      keeping(35, 35),
      { live: [nightly, liveOf("vault", "central", { vaultType: "LOGICALLY_AIR_GAPPED_BACKUP_VAULT" }, central)] },
      ["fails-jobs", "irreversible"],
      "its bounds are not listed, and nothing comes out",
    ],
    [
      "what was so before",
      keeping(6),
      { live: [nightly, lockOf({ minRetentionDays: 7 })], before: planOf(keeping(6)) },
      [],
      "the change brings no new job",
    ],
    [
      "what the change brings",
      keeping(5),
      { live: [nightly, lockOf({ minRetentionDays: 7 })], before: planOf(keeping(6)) },
      ["fails-jobs"],
      "5 days is a new failure",
    ],
  ])("%s", (_what, spec, { before, ...sight }, hazards, because) => {
    const view = viewOf(sight);
    const action = before ? "update" : "create";
    const key = { target, kind: "plan", name: "daily" };
    const found = plan.hazards({
      action,
      key,
      spec,
      fields: [],
      view,
      now: new Date(0),
      ...(before && { live: before }),
    });
    expect({ because, found }).toEqual({ because, found: hazards });
  });

  it("rests on every vault it names", () => {
    expect(plan.references(keeping(35, 35), target).map(({ target: at, name }) => `${at.region}/${name}`)).toEqual([
      "eu-west-1/nightly",
      "eu-central-1/central",
    ]);
  });
});
