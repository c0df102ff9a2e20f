import type { Sighting } from "./announcement.ts";
import type { Finding } from "./change.ts";
import type { AwsFailure } from "./errors.ts";
import type { Target } from "./identity.ts";
import type { Listing } from "./live.ts";
import type { TestedClass } from "./tested.ts";

/** All that one run saw. */
export interface Inventory {
  readonly listings: readonly Listing[];
  /** Desired specs in AWS's own names, or why they could not be put so, by `showKey`. */
  readonly resolved: ReadonlyMap<string, Resolution>;
  readonly governed: readonly GovernedResult[];
  /** What governed kinds asked of each target, by `showTarget`. */
  readonly surveys: ReadonlyMap<string, Surveys>;
}

/** What a target answered to the governed kinds' surveys, by kind; each kind understands its own. */
export type Surveys = ReadonlyMap<string, unknown>;

/** How many points, of how many bytes, break a policy in one way: all of them, kept as findings or not. */
export interface Tally {
  readonly policy: string;
  readonly cause: string;
  readonly points: number;
  readonly bytes: number;
}

export type Resolution = { readonly spec: unknown } | { readonly failure: AwsFailure };

/** Points and bytes by whatever classes the kind counts. */
export type Counts = Readonly<Record<string, { readonly points: number; readonly bytes: number }>>;

/** What a fold comes to once its partition has been read, whole or not. */
export interface Settled {
  readonly status: "complete" | "incomplete";
  readonly findings: readonly Finding[];
  /** Findings seen but not kept: there was no room (design §6). */
  readonly deferred: number;
  readonly counts: Counts;
  readonly tallies: readonly Tally[];
  /** Everything that was read, whatever is judged of it: what a share of the partition is a share of. */
  readonly population: number;
  /** Creation of the oldest restorable point among it, epoch milliseconds; null: none is. Absent: the kind is not of recovery points. */
  readonly oldestOn?: number | null;
  /** Of the subjects that the run was asked to look out for, those that are there, with their status. */
  readonly watched: readonly { readonly subject: string; readonly status: string }[];
  /** Of what is announced, as `announcedAs` names it, that of which nobody can tell whether its cause still holds. */
  readonly undecided: readonly string[];
  /** What could not be read, so that nothing may be destroyed in the whole account (rule 10). */
  readonly forbids?: AwsFailure;
  /** Something besides the rows that could not be read, so that not all can be judged. */
  readonly doubt?: AwsFailure;
  /** How resources stand to the policies that want them protected. Absent: the kind says nothing of that. */
  readonly coverage?: readonly PolicyCoverage[];
  /** Of those the ones without a young enough recovery point, the gravest that there was room for. */
  readonly rpoBreaches?: readonly RpoBreach[];
  /** Resources found to be missing, this time too. */
  readonly sightings: readonly Sighting[];
  /** Resources that no listing of their service has, and what is left of them here: whether they are gone takes a second look (rule 3). */
  readonly absent: readonly Absent[];
  /** What is known by now of the classes that restores are tested of. Absent: it is about no restores. */
  readonly tested?: readonly TestedClass[];
}

/** How many resources a policy wants protected here, and how they stand: required = met + breaching + unknown + notYetDue. */
export interface PolicyCoverage {
  readonly policy: string;
  readonly required: number;
  readonly met: number;
  /** Waived ones too: what is accepted is still so. */
  readonly breaching: number;
  /** It depends on what could not be read. */
  readonly unknown: number;
  /** Made so lately that the first backup has its time yet. */
  readonly notYetDue: number;
  /** Of the required ones, whatever else they are: stopped, unattached, paused. */
  readonly idle: number;
  /** Of the required ones: backed up by several plans. */
  readonly overlapping: number;
}

/** A resource without a recovery point as young as its policy asks for. */
export interface RpoBreach {
  readonly arn: string;
  readonly type: string;
  readonly policy: string;
  readonly rpoMs: number;
  /** Creation of its newest usable point, epoch milliseconds. Null: none is known. */
  readonly lastGoodOn: number | null;
}

export interface Absent {
  readonly resource: string;
  readonly type: string;
  /** Where it lived. */
  readonly owner: Target;
  readonly policy: string;
  readonly points: number;
  readonly bytes: number;
}

/** One partition of a governed kind, read and settled. `*` where not even the partitions could be listed. */
export interface GovernedResult extends Settled {
  readonly target: Target;
  readonly kind: string;
  readonly partition: string;
  readonly failure?: AwsFailure;
}
