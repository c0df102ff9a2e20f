/**
 * What AWS Backup needs from the rest of the simulated cloud. The simulator's core implements it; every state carries a reference,
 * because a copy, a role or a key may live in another account or Region.
 */
import type { Announcement } from "./announcements.ts";
import type { BackupState } from "./state.ts";

export interface BackupWorld {
  /** Every account and Region in which the service has been touched. */
  states(): Iterable<BackupState>;
  /** The state of one account and Region, made on first use; absent for an account or Region that does not exist. */
  state(account: string, region: string): BackupState | undefined;

  readonly managementAccount: string;
  /** `o-…`; absent for an account that is in no organization. */
  organizationOf(account: string): string | undefined;
  /** Organization-wide; one object for the whole world, made by `newGlobalSettings`. Handlers write to it. */
  readonly globalSettings: GlobalSettings;

  accountExists(account: string): boolean;
  /** Whether a role exists and trusts `backup.amazonaws.com`. */
  roleExists(roleArn: string): boolean;
  /** Whether a role's own policies allow an action on any resource. Roles without policies of record count as allowed everything. */
  roleAllows(roleArn: string, action: string): boolean;
  /** Whether the account has `AWSServiceRoleForBackup`, which deletes points and carries cross-account copies. */
  serviceLinkedRoleExists(account: string): boolean;
  /** Whether a principal named in a vault policy exists: an account, its root, a user, a role or a role session. */
  principalExists(arn: string): boolean;

  /** What uses the snapshot or image behind a recovery point, so that EC2 would refuse to delete it; undefined: nothing. */
  userOf(account: string, region: string, pointArn: string): string | undefined;

  /** Resolves a key ARN, key id, `alias/…` or alias ARN as seen from one account and Region. `alias/aws/backup` always resolves. */
  key(account: string, region: string, idOrArn: string): EncryptionKey | undefined;

  /** What could be backed up there, whether or not any plan selects it. */
  protectedResources(account: string, region: string): Iterable<ProtectableResource>;

  /** A restore test made it: it is there like any other, tagged, until it is cleaned up. */
  placeRestored(account: string, region: string, restored: ProtectableResource): void;
  removeRestored(account: string, region: string, arn: string): void;
  /** Takes an event on its way to the account's own bus in that Region. `say` is called at once, where anybody listens, or never. */
  announce(place: { readonly account: string; readonly region: string }, at: Date, say: () => Announcement): void;

  now(): Date;
  uuid(): string;
  /** Most items a page holds, whatever `MaxResults` asks for: AWS's pages may be short too. */
  readonly pageSize: number;
  readonly options: BackupOptions;
}

export interface EncryptionKey {
  readonly arn: string;
  /** `AWS`: an AWS managed key (`aws/backup`, `aws/ebs`…), which can never be shared with another account. */
  readonly manager: "AWS" | "CUSTOMER";
  readonly enabled: boolean;
  /** Accounts, other than its own, that the key's policy lets use it. */
  readonly sharedWith?: ReadonlySet<string>;
}

/** One resource that AWS Backup could protect. `type` is AWS Backup's spelling: `EBS`, `SAP HANA on Amazon EC2`, `Storage Gateway`… */
export interface ProtectableResource {
  readonly arn: string;
  readonly type: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly sizeBytes: number;
  readonly name?: string;
  /** The id that a database keeps when it is renamed: DbiResourceId, DbClusterResourceId. */
  readonly resourceId?: string;
  /** The key that encrypts the resource itself; its native backups keep it. Absent: not encrypted. */
  readonly encryptedWith?: string;
}

/** Organization-wide settings, kept as AWS tells them: strings `"true"` and `"false"`. */
export interface GlobalSettings {
  readonly values: Map<string, "true" | "false">;
  lastUpdateTime: Date | undefined;
  /** When cross-account backup was last switched off: copies keep flowing for up to 15 minutes. */
  crossAccountDisabledAt: Date | undefined;
}

/** `crossAccount` is off in a new organization. */
export function newGlobalSettings(crossAccount: boolean): GlobalSettings {
  return {
    values: new Map([
      ["isCrossAccountBackupEnabled", crossAccount ? "true" : "false"],
      ["isMpaEnabled", "false"],
      ["isDelegatedAdministratorEnabled", "false"],
    ]),
    lastUpdateTime: undefined,
    crossAccountDisabledAt: undefined,
  };
}

/** Choices where AWS is silent, and how long its lags last. Times are virtual seconds. */
export interface BackupOptions {
  /** How long reads trail writes. */
  readonly lag: {
    /** A new selection is "not found" to GetBackupSelection for so long. */
    readonly selectionVisible: number;
    /** DeleteBackupPlan still sees a deleted selection for so long. */
    readonly selectionDeleted: number;
    /** DeleteBackupVault still sees removed recovery points for so long. */
    readonly pointRemoved: number;
  };
  readonly duration: {
    /** CREATING → AVAILABLE of an air-gapped vault. */
    readonly airGappedVault: number;
    /** CREATING → ACTIVE and CANCELING → CANCELED of a legal hold. */
    readonly legalHold: number;
    /** DELETING → gone. */
    readonly deletion: number;
    /** CREATED → RUNNING of a job. */
    readonly jobStart: number;
    /** RUNNING → done of the smallest job; a gigabyte adds `perGigabyte`. */
    readonly job: number;
    readonly perGigabyte: number;
  };
  /** BackupPlanName: the BackupPlanInput page says 50, the BackupPlan page 200. */
  readonly planNameMaximum: 50 | 200;
  /** Whether UpdateBackupPlan may change the plan's name (unconfirmed). */
  readonly planRename: "accepted" | "refused";
  /** UpdateBackupPlan with an unchanged document (unconfirmed). */
  readonly unchangedUpdate: "new-version" | "refused";
  /** Whether a rule keeps its RuleId while its name stays (unconfirmed). */
  readonly ruleIds: "stable-by-name" | "fresh";
  /** Put of a lock without ChangeableForDays during the grace time (unconfirmed). */
  readonly lockWithoutDaysInGrace: "becomes-governance" | "keeps-lock-date";
  /** Delete of an absent policy, notification or lock (unconfirmed). */
  readonly deleteAbsent: "accepted" | "not-found";
  /** Two rules of the same name in one plan (unconfirmed). */
  readonly duplicateRuleName: "accepted" | "refused";
  /** A second selection of the same name in a plan (unconfirmed). */
  readonly duplicateSelectionName: "accepted" | "already-exists";
  /** A second DeleteBackupPlan (unconfirmed). */
  readonly deleteDeletedPlan: "not-found" | "accepted";
}

export const defaultOptions: BackupOptions = {
  lag: { selectionVisible: 5, selectionDeleted: 5, pointRemoved: 5 },
  duration: { airGappedVault: 90, legalHold: 30, deletion: 60, jobStart: 60, job: 300, perGigabyte: 2 },
  planNameMaximum: 50,
  planRename: "accepted",
  unchangedUpdate: "new-version",
  ruleIds: "stable-by-name",
  lockWithoutDaysInGrace: "becomes-governance",
  deleteAbsent: "accepted",
  duplicateRuleName: "refused",
  duplicateSelectionName: "accepted",
  deleteDeletedPlan: "not-found",
};
