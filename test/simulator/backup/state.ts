/**
 * AWS Backup in one account and Region, as plain data that tests may read and assert on.
 * Where a thing is kept just as AWS tells it (plan documents, lifecycles, jobs) it has the SDK's shape; the rest is ours.
 */
import type {
  AdvancedBackupSetting,
  BackupJob as BackupJobView,
  BackupPlan,
  BackupSelection,
  CopyAction,
  CopyJob as CopyJobView,
  KeyValue,
  Lifecycle,
  RecoveryPointCreator,
  RecoveryPointSelection,
  RecoveryPointStatus,
  RestoreJobsListMember,
  RestoreTestingRecoveryPointSelection,
  ScanSetting,
  VaultType,
} from "@aws-sdk/client-backup";
import { Agenda } from "./agenda.ts";
import type { Mishap } from "./mishaps.ts";
import { Table, type Row } from "./table.ts";
import { defaultManagementPreference, defaultOptIn } from "./resource-types.ts";
import type { BackupWorld, ProtectableResource } from "./world.ts";

export type Tags = Record<string, string>;

/** Governance mode has no lock date; compliance mode has one, and from then on the lock is immutable. */
export interface VaultLock {
  readonly minRetentionDays: number | undefined;
  readonly maxRetentionDays: number | undefined;
  readonly lockDate: Date | undefined;
}

export interface Notifications {
  readonly topicArn: string;
  readonly events: readonly string[];
}

export interface Vault extends Row {
  readonly name: string;
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  readonly type: Exclude<VaultType, "RESTORE_ACCESS_BACKUP_VAULT">;
  readonly creationDate: Date;
  readonly creatorRequestId: string | undefined;
  /** Absent only on an air-gapped vault under the key that AWS owns. */
  readonly encryptionKeyArn: string | undefined;
  readonly tags: Tags;
  readonly points: Table<RecoveryPoint>;
  /** Accounts this air-gapped vault is shared with through AWS RAM. */
  readonly sharedWith: Set<string>;
  state: "CREATING" | "AVAILABLE" | "FAILED";
  lock: VaultLock | undefined;
  /** The text as it was put. */
  accessPolicy: string | undefined;
  notifications: Notifications | undefined;
  /** When a recovery point last left it: deleting the vault trails that a little. */
  lastRemoval: Date | undefined;
}

export interface RecoveryPoint extends Row {
  readonly arn: string;
  readonly vault: Vault;
  readonly resourceArn: string;
  readonly resourceType: string;
  readonly resourceName: string | undefined;
  /** The id that the source keeps when it is renamed, as it was when the backup was taken: databases only, and not always known. */
  readonly sourceResourceId: string | undefined;
  /** When the backup job that made it (or made what it is a copy of) started. */
  readonly creationDate: Date;
  readonly initiationDate: Date | undefined;
  readonly continuous: boolean;
  readonly createdBy: RecoveryPointCreator | undefined;
  /** The role of the job that made it: lifecycle deletions use it first. */
  readonly iamRoleArn: string | undefined;
  readonly encryptionKeyArn: string | undefined;
  /** Copies only. */
  readonly sourceBackupVaultArn: string | undefined;
  readonly isParent: boolean;
  readonly compositeMember: string | undefined;
  readonly tags: Tags;
  parentArn: string | undefined;
  status: RecoveryPointStatus;
  statusMessage: string | undefined;
  completionDate: Date | undefined;
  sizeBytes: number | undefined;
  lifecycle: Lifecycle;
  storageClass: "WARM" | "COLD";
  /** Continuous points: when their rule last ran. Retention counts from there. */
  lastSync: Date | undefined;
  /** Why the owning service would refuse to delete it (snapshot locked, image in use). */
  undeletable: string | undefined;
  /** A malware scan found something in it. */
  flagged: boolean;
}

export interface PlanVersion extends Row {
  readonly id: string;
  readonly creationDate: Date;
  /** Defaults filled in, RuleIds given, settings taken out. */
  readonly document: BackupPlan;
  readonly settings: readonly AdvancedBackupSetting[];
  readonly scanSettings: readonly ScanSetting[];
  /** Digest of the document as it was sent: the same again is refused. */
  readonly digest: string;
}

export interface Selection extends Row {
  readonly id: string;
  readonly planId: string;
  readonly content: BackupSelection;
  readonly creationDate: Date;
  readonly creatorRequestId: string | undefined;
}

export interface Plan extends Row {
  /** A UUID; `orgs/<uuid>` and `aws/efs/<uuid>` are made by others and read-only. */
  readonly id: string;
  readonly arn: string;
  readonly creationDate: Date;
  readonly creatorRequestId: string | undefined;
  readonly tags: Tags;
  readonly versions: PlanVersion[];
  readonly selections: Table<Selection>;
  deletionDate: Date | undefined;
  lastExecutionDate: Date | undefined;
  /** When a selection was last deleted: deleting the plan trails that a little. */
  lastSelectionDeletion: Date | undefined;
}

/** What a backup job was asked to do, beyond what its record tells. */
export interface BackupOrder {
  readonly resource: ProtectableResource;
  readonly vaultName: string;
  readonly kind: "snapshot" | "continuous";
  readonly lifecycle: Lifecycle;
  readonly tags: Tags;
  readonly copies: readonly CopyAction[];
  readonly airGappedVaultArn: string | undefined;
  /** Both windows count from the creation of the job, in minutes. */
  readonly startWindow: number;
  readonly completionWindow: number;
  /** Digest of the call with its idempotency token; absent for jobs of plans. */
  readonly request: string | undefined;
}

