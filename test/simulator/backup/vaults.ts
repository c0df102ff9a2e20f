/** Backup vaults (semantics §1). There is no UpdateBackupVault: key and name are for life. */
import type {
  BackupVaultListMember,
  CreateBackupVaultInput,
  CreateBackupVaultOutput,
  CreateLogicallyAirGappedBackupVaultInput,
  CreateLogicallyAirGappedBackupVaultOutput,
  DeleteBackupVaultInput,
  DescribeBackupVaultInput,
  DescribeBackupVaultOutput,
  ListBackupVaultsInput,
  ListBackupVaultsOutput,
} from "@aws-sdk/client-backup";
import { announce } from "./announcements.ts";
import { vaultArn } from "./arns.ts";
import type { BackupContext, Checked } from "./contract.ts";
import { checkCreatorRequestId } from "./creator-request-id.ts";
import { accessDenied, alreadyExists, invalidParameter, invalidRequest, limitExceeded } from "./errors.ts";
import { vaultAnnouncement } from "./other-announcements.ts";
import { pageOf } from "./paging.ts";
import { nextSequence, type BackupState, type Vault } from "./state.ts";
import { Table, type Row } from "./table.ts";
import { checkTags } from "./tags.ts";
import { addSeconds } from "./time.ts";
import { isReserved, reachVault } from "./vault-permission.ts";

/** Standard and air-gapped vaults together, per account and Region (semantics §0.6). */
const mostVaults = 300;

export function createBackupVault(
  input: Checked<CreateBackupVaultInput>,
  context: BackupContext,
): CreateBackupVaultOutput {
  const { state } = context;
  checkName(input.BackupVaultName);
  checkTags(input.BackupVaultTags);
  checkCreatorRequestId(input.CreatorRequestId);
  const key = encryptionKey(state, input.EncryptionKeyArn ?? "alias/aws/backup", input.EncryptionKeyArn !== undefined);
  const existing = replayed(state, input.BackupVaultName, input.CreatorRequestId, {
    type: "BACKUP_VAULT",
    encryptionKeyArn: key,
  });
  const vault =
    existing ??
    createVault(context, {
      name: input.BackupVaultName,
      type: "BACKUP_VAULT",
      encryptionKeyArn: key,
      tags: input.BackupVaultTags,
      creatorRequestId: input.CreatorRequestId,
    });
  return { BackupVaultName: vault.name, BackupVaultArn: vault.arn, CreationDate: vault.creationDate };
}

/** Answers CREATING; the vault becomes AVAILABLE by the clock. It is compliance-locked from birth (semantics §1.7). */
export function createLogicallyAirGappedBackupVault(
  input: Checked<CreateLogicallyAirGappedBackupVaultInput>,
  context: BackupContext,
): CreateLogicallyAirGappedBackupVaultOutput {
  const { state } = context;
  checkName(input.BackupVaultName);
  checkTags(input.BackupVaultTags);
  checkCreatorRequestId(input.CreatorRequestId);
  checkAirGappedRetention(input.MinRetentionDays, input.MaxRetentionDays);
  const key = input.EncryptionKeyArn === undefined ? undefined : encryptionKey(state, input.EncryptionKeyArn, true);
  const existing = replayed(state, input.BackupVaultName, input.CreatorRequestId, {
    type: "LOGICALLY_AIR_GAPPED_BACKUP_VAULT",
    encryptionKeyArn: key,
  });
  const vault = existing ?? addAirGappedVault(input, key, context);
  return {
    BackupVaultName: vault.name,
    BackupVaultArn: vault.arn,
    CreationDate: vault.creationDate,
    VaultState: vault.state,
  };
}

function addAirGappedVault(
  input: Checked<CreateLogicallyAirGappedBackupVaultInput>,
  key: string | undefined,
  context: BackupContext,
): Vault {
  const { state, now } = context;
  const vault = createVault(context, {
    name: input.BackupVaultName,
    type: "LOGICALLY_AIR_GAPPED_BACKUP_VAULT",
    encryptionKeyArn: key,
    tags: input.BackupVaultTags,
    creatorRequestId: input.CreatorRequestId,
  });
  vault.state = "CREATING";
  vault.lock = { minRetentionDays: input.MinRetentionDays, maxRetentionDays: input.MaxRetentionDays, lockDate: now };
  state.agenda.add(addSeconds(now, state.world.options.duration.airGappedVault), {
    what: "vault-ready",
    vault,
  });
  return vault;
}

export function describeBackupVault(
  input: Checked<DescribeBackupVaultInput>,
  context: BackupContext,
): DescribeBackupVaultOutput {
  return vaultMember(
    reachVault(context, input.BackupVaultName, "DescribeBackupVault", { owner: input.BackupVaultAccountId }),
  );
}

/** The only call that tells an absent vault from a forbidden one. */
export function listBackupVaults(input: ListBackupVaultsInput, context: BackupContext): ListBackupVaultsOutput {
  const { state } = context;
  const vaults = input.ByShared === true ? sharedVaults(state) : ownVaults(state);
  const page = pageOf(
    context,
    "ListBackupVaults",
    input,
    vaults,
    ({ vault }) => input.ByVaultType === undefined || vault.type === input.ByVaultType,
  );
  return { BackupVaultList: page.rows.map(({ vault }) => vaultMember(vault)), NextToken: page.NextToken };
}

export function deleteBackupVault(input: Checked<DeleteBackupVaultInput>, context: BackupContext): void {
  const { state, now } = context;
  const vault = reachVault(context, input.BackupVaultName, "DeleteBackupVault");
  const stale =
    vault.lastRemoval !== undefined && now < addSeconds(vault.lastRemoval, state.world.options.lag.pointRemoved);
  if (vault.points.size > 0 || stale) {
    throw invalidRequest("Backup vault cannot be deleted because it contains recovery points.", { Code: "ERROR_9101" });
  }
  state.vaults.delete(vault.name);
  announce(state, now, () => vaultAnnouncement(vault, "DELETED"));
}

