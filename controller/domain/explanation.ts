import type { Source } from "./desired.ts";
import type { Instant } from "./identity.ts";

/** Where a manifest says so. */
type Place = Pick<Source, "path" | "line">;

/** What a plan's rule does for a resource that its selection takes in. */
export interface RuleTold {
  readonly name: string;
  readonly schedule: string;
  /** Absent: not a schedule that can be read, or one that has ended. */
  readonly nextRun?: Instant;
  readonly vault: string;
  /** Days; absent: for ever. */
  readonly deleteAfterDays?: number;
  readonly coldAfterDays?: number;
  readonly continuous: boolean;
  readonly airGapped?: string;
  /** ARNs of the vaults that it copies to. */
  readonly copies: readonly string[];
}

export interface SelectionTold {
  readonly plan: string;
  readonly selection: string;
  /** What names the resource in it, or why it does not take it in. */
  readonly because: string;
  readonly ours: boolean;
  /** Where a manifest declares it. */
  readonly manifest?: Place;
}

export interface TakerTold extends SelectionTold {
  readonly rules: readonly RuleTold[];
}

/** The points of a resource in one vault. */
export interface VaultTold {
  readonly arn: string;
  readonly place: string;
  readonly name: string;
  /** Restorable ones. */
  readonly points: number;
  readonly newest: Instant;
  /** When the newest is deleted; null: never. */
  readonly expires: Instant | null;
  readonly copies: boolean;
  readonly continuous: boolean;
  readonly airGapped: boolean;
  readonly lock: "open" | "governance" | "compliance";
}

export interface FailureTold {
  readonly kind: "backup" | "copy";
  readonly id: string;
  readonly state: string;
  readonly message: string;
  readonly on: Instant;
  readonly plan?: string;
}

/** A restore of it as a test. */
export interface TestTold {
  readonly id: string;
  /** The restore testing plan. */
  readonly plan: string;
  readonly status: string;
  /** Absent: nobody was to look at what was restored. */
  readonly validation?: string;
  /** When it ended; when it was created, where it has not. */
  readonly on: Instant;
  /** How long it took. Absent: it is under way. */
  readonly seconds?: number;
}

export interface PolicyTold {
  readonly kind: string;
  readonly name: string;
  readonly manifest: Place;
  readonly mode: string;
  /** Of a CoveragePolicy that is not suspended. */
  readonly standing?: StandingTold;
}

/** How a resource stands to what a policy asks of it. notYetDue: it is younger than the policy's rpo, and a plan takes it in. unknown: what could not be read decides. */
export interface StandingTold {
  readonly is: "met" | "notYetDue" | "breached" | "unknown";
  /** What is wanting, each as half a sentence. */
  readonly because: readonly string[];
}

export interface WaiverTold {
  readonly name: string;
  readonly owner: string;
  readonly expiresOn: string;
  readonly manifest: Place;
}

/** What would put it right. */
export interface Need {
  readonly what: string;
  /** A manifest to commit, or a command to run. */
  readonly snippet?: { readonly language: "yaml" | "sh"; readonly text: string };
}

/** Why one resource is or is not protected. */
export interface Explanation {
  readonly arn: string;
  readonly type: string;
  readonly target: string;
  readonly tags: Readonly<Record<string, string>> | null;
  /**
   * protected: some plan takes it in, and there is a point to restore it from. wanting: that much is so, and a policy asks for more than
   * there is. unknown: nobody can tell.
   */
  readonly verdict: "protected" | "wanting" | "unprotected" | "unknown";
  readonly because: readonly string[];
  readonly takers: readonly TakerTold[];
  /** Selections of which nobody can tell. */
  readonly doubtful: readonly SelectionTold[];
  /** The selections that come nearest, of those that leave it out. */
  readonly near: readonly SelectionTold[];
  /** Selections of manifests that would take it in, and are not live. */
  readonly declared: readonly SelectionTold[];
  readonly vaults: readonly VaultTold[];
  /** What keeps backups of it without AWS Backup, each as a sentence without its end: told, and never counted. */
  readonly outside: readonly string[];
  readonly jobs: { readonly count: number; readonly failures: readonly FailureTold[] };
  /** Of the last 30 days, the newest first; AWS remembers no longer. */
  readonly tests: readonly TestTold[];
  readonly policies: readonly PolicyTold[];
  readonly waivers: readonly WaiverTold[];
  readonly needed: readonly Need[];
  /** What could not be read. */
  readonly unread: readonly string[];
}

/** `2026-03-08 02:00 UTC`. */
export const minuteText = (on: Instant): string => `${on.slice(0, 16).replace("T", " ")} UTC`;
