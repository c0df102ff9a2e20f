import type { Call } from "./aws/operation.ts";
import type { Announcement, Sighting, Standing } from "./domain/announcement.ts";
import type { Problem, Revision } from "./domain/desired.ts";
import type { Change } from "./domain/change.ts";
import type { AwsFailure } from "./domain/errors.ts";
import type { AccountId, Digest, Instant, Target } from "./domain/identity.ts";
import type { Attempt, Outcome, Role } from "./domain/outcome.ts";
import type { Carried } from "./domain/carried.ts";
import type { Scope } from "./domain/scope.ts";
import type { Concern, NoticeTrouble } from "./domain/concern.ts";
import type { TestedClass } from "./domain/tested.ts";
import type { Report, ReportBody } from "./domain/report.ts";
import type { FleetAccess } from "./domain/desired.ts";
import type { Notifications } from "./domain/notifications.ts";
import type { Observation } from "./domain/survey.ts";

/** Time is an argument. `now` follows the store's Date header, so that a laptop's wrong clock cannot outlive a lease. */
export interface Clock {
  now(): Date;
  /** Milliseconds on a clock that never goes back. */
  monotonic(): number;
  sleep(ms: number): Promise<void>;
}

/** Constant events with fields; nothing below the roots prints. */
export interface Log {
  (event: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** A prefix of a bucket, or a folder. Strongly consistent; every put is conditional. */
export interface ObjectStore {
  /** `s3://bucket/prefix` or a folder's path, for messages. */
  readonly url: string;
  /** Undefined: there is no such object. Throws HoldfastError `store-unreachable` when it could not look. */
  get(key: string): Promise<StoredObject | undefined>;
  /** "conflict": somebody else's write came first, or the object is not what `ifMatch` says. */
  put(
    key: string,
    body: Uint8Array,
    options: PutOptions,
  ): Promise<{ readonly etag: string; readonly at: Date } | "conflict">;
  /** Keys under a prefix, in UTF-8 byte order, whole. */
  list(prefix: string): Promise<readonly string[]>;
  /** What lies below the current objects under a prefix, whole. Absent of a store that keeps no versions. Throws `store-unreachable`. */
  audit?(prefix: string): Promise<VersionAudit>;
  /** The store's own time, by the Date of one of its answers. Absent: it has no other than this machine's. */
  time?(): Promise<Date>;
}
/** One version of a key, or a marker that says it was deleted. */
export interface StoredVersion {
  readonly id: string;
  readonly on: Date;
  readonly deleted: boolean;
}
export interface VersionAudit {
  /** Keys with more than one version or any delete marker. */
  readonly findings: readonly { readonly key: string; readonly versions: readonly StoredVersion[] }[];
  /** Objects written while the store kept no versions: what they replaced cannot be known. */
  readonly unversioned: number;
}
export interface StoredObject {
  readonly body: Uint8Array;
  readonly etag: string;
  readonly lastModified: Date;
  /** The store's own time when it answered. */
  readonly at: Date;
}
export interface PutOptions {
  readonly condition: { readonly ifAbsent: true } | { readonly ifMatch: string };
  readonly contentType: string;
}

/** The desired state's files at one revision, whole and verified. */
export interface SourceSnapshot {
  readonly revision: Revision;
  readonly files: readonly { readonly path: string; readonly text: string }[];
  /** The bytes of `revision.pack`, where there is one. */
  readonly pack?: Uint8Array;
}
export interface DesiredSource {
  read(): Promise<SourceSnapshot>;
}

export interface OrganizationAccount {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Ids of every organizational unit above it, nearest first. */
  readonly organizationalUnits: readonly string[];
}
export interface Organization {
  /** Every account of the organization, closed ones included. Rejects when the listing is not whole. */
  accounts(): Promise<readonly OrganizationAccount[]>;
  /** The names of all accounts by their ids: much less to ask. Rejects when the listing is not whole. */
  names(): Promise<ReadonlyMap<string, string>>;
  /** The caller's own account: for a fleet of one, and for reports to name. */
  caller(): Promise<Caller>;
}
export interface Caller {
  readonly account: AccountId;
  readonly arn: string;
}

/** The controller itself, as its reports tell of it. */
export interface Self {
  /** SHA-256 of the code that runs; null where it runs from a checkout. */
  readonly imageDigest: Digest | null;
  /** SHA-256 of the settings' canonical JSON. */
  readonly configSha256: Digest;
  readonly region: string | null;
  /** Whose time it goes by, and how far off that may be: milliseconds, null where nobody can say. */
  readonly clock: { readonly source: "store" | "system"; readonly maxErrorMs: number | null };
  /** How long after a report the next one is due at the latest. Milliseconds. */
  readonly nextReportWithin: number;
}

/** One way into the fleet's accounts, with the pace shared by everything in the process. */
export interface FleetReader {
  reader(target: Target): Call;
  /** API calls made so far per rate class, to predict the next run's time. */
  calls(): Readonly<Record<string, number>>;
  /** Every read made so far in the fleet's targets, by readers and writers alike: one row a question, its pages counted. */
  observations(): readonly Observation[];
}
export interface FleetWriter extends FleetReader {
  /** Checks the lease before every write and tells `record` of every mutating try. */
  writer(target: Target, role: Role, lease: Lease, record: (attempt: Omit<Attempt, "changeId">) => void): Call;
}

export interface Lease {
  readonly holder: string;
  /** This taking of it: what other processes of the run join it by. */
  readonly id: string;
  /** Throws HoldfastError `lease-lost` within 30 s of the local deadline (rule 22). Costs nothing. */
  assertHeld(): void;
  /** Reads the lease again: still ours? Before anything destructive. */
  confirm(): Promise<void>;
  release(): Promise<void>;
  /** Keeps it alive no longer, and does not give it back: other processes of the run go on with it. */
  leave(): Promise<void>;
}
export interface HeldElsewhere {
  readonly heldBy: string;
  /** The taking of it: a process of that very run joins it by this. */
  readonly id: string;
  readonly until: Instant;
}
export interface Leases {
  /** The fleet-wide lease, or who has it and until when. */
  take(holder: string): Promise<Lease | HeldElsewhere>;
  /** A lease that another process of the same run took. Throws HoldfastError `lease-lost` where it is over. */
  join(holder: string, id: string): Promise<Lease>;
}

/** What a run was about to write, and what came back: unsigned scratch (rule 23). */
export interface Journal {
  /** Journals of runs that were never closed, oldest first. */
  unclosed(): Promise<readonly OpenJournal[]>;
  /** Names a run among those that may have written. One that intends does so by itself; many processes of one run let one of them do it. */
  enter(run: string): Promise<void>;
  /** Put before a wave's first write; no journal, no write. */
  intend(run: string, wave: number, changes: readonly Change[], part?: JournalPart): Promise<void>;
  conclude(run: string, wave: number, outcomes: readonly Outcome[], part?: JournalPart): Promise<void>;
  /** What earlier processes of a run set about in a part of a wave. */
  attempts(run: string, wave: number, part: string): Promise<OpenJournal["waves"]>;
  /** Closes a run's journal once its rows are in a published report. */
  close(run: string, reportSequence: number): Promise<void>;
}
/** A part of a wave that one process carries out. Both names are of letters, digits and hyphens; no two processes make one attempt. */
export interface JournalPart {
  readonly name: string;
  readonly attempt: string;
}
export interface OpenJournal {
  readonly run: string;
  readonly waves: readonly {
    readonly wave: number;
    readonly intents: readonly Change[];
    readonly outcomes: readonly Outcome[] | null;
  }[];
}

/**
 * What processes of one run leave for each other: plain data (maps, sets and dates among it), by its digest. Whoever is told a digest by
 * somebody it believes may believe what it reads under it, whoever else can write to the store.
 */
export interface Papers {
  keep(run: string, value: unknown): Promise<Digest>;
  /** Not to be changed: others of the process read the same. Throws HoldfastError `paper-refused` where it is not what the digest says. */
  read<T>(run: string, digest: Digest): Promise<T>;
}

/** What earlier reports say, verified before anything rests on it. */
export interface Memory {
  readonly head: {
    readonly sequence: number;
    readonly payloadSha256: string;
    readonly publishedOn: Instant;
    readonly report: Report;
  } | null;
  readonly carried: Carried;
  /** Open announcements, each with the report that began it. */
  readonly announcements: readonly Announcement[];
  /** Resources seen to be missing. */
  readonly sightings: readonly Sighting[];
  /** What is wrong with protection, and what was so lately. */
  readonly concerns: readonly Concern[];
  /** What is known of each class that restores are tested of. */
  readonly tested: readonly TestedClass[];
  /** Digests of the specs the last whole report recorded in sync, by `showKey`. Restoring those is free of some hazards (rule 13). */
  readonly inSync: ReadonlyMap<string, string>;
  /** Stand-downs that no report has listed yet. */
  readonly standDowns: readonly StandDown[];
}
export interface StandDown {
  readonly run: string;
  readonly on: Instant;
  readonly holder: string;
}
/** That a run looked at a target, and from when on. */
export interface Look {
  readonly target: Target;
  readonly from: Instant;
  /** All of it was seen, and nothing failed there. */
  readonly whole: boolean;
}
export interface History {
  /** Throws HoldfastError `chain-broken` when the head does not verify. */
  read(): Promise<Memory>;
  /** Whether each announcement stands: every verified report since the one that began it carries it (law 3). Throws `chain-broken`. */
  standing(announcements: readonly Announcement[]): Promise<ReadonlyMap<string, Standing>>;
  /**
   * Where runs that began at a moment or after it looked, as their verified reports tell, the last few dozen at most; null where there is no
   * report at all. Throws `chain-broken`.
   */
  looksSince(moment: Date): Promise<readonly Look[] | null>;
  /** The members of a group of findings, as a verified report lists them; undefined where it has no such group (rule 7). */
  group(report: number, id: string): Promise<readonly string[] | undefined>;
}
export interface PublishedReport {
  readonly sequence: number;
  readonly url: string;
  readonly payloadSha256: string;
  readonly report: Report;
}
/** What a run published, and the same with the rows that a "no change" report only names: for people to read. */
export interface ToldReport extends PublishedReport {
  readonly whole: Report;
}
/** The same by the run itself, which still has the rows that their number moved into attachments: for counting. */
export interface OwnReport extends ToldReport {
  readonly said: ReportBody;
  /** What is of concern after it, and what was so lately. */
  readonly concerns: readonly Concern[];
  /** What is known by now of each class that restores are tested of. */
  readonly tested?: readonly TestedClass[];
}
export interface Evidence {
  /** Goes on from what another process of the same run read of the chain. */
  recall(memory: Memory): void;
  /** Proves signing and publishing before the first write: an opening record (rule 23). */
  open(run: string, on: Instant): Promise<void>;
  /** Stores long lists by digest, gzip NDJSON. */
  attach(name: string, rows: AsyncIterable<unknown> | Iterable<unknown>): Promise<Report["attachments"][number]>;
  /** Keeps the commit's pack, if there is one; links, signs, verifies and puts; on a lost race re-reads and re-links, at most three times. */
  publish(
    body: ReportBody,
    revision: Revision | null,
    nextDueBefore: Instant,
    pack?: Uint8Array,
  ): Promise<PublishedReport>;
  /** An unsequenced record that the next report lists (rule 22). */
  standDown(record: StandDown): Promise<string>;
}

/** Durable executions that carry runs too large for one process. */
export interface Coordinators {
  /** Hands a run over to the function with this qualified ARN. A second time for the same run is the same execution. */
  start(arn: string, run: string): Promise<void>;
}

/** Tells people what is of concern. It never rejects: what a run did is done and reported, whoever hears of it. */
export interface Notices {
  /** What became of the last notices. Undefined: it cannot be read. */
  heard(): Promise<readonly NoticeTrouble[] | undefined>;
  /** Tells each route what it has not heard of yet. Without a desired state that could be read, the routes declared last. */
  tell(told: OwnReport, declared: Notifications | undefined): Promise<void>;
}

/** Everything the controller needs from outside in order to look. */
export interface Reading {
  readonly clock: Clock;
  readonly log: Log;
  readonly progress: Progress;
  readonly source: DesiredSource;
  readonly organization: Organization;
  readonly history: History;
  /** Credentials follow the fleet's own declaration of roles, so readers begin once it is loaded. */
  enter(access: FleetAccess, run: string): FleetReader;
}

/** …and in order to act. No lease, no writer. */
export interface World extends Omit<Reading, "enter"> {
  readonly leases: Leases;
  readonly journal: Journal;
  readonly papers: Papers;
  readonly evidence: Evidence;
  readonly self: Self;
  readonly coordinators: Coordinators;
  /** Absent: this process tells nobody, and the next that does makes up for it. */
  readonly notices?: Notices;
  enter(access: FleetAccess, run: string): FleetWriter;
}

/** What a person watching is told while a run works. Roots render it; counts only, in constant time. */
export interface Progress {
  (
    event:
      | {
          readonly stage: "observe";
          readonly done: number;
          readonly of: number;
          readonly target: Target;
          readonly failure?: AwsFailure;
        }
      | {
          readonly stage: "apply";
          readonly done: number;
          readonly of: number;
          readonly wave: number;
          readonly waves: number;
        }
      | { readonly stage: "load" | "decide" | "publish"; readonly warnings?: readonly Problem[] },
  ): void;
}

/** One performance of the sentence. */
export interface Run {
  readonly id: string;
  readonly trigger: "schedule" | "manual" | "event";
  /** Where the run may look: absent, the whole fleet. A narrower run holds what is not purely strengthening (`partial-scope`). */
  readonly scope?: Scope;
  /** Milliseconds on the monotonic clock after which no new work is started. */
  readonly deadline: number;
  readonly reporter: { readonly id: string; readonly version: string };
  /** Lease and evidence are in folders: nobody else is held off, and nothing is destroyed (rule 26). */
  readonly standalone?: boolean;
  /** What a reader of the report must know of how the run came to be. */
  readonly limitations?: readonly string[];
}