/** Vaults that are created are told of; those that are placed were there already. */
function createVault({ state, now }: BackupContext, vault: Omit<NewVault, "creationDate">): Vault {
  const created = addVaultTo(state, { ...vault, creationDate: now });
  announce(state, now, () => vaultAnnouncement(created, "CREATED"));
  return created;
}

interface NewVault {
  readonly name: string;
  readonly type: Vault["type"];
  readonly creationDate: Date;
  readonly encryptionKeyArn: string | undefined;
  readonly tags: Readonly<Record<string, string>> | undefined;
  readonly creatorRequestId: string | undefined;
}

/** Refuses a name that is taken and a vault beyond the quota; checks nothing else. */
export function addVaultTo(state: BackupState, vault: NewVault): Vault {
  const { account, region } = state;
  const taken = state.vaults.get(vault.name);
  if (taken !== undefined) throw alreadyExists("Backup vault with the same name already exists", taken);
  if (state.vaults.size >= mostVaults) throw limitExceeded(`Backup vaults per account exceed ${mostVaults}`);
  const added: Vault = {
    ...vault,
    sequence: nextSequence(state),
    arn: vaultArn(state, vault.name),
    account,
    region,
    tags: { ...vault.tags },
    points: new Table(),
    sharedWith: new Set(),
    state: "AVAILABLE",
    lock: undefined,
    accessPolicy: undefined,
    notifications: undefined,
    lastRemoval: undefined,
  };
  state.vaults.set(added.name, added);
  return added;
}

/** An air-gapped vault under a key that cannot be used by then ends FAILED. */
export function vaultReady(state: BackupState, vault: Vault): void {
  const key = vault.encryptionKeyArn;
  const usable = key === undefined || state.world.key(state.account, state.region, key)?.enabled === true;
  vault.state = usable ? "AVAILABLE" : "FAILED";
}

/** The vault a repeated call made before; another call for the same name is refused when the vault is added (semantics §0.4). */
function replayed(
  state: BackupState,
  name: string,
  creatorRequestId: string | undefined,
  same: Pick<Vault, "type" | "encryptionKeyArn">,
): Vault | undefined {
  const vault = state.vaults.get(name);
  if (vault === undefined || creatorRequestId === undefined || vault.creatorRequestId !== creatorRequestId)
    return undefined;
  return vault.type === same.type && vault.encryptionKeyArn === same.encryptionKeyArn ? vault : undefined;
}

function checkName(name: string): void {
  if (isReserved(name)) throw accessDenied();
  if (!/^[a-zA-Z0-9\-_]{2,50}$/.test(name)) throw invalidParameter(`Backup vault name ${name} is not valid`);
}

/** A vault takes a key's ARN, never an alias; its own default is found by alias. */
function encryptionKey(state: BackupState, id: string, asked: boolean): string {
  if (asked && !/^arn:[^:]+:kms:[^:]+:\d{12}:key\/.+$/.test(id)) {
    throw invalidParameter(`Provided encryption key ${id} is not a key ARN`);
  }
  const key = state.world.key(state.account, state.region, id);
  if (key === undefined) throw invalidParameter(`Given key ID not accessible: ${id}`);
  return key.arn;
}

function checkAirGappedRetention(minimum: number, maximum: number): void {
  if (minimum < 7) throw invalidParameter("MinRetentionDays of a logically air-gapped vault must be at least 7 days");
  if (maximum > 36_500) throw invalidParameter("MaxRetentionDays cannot be more than 36500 days");
  if (minimum > maximum) throw invalidParameter("MinRetentionDays cannot be greater than MaxRetentionDays");
}

interface ListedVault extends Row {
  readonly vault: Vault;
}

function ownVaults(state: BackupState): ListedVault[] {
  return Array.from(state.vaults.values(), (vault) => ({ vault, sequence: vault.sequence }));
}

/** Vaults of other accounts in this Region, shared with this one through AWS RAM. */
function sharedVaults({ world, account, region }: BackupState): ListedVault[] {
  const others = Array.from(world.states()).filter((state) => state.account !== account && state.region === region);
  return others
    .flatMap((state) => [...state.vaults.values()])
    .filter((vault) => vault.sharedWith.has(account))
    .toSorted((a, b) => (a.arn < b.arn ? -1 : 1))
    .map((vault, sequence) => ({ vault, sequence }));
}

function vaultMember(vault: Vault): BackupVaultListMember {
  return {
    BackupVaultName: vault.name,
    BackupVaultArn: vault.arn,
    VaultType: vault.type,
    VaultState: vault.state,
    CreationDate: vault.creationDate,
    EncryptionKeyArn: vault.encryptionKeyArn,
    EncryptionKeyType: encryptionKeyType(vault),
    CreatorRequestId: vault.creatorRequestId,
    NumberOfRecoveryPoints: vault.points.size,
    Locked: vault.lock !== undefined,
    MinRetentionDays: vault.lock?.minRetentionDays,
    MaxRetentionDays: vault.lock?.maxRetentionDays,
    LockDate: vault.lock?.lockDate,
  };
}

/** Means something for air-gapped vaults only (semantics §1.1). */
export function encryptionKeyType(vault: Vault): "AWS_OWNED_KMS_KEY" | "CUSTOMER_MANAGED_KMS_KEY" | undefined {
  if (vault.type === "BACKUP_VAULT") return undefined;
  return vault.encryptionKeyArn === undefined ? "AWS_OWNED_KMS_KEY" : "CUSTOMER_MANAGED_KMS_KEY";
}
