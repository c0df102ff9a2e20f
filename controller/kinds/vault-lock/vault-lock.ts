import * as z from "zod";
import { deleteVaultLock, listBackupVaults, listTags, putVaultLock } from "../../aws/backup-operations.ts";
import { step } from "../../aws/operation.ts";
import type { JudgingContext } from "../../domain/judging.ts";
import { moreProtects } from "../../domain/effect.ts";
import { HoldfastError } from "../../domain/errors.ts";
import { defineKind } from "../define-kind.ts";
import { satellitesOf } from "../satellite.ts";
import { jobsOutsideBounds } from "./jobs-outside-bounds.ts";
import { VaultLockSpec } from "./spec.ts";

/** A lock as listed with its vault. `lockDate` (ISO) is absent in governance mode (semantics §1.6). */
export const VaultLockState = z.strictObject({
  lockDate: z.iso.datetime().optional(),
  minRetentionDays: z.int().optional(),
  maxRetentionDays: z.int().optional(),
});
export type VaultLockState = z.infer<typeof VaultLockState>;

const list = satellitesOf<VaultLockState, never>("vault-lock", async (_call, vault) =>
  vault.Locked === true && vault.VaultType !== "LOGICALLY_AIR_GAPPED_BACKUP_VAULT"
    ? {
        ...(vault.LockDate === undefined ? {} : { lockDate: vault.LockDate.toISOString() }),
        ...(vault.MinRetentionDays === undefined ? {} : { minRetentionDays: vault.MinRetentionDays }),
        ...(vault.MaxRetentionDays === undefined ? {} : { maxRetentionDays: vault.MaxRetentionDays }),
      }
    : undefined,
);

/** A compliance lock is fixed from its LockDate on, and before it every put would move that date. */
const compliance = ({ live }: JudgingContext<VaultLockSpec, VaultLockState>) =>
  live?.state.lockDate === undefined
    ? []
    : [
        {
          reason: "locked" as const,
          because: `the vault is under a compliance lock dated ${live.state.lockDate.slice(0, 10)}; putting it again would move that date, and from it on AWS refuses`,
          release: "declare the lock as it stands",
        },
      ];

export const vaultLock = defineKind<VaultLockSpec, VaultLockState>({
  name: "vault-lock",
  after: ["vault"],
  dropped: "release",
  spec: VaultLockSpec,
  state: VaultLockState,
  list: step("observe")([listBackupVaults, listTags], list),

  normalise: (spec) => spec,
  observed: ({ lockDate, ...bounds }) => ({
    mode: lockDate === undefined ? "governance" : "compliance",
    ...bounds,
    ...(lockDate === undefined ? {} : { immutableFrom: lockDate.slice(0, 10) }),
  }),
  fields: {
    mode: { effect: (_live, desired) => (desired === "compliance" ? "irreversible" : "weakens"), on: "in-place" },
    // Without a minimum a job may bring any retention, so absent is the weakest, not "for ever".
    minRetentionDays: { effect: (live, desired) => moreProtects(live ?? 0, desired ?? 0), on: "in-place" },
    // A maximum protects nothing by itself: it caps what jobs may bring, and the kind's hazards look at those.
    maxRetentionDays: { effect: "neutral", on: "in-place" },
    immutableFrom: { effect: "irreversible", on: "in-place" },
  },
  creation: { effect: ({ mode }) => (mode === "compliance" ? "irreversible" : "strengthens") },
  removal: { effect: () => "weakens" },
  hazards: ({ key, spec, view }) => (spec && jobsOutsideBounds(key, spec, view) ? ["fails-jobs"] : []),
  bars: compliance,

  create: step("apply")([putVaultLock], async (call, _target, { key, spec }) => {
    await call(putVaultLock, governanceLock(key.name, spec));
  }),
  update: step("apply")([putVaultLock], async (call, _target, { key, spec }) => {
    await call(putVaultLock, governanceLock(key.name, spec));
    return "updated";
  }),
  remove: step("destroy")([deleteVaultLock], async (call, _target, live) => {
    await call(deleteVaultLock, { BackupVaultName: live.key.name });
  }),

  examples: {
    smallest: { mode: "governance" },
    fullest: { mode: "governance", minRetentionDays: 7, maxRetentionDays: 400 },
  },
});

/** No ChangeableForDays, ever: sending it would make the lock irreversible (semantics §1.6), and the apply role may not. */
function governanceLock(name: string, { mode, minRetentionDays, maxRetentionDays }: VaultLockSpec) {
  if (mode !== "governance")
    throw new HoldfastError(
      "internal",
      "a compliance lock is irreversible and no unannounced change may put one (rule 14)",
    );
  return {
    BackupVaultName: name,
    ...(minRetentionDays === undefined ? {} : { MinRetentionDays: minRetentionDays }),
    ...(maxRetentionDays === undefined ? {} : { MaxRetentionDays: maxRetentionDays }),
  };
}
