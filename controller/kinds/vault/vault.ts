import * as z from "zod";
import {
  createBackupVault,
  deleteBackupVault,
  describeKey,
  listBackupVaults,
  listTags,
  tagResource,
} from "../../aws/backup-operations.ts";
import { step } from "../../aws/operation.ts";
import type { Call } from "../../aws/operation.ts";
import { failureOf } from "../../domain/errors.ts";
import { instant, type Target } from "../../domain/identity.ts";
import type { JudgingContext } from "../../domain/judging.ts";
import type { Live, Unread } from "../../domain/live.ts";
import type { VaultRow } from "../../domain/survey.ts";
import { defineKind } from "../define-kind.ts";
import type { ListContext } from "../kind.ts";
import { isReserved, tagsOf, vaultsOf, type VaultMember } from "../listing.ts";
import { managedTags, marksOf, ordinaryTags, ownershipOf, ownershipTags } from "../ownership.ts";
import { VaultSpec } from "./spec.ts";

/** What AWS reports of a vault. Its satellites (lock, policy, notifications) are kinds of their own. */
export const VaultState = z.strictObject({
  vaultType: z.string(),
  encryptionKeyArn: z.string().optional(),
  tags: z.record(z.string(), z.string()),
  /** AWS calls it approximate (semantics §0.5); only "none" is ever rested on, and AWS refuses if it is wrong. */
  recoveryPoints: z.int(),
  /** As it was listed: for reports. What is compared and mended of it is a kind of its own. */
  lock: z
    .strictObject({
      lockDate: z.iso.datetime().optional(),
      minRetentionDays: z.int().optional(),
      maxRetentionDays: z.int().optional(),
    })
    .optional(),
});
export type VaultState = z.infer<typeof VaultState>;

async function* listVaults(
  call: Call<typeof listBackupVaults | typeof listTags>,
  target: Target,
  context: ListContext,
): AsyncGenerator<Live<VaultState> | Unread> {
  for await (const vault of vaultsOf(call)) {
    const key = { target, kind: "vault", name: vault.name };
    try {
      yield toLive(vault, key, isReserved(vault.name) ? {} : await tagsOf(call, vault.arn), context.fleet);
    } catch (error) {
      yield { unread: vault.arn, key, failure: failureOf(error) };
    }
  }
}

function toLive(
  vault: VaultMember,
  key: Live["key"],
  tags: Readonly<Record<string, string>>,
  fleet: string,
): Live<VaultState> {
  return {
    key,
    id: vault.arn,
    ownership: isReserved(vault.name) ? "foreign" : ownershipOf(tags, fleet, "vault", vault.name),
    ...marksOf(tags),
    state: {
      // Regions without air-gapped vaults leave the type out (semantics §1.1).
      vaultType: vault.VaultType ?? "BACKUP_VAULT",
      ...(vault.EncryptionKeyArn === undefined ? {} : { encryptionKeyArn: vault.EncryptionKeyArn }),
      tags: { ...tags },
      recoveryPoints: vault.NumberOfRecoveryPoints ?? 0,
      ...(vault.Locked === true ? { lock: lockOf(vault) } : {}),
    },
  };
}

const lockOf = ({ LockDate, MinRetentionDays, MaxRetentionDays }: VaultMember): NonNullable<VaultState["lock"]> => ({
  ...(LockDate === undefined ? {} : { lockDate: LockDate.toISOString() }),
  ...(MinRetentionDays === undefined ? {} : { minRetentionDays: MinRetentionDays }),
  ...(MaxRetentionDays === undefined ? {} : { maxRetentionDays: MaxRetentionDays }),
});

const factsOf = ({ id, state }: Live<VaultState>): Partial<VaultRow> => ({
  arn: id,
  type: state.vaultType,
  locked: state.lock !== undefined,
  lockDate: state.lock?.lockDate === undefined ? null : instant(new Date(state.lock.lockDate)),
  minDays: state.lock?.minRetentionDays ?? null,
  maxDays: state.lock?.maxRetentionDays ?? null,
  kmsKeyArn: state.encryptionKeyArn ?? null,
  recoveryPointCount: state.recoveryPoints,
});

