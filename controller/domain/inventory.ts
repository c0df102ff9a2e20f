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
  /** Of the subjects that the run was asked to look out for, those that are there, with their status. */
  readonly watched: readonly { readonly subject: string; readonly status: string }[];
  /** Of what is announced, as `announcedAs` names it, that of which nobody can tell whether its cause still holds. */
  readonly undecided: readonly string[];
  /** What could not be read, so that nothing may be destroyed in the whole account (rule 10). */
  readonly forbids?: AwsFailure;
  /** Something besides the rows that could not be read, so that not all can be judged. */
  readonly doubt?: AwsFailure;
  /** Resources found to be missing, this time too. */
  readonly sightings: readonly Sighting[];
  /** Resources that no listing of their service has, and what is left of them here: whether they are gone takes a second look (rule 3). */
  readonly absent: readonly Absent[];
  /** What is known by now of the classes that restores are tested of. Absent: it is about no restores. */
  readonly tested?: readonly TestedClass[];
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
