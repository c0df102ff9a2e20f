import type * as z from "zod";
import type { Call, Step } from "../aws/operation.ts";
import type { Sighting } from "../domain/announcement.ts";
import type { Bar, FieldDrift, Finding, Mutability } from "../domain/change.ts";
import type { Rule, Wanted } from "../domain/desired.ts";
import type { Effect, Hazard } from "../domain/effect.ts";
import type { AwsFailure } from "../domain/errors.ts";
import type { ResourceKey, Target } from "../domain/identity.ts";
import type { Settled } from "../domain/inventory.ts";
import type { Contents, FleetView, JudgingContext, Succession } from "../domain/judging.ts";
import type { Live, Unread } from "../domain/live.ts";
import type { GivenName } from "../domain/naming.ts";
import type { TestedClass } from "../domain/tested.ts";
import type { VaultRow } from "../domain/survey.ts";

/** Both sides of what a leaf is part of: the nearest list element, or the whole spec. Undefined where there was or will be none. */
export interface Within<W> {
  readonly live: W | undefined;
  readonly desired: W | undefined;
}

/** What one leaf's change from `live` to `desired` does, where need be in the light of its neighbours. */
type Judged<T, Answer, W = unknown> = Answer | ((live: T, desired: T, within: Within<W>) => Answer);

export interface Leaf<T, W = unknown> {
  readonly effect: Judged<T, Effect, W>;
  readonly on: Mutability;
  readonly hazards?: (live: T, desired: T, within: Within<W>) => readonly Hazard[];
  /** The leaf is compared only where the manifest sets it. */
  readonly unset?: "not-managed";
  /** How a live value is narrowed to what the manifest manages, before it is compared: tags a manifest does not name, for one. */
  readonly managed?: (live: T, desired: T) => T;
}

/** A list of objects known by a key: order never counts. */
export interface Keyed<E> {
  readonly key: (element: E) => string;
  readonly on: Mutability;
  readonly added: Judged<E, Effect>;
  readonly removed: Judged<E, Effect>;
  readonly hazards?: (live: E | undefined, desired: E | undefined) => readonly Hazard[];
  readonly each: Fields<E>;
}

type Scalar = string | number | boolean | null | undefined;

/** The effect and mutability of every leaf of a spec. A leaf left out does not compile; a whole branch may be judged as one leaf. */
export type Fields<T, W = T> =
  | Leaf<T, W>
  | (NonNullable<T> extends Scalar
      ? never
      : NonNullable<T> extends readonly (infer E)[]
        ? NonNullable<E> extends Scalar
          ? never
          : Keyed<NonNullable<E>>
        : string extends keyof NonNullable<T>
          ? never
          : { readonly [K in keyof NonNullable<T>]-?: Fields<NonNullable<T>[K], W> });

/** What a listing needs to know beyond its target. */
export interface ListContext {
  readonly fleet: string;
  /** Ids adopted earlier where AWS has no tags, from the verified chain (rule 19). */
  readonly adopted: ReadonlySet<string>;
}

/** How a step that makes something names itself to AWS. */
export interface Naming {
  readonly fleet: string;
  /** Deterministic and our own, so that a lost answer can be asked for again (rule 23). At most 50 characters. */
  readonly token: string;
}