export interface BackupJob extends Row {
  readonly id: string;
  readonly order: BackupOrder;
  /** The record, as Describe and List tell it. */
  readonly view: BackupJobView;
  /** When its state changes next; an older entry on the agenda is void. */
  nextStep: Date | undefined;
  /** What it is making, while it runs. */
  point: RecoveryPoint | undefined;
  /** What will go wrong with it, settled when it starts. */
  mishap: Mishap | undefined;
}

export interface CopyOrder {
  readonly source: RecoveryPoint;
  /** As asked for: absent members mean "as the source has it". */
  readonly lifecycle: Lifecycle | undefined;
  readonly request: string | undefined;
}

export interface CopyJob extends Row {
  readonly id: string;
  readonly order: CopyOrder;
  readonly view: CopyJobView;
}

export interface RestoreJob extends Row {
  readonly id: string;
  readonly point: RecoveryPoint;
  readonly view: RestoreJobsListMember;
  readonly request: string | undefined;
  /** Why the owning service will refuse the restore. */
  readonly obstacle: string | undefined;
  readonly validationWindowHours: number;
}

/** With AWS's defaults filled in. */
export type TestedPoints = {
  [K in keyof RestoreTestingRecoveryPointSelection]-?: NonNullable<RestoreTestingRecoveryPointSelection[K]>;
};

export interface RestoreTestingPlan extends Row {
  readonly name: string;
  readonly arn: string;
  readonly creationDate: Date;
  readonly creatorRequestId: string | undefined;
  /** Digest of what it was made with. */
  readonly request: string;
  readonly tags: Tags;
  readonly selections: Table<RestoreTestingSelection>;
  schedule: string;
  timezone: string;
  startWindowHours: number;
  points: TestedPoints;
  lastUpdate: Date | undefined;
  lastExecution: Date | undefined;
  /** Counts its updates. */
  version: number;
}

export interface RestoreTestingSelection extends Row {
  readonly name: string;
  readonly type: string;
  readonly creationDate: Date;
  readonly creatorRequestId: string | undefined;
  readonly request: string;
  role: string;
  arns: readonly string[];
  equals: readonly KeyValue[];
  notEquals: readonly KeyValue[];
  overrides: Readonly<Record<string, string>>;
  validationWindowHours: number;
}

export interface LegalHold extends Row {
  readonly id: string;
  readonly arn: string;
  readonly title: string;
  readonly description: string;
  readonly creationDate: Date;
  readonly selection: RecoveryPointSelection | undefined;
  readonly token: string | undefined;
  readonly tags: Tags;
  /** What it covers was settled when it was created. */
  readonly points: Set<RecoveryPoint>;
  status: "CREATING" | "ACTIVE" | "CANCELING" | "CANCELED";
  cancelDescription: string | undefined;
  cancellationDate: Date | undefined;
  retainRecordUntil: Date | undefined;
}

/** A resource that has been backed up at least once, whether or not anything is left of it. */
export interface ProtectedResource extends Row {
  readonly arn: string;
  readonly type: string;
  readonly name: string | undefined;
  readonly points: Set<RecoveryPoint>;
  lastBackup: { readonly at: Date; readonly vaultArn: string; readonly pointArn: string } | undefined;
}

/** A backup that the owning service made without AWS Backup. */
export interface NativeBackup extends Row {
  readonly arn: string;
  readonly resourceArn: string;
  readonly creationDate: Date;
  readonly sizeBytes: number;
}

export interface BackupState {
  readonly account: string;
  readonly region: string;
  readonly world: BackupWorld;
  readonly vaults: Map<string, Vault>;
  readonly plans: Map<string, Plan>;
  readonly backupJobs: Table<BackupJob>;
  readonly copyJobs: Table<CopyJob>;
  readonly restoreJobs: Table<RestoreJob>;
  readonly restoreTestingPlans: Table<RestoreTestingPlan>;
  readonly legalHolds: Map<string, LegalHold>;
  readonly protectedResources: Table<ProtectedResource>;
  readonly nativeBackups: NativeBackup[];
  /** Types of resource whose clean-up after a restore test fails, as it does where the service-linked role may not delete them. */
  readonly uncleanable: Set<string>;
  readonly optIn: Map<string, boolean>;
  readonly managementPreference: Map<string, boolean>;
  /** Resource ARN to the backup or copy job that runs for it: AWS Backup runs one at a time for each. */
  readonly busy: Map<string, string>;
  /** What goes wrong with jobs at present. */
  readonly mishaps: Mishap[];
  readonly agenda: Agenda;
  sequence: number;
}

export function createState(account: string, region: string, world: BackupWorld): BackupState {
  return {
    account,
    region,
    world,
    vaults: new Map(),
    plans: new Map(),
    backupJobs: new Table(),
    copyJobs: new Table(),
    restoreJobs: new Table(),
    restoreTestingPlans: new Table(),
    legalHolds: new Map(),
    protectedResources: new Table(),
    nativeBackups: [],
    uncleanable: new Set(),
    optIn: defaultOptIn(),
    managementPreference: defaultManagementPreference(),
    busy: new Map(),
    mishaps: [],
    agenda: new Agenda(),
    sequence: 0,
  };
}

export function nextSequence(state: BackupState): number {
  state.sequence += 1;
  return state.sequence;
}
