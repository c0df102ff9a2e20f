import type { Desired, Rule, Waiver } from "../domain/desired.ts";
import type { AwsFailure } from "../domain/errors.ts";
import type { Target } from "../domain/identity.ts";
import type { Listing } from "../domain/live.ts";
import type { VaultPoints } from "../kinds/protected-resource/survey/vault-points.ts";
import type { RecoveryPointRow } from "../kinds/point-row.ts";
import type { Owned } from "../owner-services/owned.ts";
import type { OptIns } from "../kinds/selection/evaluate.ts";

/** Something that was asked, or why there is no answer, in words. */
export type Heard<T> = { readonly answer: T } | { readonly unread: string };

/** What could not be read, and why. */
export interface Unread {
  readonly what: string;
  readonly why: string;
}

/** A resource of a target of the fleet. */
export interface Subject {
  readonly arn: string;
  /** As AWS Backup may call its type; several where ARNs do not tell. */
  readonly types: readonly string[];
  readonly target: Target;
}

/** A vault that may hold points of it. */
export interface VaultFacts {
  readonly target: Target;
  readonly name: string;
  readonly arn: string;
  readonly airGapped: boolean;
  /** open: no lock. governance: whoever may can take it off. compliance: nobody can, from the date on if there is one. */
  readonly lock: "open" | "governance" | "compliance";
  readonly points: Heard<readonly RecoveryPointRow[]>;
  /** The same points as coverage counts them. */
  readonly holding: VaultPoints;
}

export interface JobFacts {
  readonly kind: "backup" | "copy";
  readonly id: string;
  readonly state: string;
  readonly message: string;
  /** It did all it should: completed, and AWS adds nothing. */
  readonly clean: boolean;
  readonly createdOn: Date;
  readonly plan?: string;
}

/** A restore of it as a test. */
export interface TestFacts {
  readonly id: string;
  readonly plan: string;
  readonly status: string;
  readonly validation?: string;
  readonly createdOn: Date;
  readonly endedOn?: Date;
}

/** Everything that explaining one resource rests on: live, and declared. */
export interface Facts {
  readonly subject: Subject;
  readonly now: Date;
  /** As its own service describes it; undefined: that does not know it. Unread too where there is no way to ask. */
  readonly own: Heard<Owned | undefined>;
  /** What keeps backups of it without AWS Backup, in words; undefined: nothing is known to. */
  readonly outside: Heard<string | undefined>;
  readonly tags: Heard<Readonly<Record<string, string>>>;
  readonly optIns: Heard<OptIns>;
  /** Plans and selections of its target. */
  readonly listings: readonly Listing[];
  /** Of every target of the fleet that was looked at; a target that could not be listed is told as unread. */
  readonly vaults: readonly (Heard<readonly VaultFacts[]> & { readonly target: Target })[];
  /** Of the last thirty days. */
  readonly jobs: readonly Heard<readonly JobFacts[]>[];
  /** Restores of it as tests, in its own target, of the last thirty days. */
  readonly tests: Heard<readonly TestFacts[]>;
  readonly desired: {
    readonly resources: readonly Desired[];
    readonly rules: readonly Rule[];
    readonly waivers: readonly Waiver[];
    readonly fleet: string;
    /** Of the whole fleet, looked at or not. */
    readonly targets: readonly Target[];
  };
}

/** `backup:ListBackupVaults: not authorized`. */
export const failureText = ({ operation, message }: Pick<AwsFailure, "operation" | "message">): string =>
  `${operation}: ${message}`;