export interface KindDefinition<Spec, State> {
  /** Its folder's name, for ever: it is part of every change id. */
  readonly name: string;
  /** Kinds whose changes go in earlier waves. */
  readonly after: readonly string[];
  readonly spec: z.ZodType<Spec>;
  readonly state: z.ZodType<State>;
  /** Looks, never touches. Not there is an answer; could not look is a different answer. */
  readonly list: Step<[ListContext], AsyncIterable<Live<State> | Unread>>;
  /** Turns names that mean something in one target into what AWS reports: an alias into its key's ARN. */
  readonly resolve?: Step<[Spec], Promise<Spec>>;
  /** Defaults spelled out, sets in order: what AWS would report had it been told exactly this. */
  readonly normalise: (spec: Spec) => Spec;
  /** The live state in the spec's words, normalised likewise. */
  readonly observed: (state: State) => Spec;
  readonly fields: Fields<Spec>;
  readonly creation: { readonly effect: (spec: Spec) => Effect; readonly hazards?: (spec: Spec) => readonly Hazard[] };
  readonly removal: {
    readonly effect: (state: State) => Effect;
    readonly hazards?: (state: State) => readonly Hazard[];
  };
  /** Hazards that only the whole fleet shows. */
  readonly hazards?: (context: JudgingContext<Spec, State>) => readonly Hazard[];
  /** What stands in the way of a change whatever its effect: a full plan (`no-room`), an immutable lock (`locked`), a vault with points in it. */
  readonly bars?: (context: JudgingContext<Spec, State>) => readonly Bar[];
  /** What becomes of a live resource of ours whose manifest is gone. Satellites are released: dropping a section of a vault is not asking for its removal (rule 16). Absent: prune. */
  readonly dropped?: "prune" | "release";
  /**
   * In every target there is one, it was there before us and bears no marks: settings. A manifest is all its adoption, so that it is
   * listed as ours, and only where a manifest names it. It is never made and never removed.
   */
  readonly standing?: true;
  /** Other resources this one rests on, beyond the one it is within: a change of theirs that failed holds this one back. */
  readonly references?: (spec: Spec, target: Target) => readonly ResourceKey[];
  /** What it may hold, whose removals go before its own: it is not removed while any of that stays. That kind goes after this one. */
  readonly contains?: Contents<State>;
  /** Which of several live resources of one key is the one, where a replacement was interrupted between make and remove. */
  readonly succession?: (live: readonly Live<State>[]) => Succession<State>;
  /** What a report's list of vaults says of it, where it is a vault or a part of one: its key's name is the vault's. */
  readonly vaultFacts?: (live: Live<State>) => Partial<VaultRow>;
  /** What of it the Fleet's naming rules are about; nothing of what AWS or an organization made and named. Absent: no rule is about it. */
  readonly names?: (live: Live<State>) => readonly GivenName[];
  /** Safe to repeat: a create that already happened is a success. */
  readonly create?: Step<[Wanted<Spec>, Naming], Promise<void>>;
  /** Mends the named fields and no others. */
  readonly update?: Step<[Wanted<Spec>, Live<State>, readonly FieldDrift[], Naming], Promise<UpdateResult>>;
  /** Marks it ours and changes nothing else; absent where AWS has no tags (then the id is carried). */
  readonly adopt?: Step<[Wanted<Spec>, Live<State>, Naming], Promise<void>>;
  /** Removing what is gone is a success. */
  readonly remove?: Step<[Live<State>], Promise<void>>;
  readonly examples: { readonly smallest: Spec; readonly fullest: Spec };
}

/** moved: it is not what was planned against any more, nothing was written (rule 17). */
export type UpdateResult = "updated" | "moved";

/** A half-open window of creation time, `from` ≤ t < `to`. */
export interface TimeWindow {
  readonly from: Date;
  readonly to: Date;
}

/** One page of rows, and whether another follows; or the word that the rest could not be read. */
export type Page<Row> = { readonly rows: readonly Row[]; readonly more: boolean } | { readonly unread: AwsFailure };

export interface GovernedKindDefinition<RuleSpec, Row, Fold, Survey = unknown> {
  readonly name: string;
  readonly after: readonly string[];
  readonly rule: z.ZodType<RuleSpec>;
  readonly row: z.ZodType<Row>;
  /**
   * What a target has that rows anywhere in the fleet are judged by, asked of every target before any row is read. `rules`: those of the
   * whole fleet; the time is the run's. What could not be read is said in the survey itself.
   */
  readonly survey?: Step<[readonly Rule<RuleSpec>[], Date], Promise<Survey>>;
  /** The parts of a target that are streamed one by one: vaults. */
  readonly partitions: Step<[readonly Rule<RuleSpec>[]], Promise<readonly Partition[]>>;
  readonly stream: Step<[Streamed, TimeWindow], AsyncIterable<Page<Row>>>;
  /** `room`: the most findings to keep, worst first. */
  readonly begin: (context: FoldContext<RuleSpec, Survey>) => Fold;
  /** The only place a row is seen. Pure but for the fold it is given, O(1) a row. */
  readonly fold: (fold: Fold, row: Row) => Fold;
  /** Where rows of this partition must have counterparts, if anywhere. */
  readonly sides?: (fold: Fold) => readonly Side<Row>[];
  /** Takes in the rows of one window on both sides: of `here` those that want a counterpart, of `there` all. `there` is undefined where it could not be read. */
  readonly match?: (fold: Fold, side: Side<Row>, here: readonly Row[], there: readonly Row[] | undefined) => Fold;
  /** What needs the whole listing is concluded here and nowhere else. */
  readonly settle: (fold: Fold, status: "complete" | "incomplete") => Settled;
  /** Looks up, for what was kept in a target, what no listing of rows tells: holds, marks, keys, whether what is missing is gone. */
  readonly examine?: Step<[readonly Examined[], ExamineContext<RuleSpec>], Promise<readonly Settled[]>>;
  /** What tells one row from another, and the creation time its window is cut by. */
  readonly identify: (row: Row) => { readonly id: string; readonly createdOn: Date };
  /** Few fields a row, for the inventory attachment, which is of recovery points. Absent: its rows are not. */
  readonly inventory?: (row: Row) => Readonly<Record<string, unknown>>;
  readonly apply: Readonly<Record<string, Step<[Finding, AmendContext], Promise<AmendResult>>>>;
  readonly examples: { readonly smallest: RuleSpec; readonly fullest: RuleSpec };
}