/** `Default` is the one that AWS makes by itself where somebody first opens its console (semantics §1.3). */
const isMadeByAws = (name: string): boolean => isReserved(name) || name === "Default";

const notEmpty = ({ action, live }: JudgingContext<VaultSpec, VaultState>) =>
  action === "prune" && live && live.state.recoveryPoints > 0
    ? [
        {
          reason: "cannot-mend" as const,
          because: `the vault holds ${live.state.recoveryPoints} recovery points, and AWS deletes an empty vault only`,
          release: "let its recovery points expire, or keep the vault in a manifest",
        },
      ]
    : [];

export const vault = defineKind<VaultSpec, VaultState>({
  name: "vault",
  after: [],
  spec: VaultSpec,
  state: VaultState,

  list: step("observe")([listBackupVaults, listTags], listVaults),

  resolve: step("observe")([describeKey], async (call, _target, spec: VaultSpec) => {
    if (!spec.encryptionKey?.startsWith("alias/")) return spec;
    const { KeyMetadata } = await call(describeKey, { KeyId: spec.encryptionKey });
    return { ...spec, encryptionKey: KeyMetadata?.Arn ?? spec.encryptionKey };
  }),

  normalise: (spec) => spec,
  observed: (state) => ({
    // A type we do not make still has to compare as different: the cast lets an air-gapped vault in, as AWS spells it.
    vaultType: (state.vaultType === "BACKUP_VAULT" ? "standard" : state.vaultType) as "standard",
    ...(state.encryptionKeyArn === undefined ? {} : { encryptionKey: state.encryptionKeyArn }),
    tags: ordinaryTags(state.tags),
  }),
  fields: {
    vaultType: { effect: "weakens", on: "never" },
    encryptionKey: { effect: "weakens", on: "never", unset: "not-managed" },
    tags: { effect: "neutral", on: "in-place", unset: "not-managed", managed: managedTags },
  },
  creation: { effect: () => "strengthens" },
  removal: { effect: () => "weakens" },
  bars: notEmpty,
  vaultFacts: factsOf,
  names: ({ key: { name } }) => (isMadeByAws(name) ? [] : [{ of: "vaults", name }]),

  create: step("apply")([createBackupVault], async (call, _target, { key, spec }, { fleet, token }) => {
    await call(createBackupVault, {
      BackupVaultName: key.name,
      ...(spec.encryptionKey === undefined ? {} : { EncryptionKeyArn: spec.encryptionKey }),
      BackupVaultTags: { ...spec.tags, ...ownershipTags(fleet, "vault", key.name) },
      CreatorRequestId: token,
    });
  }),
  update: step("apply")([tagResource], async (call, _target, { spec }, live) => {
    if (spec.tags) await call(tagResource, { ResourceArn: live.id, Tags: spec.tags });
    return "updated";
  }),
  adopt: step("apply")([tagResource], async (call, _target, { key }, live, { fleet }) => {
    await call(tagResource, { ResourceArn: live.id, Tags: ownershipTags(fleet, "vault", key.name) });
  }),
  // AWS denies the deletion of a vault that is not there; only the listing tells gone from forbidden (semantics §1.2).
  remove: step("destroy")([deleteBackupVault, listBackupVaults], async (call, _target, live) => {
    try {
      await call(deleteBackupVault, { BackupVaultName: live.key.name });
    } catch (error) {
      if (failureOf(error).kind !== "denied") throw error;
      for await (const vault of vaultsOf(call)) if (vault.name === live.key.name) throw error;
    }
  }),

  examples: {
    smallest: { vaultType: "standard" },
    fullest: { vaultType: "standard", encryptionKey: "alias/backup", tags: { owner: "platform" } },
  },
});
