import { canonical, digestOf } from "./digest.ts";
import type { Digest, Instant, ResourceKey, Target } from "./identity.ts";
import type { NamingRules } from "./naming.ts";
import type { Notifications } from "./notifications.ts";
import type { Weekday } from "./weekdays.ts";

/** Where a person wrote it. Lines and columns count from 1. */
export interface Source {
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

export interface Problem extends Source {
  readonly severity: "error" | "warning";
  readonly message: string;
  /** What to do, where there is one thing to do. */
  readonly hint?: string;
}

/** enforce: correct drift. observe: judge, report and hold. suspended: observed, not judged, never surplus. */
export type Management =
  { readonly mode: "enforce" } | { readonly mode: "observe" } | { readonly mode: "suspended"; readonly reason: string };

/** No consent, consent by name, or consent to the one resource with this id where several share a name (rule 19). */
export type Adoption = boolean | string;

interface DesiredCommon {
  readonly key: ResourceKey;
  readonly management: Management;
  readonly adopt: Adoption;
  readonly source: Source;
  /** The resource this one is part of: held when its parent is, and as much ours as its parent is. */
  readonly within?: ResourceKey;
}

/** One resource as it should be in one target, or declared to be absent (`accessPolicy: none`). */
export type Desired<Spec = unknown> =
  (DesiredCommon & { readonly want: "present"; readonly spec: Spec }) | (DesiredCommon & { readonly want: "absent" });

export type Wanted<Spec = unknown> = Extract<Desired<Spec>, { want: "present" }>;

/** What a governed kind is judged by, in one target. */
export interface Rule<Spec = unknown> {
  readonly kind: string;
  readonly name: string;
  readonly target: Target;
  readonly spec: Spec;
  readonly management: Management;
  readonly source: Source;
  /** The types of resource it is about, as AWS Backup names them. Absent: all of them. */
  readonly resourceTypes?: readonly string[];
}

/** One file of the desired state, as read. `gitBlob` is git's SHA-1 object id, so that stock git can check it. */
export interface ManifestFile {
  readonly path: string;
  readonly sha256: Digest;
  readonly gitBlob: string;
}

/** One digest for a whole desired state: its paths and contents, in no order. */
export const desiredDigest = (files: readonly Pick<ManifestFile, "path" | "sha256">[]): Digest =>
  digestOf(canonical(Object.fromEntries(files.map(({ path, sha256 }) => [path, sha256]))));

/** How a commit is signed, by what its header says. Nobody checked it: whose key may sign a commit is not for this side to say. */
export interface CommitSignature {
  readonly format: "none" | "gpg" | "ssh" | "x509" | "unknown";
  readonly status: "not-checked" | "none";
  readonly signer: string | null;
}
export const UNSIGNED: CommitSignature = { format: "none", status: "none", signer: null };

/** A git pack by its bytes: those of the commit, the trees down to the manifests' folder and below, and every blob in it. Size in bytes. */
export interface CommitPack {
  readonly sha256: Digest;
  readonly size: number;
}

/**
 * Revisions published one after another, each a descendant of the one before, until one came that was not: history had been rewritten.
 * `through` is the sequence of the last of them, and `followed` says whether the commit published now descends from that one's after all.
 */
export interface BrokenLine {
  readonly through: number;
  readonly commit: string;
  readonly followed: boolean;
}

/** Exactly which desired state a run acted on (rules 25, 35). */
export interface Revision {
  readonly digest: Digest;
  readonly commit: string | null;
  readonly tree: string;
  readonly dirty: boolean;
  /** Of HEAD; null where the desired state is a plain folder. */
  readonly sequence: number | null;
  readonly fastForward: boolean | null;
  readonly previousCommit: string | null;
  /** What was published before the history last was rewritten, oldest first. Absent: a plain folder, which nobody published. */
  readonly brokenLines?: readonly BrokenLine[];
  readonly uri: string;
  /** The branch that was checked out, as `refs/heads/main`; null where none was. */
  readonly ref: string | null;
  /** The committer's time; null without a commit, or where HEAD was published before Holdfast told it. */
  readonly committedOn: Instant | null;
  /** The manifests' folder inside the repository, "" for its root. */
  readonly manifestRoot: string;
  readonly commitSignature: CommitSignature;
  /** Null where the files are not exactly a commit's, where there can be no pack, and where nobody asked for it. */
  readonly pack: CommitPack | null;
  /** Why there is no pack although the files are exactly a commit's. */
  readonly unpacked: string | null;
  readonly files: readonly ManifestFile[];
}

export interface Guardrails {
  /** Most open targets at once. */
  readonly concurrency: number;
  /** Most weakening or destructive changes, absolute and as a share of what is declared or governed there (law 7). */
  readonly budget: { readonly perTarget: number; readonly perRun: number; readonly percent: number };
  /** The desired state shrank: fewer than this share of the last run's declared resources are left. Per cent. */
  readonly shrinkPercent: number;
  /** Most corrections of one field within 24 h before it counts as contested (rule 17). */
  readonly contestedAfter: number;
  /** Most recovery points deleted or shortened within a rolling 24 h (rule 8). `percentOfVault` of a vault's points, at least one. */
  readonly destruction: {
    readonly perVaultDay: number;
    readonly percentOfVault: number;
    readonly perFleetDay: number;
  };
  /** Most copies started within a rolling 24 h, by number and by bytes, in one target (rules 13, 20). */
  readonly copies: { readonly perTargetDay: number; readonly bytesPerTargetDay: number };
  /** Most backups started within a rolling 24 h, in one target (rule 21). */
  readonly backups: { readonly perTargetDay: number };
  /** When changes may be made. Absent: at any time. */
  readonly maintenance?: Maintenance;
}

/** Windows and freezes, in the wall-clock time of one named zone. */
export interface Maintenance {
  /** IANA name. */
  readonly timeZone: string;
  /** weakening: what the ratchet would let through unasked goes at any time. everything: nothing is written outside. */
  readonly holds: "weakening" | "everything";
  /** Open from `from` to `to` (HH:MM, 24 h; `to` not after `from` means the next day) on these days. None: always open. */
  readonly windows: readonly { readonly days: readonly Weekday[]; readonly from: string; readonly to: string }[];
  /** Closed from the minute `from` until the minute `to`, both YYYY-MM-DDTHH:MM, whatever the windows say. */
  readonly freezes: readonly { readonly from: string; readonly to: string; readonly reason: string }[];
}

export interface RoleNames {
  readonly observe: string;
  readonly apply: string;
  readonly retain: string;
  readonly destroy: string;
}

export interface FleetAccess {
  readonly mode: "assumeRole" | "ambient";
  readonly roles: RoleNames;
  readonly rolePath: string;
  readonly externalId?: string;
}

/** The fleet as resolved for one run. */
export interface Exclusion {
  readonly account: string;
  readonly reason: string;
  /** The file that says so; absent where no manifest does. */
  readonly manifest?: string;
}

export interface Fleet {
  readonly name: string;
  readonly access: FleetAccess;
  readonly targets: readonly Target[];
  /** Targets that this run does not look at although they are the fleet's: what lies there is unknown to it. Absent: none. */
  readonly beyond?: readonly Target[];
  /** Accounts left out, each with its reason: an exclusion in git, or Organizations says it is not ACTIVE (rule 27). */
  readonly excluded: readonly Exclusion[];
  readonly guardrails: Guardrails;
  /** Absent: anything may be called anything. */
  readonly naming?: NamingRules;
  /** Absent: nobody is told. */
  readonly notifications?: Notifications;
  /** Keys of the tags that name a resource's owner, the first that it bears. Absent: none does. */
  readonly ownerTags?: readonly string[];
}

/** Consent, in git, to exact changes: used once each, and for at most 30 days (rule 7). */
export interface Approval {
  readonly name: string;
  /** SHA-256 of its spec's canonical form: what a use of it is recorded under, so that an edited approval is a new one. */
  readonly digest: Digest;
  readonly changes: readonly string[];
  /** Groups of findings, by id, with the report that lists their members. */
  readonly groups: readonly { readonly id: string; readonly report: number }[];
  /** Every announced destruction of this policy and cause. Only `expired` can be consented to in advance. */
  readonly standing: readonly { readonly policy: string; readonly cause: "expired" }[];
  /** ARNs of recovery points that may go although they are the last of their resource (rule 1). */
  readonly lastPoints: readonly string[];
  readonly reason: string;
  readonly ticket?: string;
  readonly expiresOn: Instant;
  readonly source: Source;
}

/** An accepted exception, with an owner and an end. While it holds, what it covers is reported, not held against anybody, and never destroyed. */
export interface Waiver {
  readonly name: string;
  readonly owner: string;
  readonly reason: string;
  readonly ticket?: string;
  readonly expiresOn: Instant;
  readonly source: Source;
  /** Which findings it is about; every member given must fit. Absent: it is about accounts alone. */
  readonly findings?: {
    readonly policies?: readonly string[];
    readonly causes?: readonly string[];
    readonly accounts?: readonly string[];
    readonly regions?: readonly string[];
    readonly vaults?: readonly string[];
    /** ARNs of protected resources; * and ? are wildcards. */
    readonly resources?: readonly string[];
    /** ARNs of recovery points. */
    readonly recoveryPoints?: readonly string[];
  };
  /** Accounts that are expected to be out of reach: left out, with this reason (rule 27). */
  readonly expectUnreachable: readonly string[];
}

export interface DesiredState {
  readonly revision: Revision;
  readonly fleet: Fleet;
  readonly resources: readonly Desired[];
  /** Of a run over a part of the fleet: what is declared outside of it. Not looked at, and kept in mind: a plan there may copy into a vault here. */
  readonly elsewhere?: readonly Desired[];
  readonly rules: readonly Rule[];
  readonly approvals: readonly Approval[];
  readonly waivers: readonly Waiver[];
  readonly warnings: readonly Problem[];
}