/** Rows that must have a counterpart in a partition elsewhere, from a moment on. */
export interface Side<Row> {
  readonly target: Target;
  readonly partition: string;
  readonly from: Date;
  /** Younger rows are not looked at: their counterparts may be on their way. */
  readonly until: Date;
  readonly wants: (row: Row) => boolean;
  /** The kind's own word for which of its sides it is. */
  readonly which: string;
}

/** What was kept of one partition, about to be examined. */
export type Examined = Settled & { readonly partition: string };

export interface ExamineContext<RuleSpec> {
  readonly rules: readonly Rule<RuleSpec>[];
  readonly memory: FoldMemory;
  readonly now: Date;
  /** A caller in another target of the fleet, for what the step declares to read elsewhere. Undefined outside the fleet. */
  readonly elsewhere: (target: Target) => Call | undefined;
}

/** What mending one finding may ask of the run that does it. */
export interface AmendContext {
  /** Deterministic, our own, another one after each published report (rule 23). At most 50 characters. */
  readonly token: string;
  readonly now: Date;
  /** The run that mends, by its id. */
  readonly run: string;
  /** A reader in another target of the fleet, for what the step declares to read elsewhere. */
  readonly elsewhere: (target: Target) => Call;
}

/** accepted: AWS took it on and works later. `held`: something that objects has come up since it was judged; nothing was written. */
export type AmendResult = "updated" | "accepted" | { readonly held: string };

export interface Partition {
  readonly name: string;
  readonly id: string;
  readonly createdOn: Date;
  /** AWS's own approximate count, for cutting windows; never concluded from. */
  readonly size: number;
  /** Facts of the partition that rows are judged by, in the kind's own words. */
  readonly facts: Readonly<Record<string, unknown>>;
}

/** A partition as it is streamed: with its facts, but where it is another's counterpart, of which only the name is known. */
export type Streamed = Pick<Partition, "name"> & Partial<Pick<Partition, "facts">>;

/** What verified reports remember that rows are judged in the light of (rule 31). */
export interface FoldMemory {
  /** Subjects to look out for: deletions under way. */
  readonly watched: ReadonlySet<string>;
  /** Destructions that stand announced, as `announcedAs` names them: whether nobody can tell any more is worth knowing of them. */
  readonly announced: ReadonlySet<string>;
  /** When what is announced may be destroyed, by subject; for people to read, never to act on. */
  readonly dueOn: ReadonlyMap<string, Date>;
  /** Resources that were missing before, by ARN. */
  readonly missing: ReadonlyMap<string, Sighting>;
  /** When a policy was first known to a signed report; undefined: this run is the first. */
  readonly knownSince: (policy: string) => Date | undefined;
  /** What is known of each class that restores are tested of, by `classKey`. */
  readonly tested: ReadonlyMap<string, TestedClass>;
  /** Restore jobs whose validators were asked and put the result themselves. */
  readonly handed: ReadonlySet<string>;
}

export interface FoldContext<RuleSpec, Survey = unknown> {
  readonly target: Target;
  /** Of the whole fleet, whether this run looks at them or not. */
  readonly targets: readonly Target[];
  readonly partition: Partition;
  readonly rules: readonly Rule<RuleSpec>[];
  readonly now: Date;
  readonly room: number;
  /** What is declared and live in the whole fleet. */
  readonly view: FleetView;
  /** What the survey of a target said; undefined outside the fleet, or outside what this run looks at. */
  readonly survey: (target: Target) => Survey | undefined;
  readonly memory: FoldMemory;
}
