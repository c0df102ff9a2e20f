/**
 * What the page reads of a verified report. Reading is lenient: an older report lacks sections, a later one has fields that are passed
 * over. A list that is absent was not looked at, which is told apart from an empty one.
 */
export interface Target {
  readonly account: string;
  readonly region: string;
}
export interface Key {
  readonly kind: string;
  readonly name: string;
  readonly target: Target;
}
export interface Failure {
  readonly kind?: string;
  readonly operation?: string;
  readonly message?: string;
}
export interface Position {
  readonly path: string;
  readonly line: number;
}
export interface Difference {
  readonly path: string;
  readonly live?: unknown;
  readonly desired?: unknown;
  readonly effect?: string;
  readonly hazards?: readonly string[];
}
interface Finding {
  readonly cause: string;
  readonly policy: string;
  readonly partition: string;
  readonly bytes: number;
  readonly resource?: string;
  readonly because?: string;
  readonly step?: string;
}
export interface ResourceRow {
  readonly key: Key;
  readonly id?: string;
  readonly arn?: string;
  readonly drift?: string;
  readonly outcome?: string;
  readonly manifest?: Position;
  readonly differences?: readonly Difference[];
  /** v0's name for `differences`. */
  readonly fields?: readonly Difference[];
  readonly failure?: Failure;
  readonly because?: string;
  readonly finding?: Finding;
  readonly checkedOn?: string;
  readonly requestIds?: readonly string[];
}
export interface ChangeRow {
  readonly change: string;
  readonly key: Key;
  readonly subject?: string;
  readonly action: string;
  readonly effect?: string;
  readonly result: string;
  readonly because?: string;
  readonly differences?: readonly Difference[];
  readonly fields?: readonly Difference[];
  readonly manifest?: Position;
  readonly finding?: Finding;
  readonly consent?: { readonly approval: string; readonly ticket?: string };
}
export interface HoldRow {
  readonly change?: string;
  readonly key: Key;
  readonly subject?: string;
  readonly action?: string;
  readonly effect?: string;
  readonly reason: string;
  readonly also?: readonly string[];
  readonly because: string;
  readonly release: string;
  readonly manifest?: Position;
}
export interface ActionRow {
  readonly id?: string;
  readonly change: string;
  readonly key: Key;
  readonly subject?: string;
  readonly role?: string;
  readonly operation: string;
  readonly calledOn: string;
  readonly requestId?: string;
  readonly outcome: string;
  readonly failure?: Failure;
}
export interface DeletionRow {
  readonly change: string;
  readonly key: Key;
  readonly subject: string;
  readonly result: string;
  readonly acceptedOn: string | null;
  readonly refusals: number;
}
export interface RecoveredRow {
  readonly run: string;
  readonly change: string;
  readonly key: Key;
  readonly subject?: string;
  readonly action: string;
  readonly result: string;
}
export interface ListingRow {
  readonly target: Target;
  readonly kind: string;
  readonly items: number;
  readonly complete: boolean;
  readonly failure?: Failure;
}
export interface ObservationRow {
  readonly api: string;
  readonly region: string;
  readonly accountId: string;
  readonly parameters: unknown;
  readonly pages: number;
  readonly items: number;
  readonly requestIds: readonly string[];
  readonly from: string;
  readonly to: string;
  readonly complete: boolean;
}
export interface UnprotectedRow {
  readonly arn: string;
  readonly type: string;
  readonly reason: string;
}
export interface RpoBreachRow {
  readonly arn: string;
  readonly type: string;
  readonly policy: string;
  readonly rpoSeconds: number;
  /** Null: no usable recovery point is known. */
  readonly lastGoodOn: string | null;
}
export interface FailedJob {
  readonly jobId: string;
  readonly kind: string;
  readonly arn: string;
  readonly state: string;
  readonly message: string;
  readonly on: string;
  readonly retriedBy?: string;
}
export interface RestoreTestRow {
  readonly jobId: string;
  readonly recoveryPointArn: string;
  readonly resource: string | null;
  readonly resourceType: string | null;
  readonly startedOn: string;
  readonly finishedOn: string | null;
  readonly status: string;
  readonly validationStatus: string | null;
  readonly message: string | null;
  readonly rtoSeconds: number | null;
  readonly plan: string | null;
  readonly rtoTargetSeconds?: number;
  readonly rtoMet?: boolean | null;
}
export interface VaultRow {
  readonly arn: string;
  readonly type: string;
  readonly locked: boolean;
  readonly lockDate: string | null;
  readonly minDays: number | null;
  readonly maxDays: number | null;
  readonly kmsKeyArn: string | null;
  readonly policySha256: string | null;
  readonly recoveryPointCount: number;
}
export interface ExceptionRow {
  readonly id: string;
  readonly arn: string | null;
  readonly reason: string;
  readonly approvedIn: string | null;
  readonly owner: string;
  readonly expiresOn: string;
}
export interface MisnamedRow {
  readonly key: Key;
  readonly id: string;
  readonly of: string;
  readonly name: string;
  readonly pattern: string;
  readonly because: string;
}
export interface AttachmentRow {
  readonly name: string;
  readonly mediaType: string;
  readonly size: number;
  readonly digest: { readonly sha256: string };
}
interface SigningKey {
  readonly keyid: string;
  readonly algorithm: string;
  readonly protection: string;
  readonly origin?: string;
  readonly kmsKeyArn?: string;
}
export interface Report {
  readonly schema?: string;
  readonly chain: {
    readonly id: string;
    readonly sequence: number;
    readonly previous: { readonly sequence: number; readonly payloadSha256: string } | null;
    readonly log?: { readonly size: number; readonly rootHash: string };
    readonly window?: { readonly from: string; readonly to: string };
    readonly nextDueBefore?: string;
    readonly genesis?: {
      readonly reason: string;
      readonly supersedes?: { readonly chainId: string; readonly sequence: number };
    };
  };
  readonly reporter: {
    readonly id: string;
    readonly version: string;
    readonly imageDigest?: string | null;
    readonly configSha256?: string;
    readonly principalArn?: string | null;
  };
  readonly signing: { readonly required: readonly string[]; readonly keys: readonly SigningKey[] };
  readonly source: {
    readonly uri: string;
    readonly ref?: string | null;
    readonly commit: string | null;
    readonly tree: string;
    readonly dirty?: boolean;
    readonly committedOn?: string | null;
    readonly fastForward: boolean | null;
    readonly previousCommit: string | null;
    readonly manifestRoot?: string;
    readonly commitSignature?: {
      readonly format: string;
      readonly status: string;
      readonly signer: string | null;
    };
    readonly pack?: { readonly sha256: string; readonly size: number } | null;
  } | null;
  /** Of a report by which the chain's keys change. */
  readonly transition?: {
    readonly reason: string;
    readonly newPolicy: { readonly threshold: number; readonly keyids: readonly string[] };
  };
  readonly scope: {
    readonly fleet: string | null;
    readonly accounts: readonly string[];
    readonly regions: readonly string[];
    readonly partial: boolean;
    readonly exclusions: readonly { readonly account?: string; readonly selector?: string; readonly reason: string }[];
  };
  readonly run: {
    readonly id: string;
    readonly trigger: string;
    readonly mode: string;
    readonly startedOn: string;
    readonly finishedOn: string;
    readonly attempts?: number;
    readonly clock?: { readonly source: string; readonly maxErrorMs: number };
    readonly failure?: { readonly code: string; readonly message: string };
  };
  readonly result: string;
  readonly targets?: readonly { readonly target: Target; readonly result: string }[];
  readonly summary: Readonly<Record<string, number>>;
  readonly resources?: readonly ResourceRow[];
  readonly held?: readonly HoldRow[];
  readonly changes?: readonly ChangeRow[];
  readonly actions?: readonly ActionRow[];
  readonly recovered?: readonly RecoveredRow[];
  readonly deletions?: readonly DeletionRow[];
  readonly announced?: {
    readonly points: number;
    readonly bytes: number;
    readonly fresh: number;
    readonly paused: number;
    readonly first?: { readonly change: string; readonly subject: string; readonly notBefore: string };
  };
  readonly listings?: readonly ListingRow[];
  readonly coverage?: {
    readonly complete: boolean;
    readonly population: number;
    readonly protected: number;
    readonly unprotected: readonly UnprotectedRow[];
    readonly byPlan: Readonly<Record<string, number>>;
  };
  readonly jobs?: {
    readonly complete: boolean;
    readonly window: { readonly from: string; readonly to: string };
    readonly byState: Readonly<Record<string, number>>;
    readonly copyByState: Readonly<Record<string, number>>;
    readonly failed: readonly FailedJob[];
    readonly oldestRecoveryPointOn: string | null;
    readonly rpoBreaches: readonly RpoBreachRow[];
  };
  readonly jobsSinceSurvey?: {
    readonly from: string;
    readonly to: string;
    readonly complete: boolean;
    readonly failed: readonly FailedJob[];
  };
  readonly restoreTests?: readonly RestoreTestRow[];
  readonly vaults?: readonly VaultRow[];
  readonly exceptions?: readonly ExceptionRow[];
  readonly misnamed?: readonly MisnamedRow[];
  readonly standDowns?: readonly { readonly run: string; readonly on: string; readonly holder: string }[];
  readonly unchanged?: {
    readonly since: { readonly sequence: number; readonly payloadSha256: string };
    readonly sections: readonly string[];
  };
  readonly attachments?: readonly AttachmentRow[];
  readonly limitations?: readonly string[];
}
export interface Subject {
  readonly name?: string;
  readonly uri?: string;
  readonly digest: Readonly<Record<string, string>>;
}

/** A row of the inventory attachment: one recovery point. Times RFC 3339; `deleteOn` null is "kept for ever". */
export interface InventoryRow {
  readonly arn: string;
  readonly resourceArn?: string;
  readonly resourceType?: string;
  readonly status?: string;
  readonly createdOn: string;
  readonly deleteOn: string | null;
  readonly bytes?: number;
}
/** A row of the announcements attachment. */
export interface AnnouncementRow {
  readonly change: string;
  readonly subject: string;
  readonly partition: string;
  readonly policy: string;
  readonly cause: string;
  readonly deleteOn: string | null;
  readonly graceMs: number;
  readonly pausedMs: number;
  readonly pausedOn?: string;
  readonly announcedOn: string;
  readonly key: Key;
}

/** One report that verified, with what the verifier read of it. */
export interface VerifiedReport {
  readonly file: string;
  readonly sequence: number;
  readonly payloadSha256: string;
  readonly report: Report;
  readonly subject: readonly Subject[];
  readonly predicateType: string;
  /** As the envelope names them: hints, to be looked up among the trusted keys. */
  readonly signatures: readonly { readonly keyid: string }[];
}
