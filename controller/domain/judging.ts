import type { Action, Bar, FieldDrift } from "./change.ts";
import type { Wanted } from "./desired.ts";
import type { Effect, Hazard } from "./effect.ts";
import type { ResourceKey, Target } from "./identity.ts";
import type { Listing, Live } from "./live.ts";

/** What other resources of the whole fleet look like, for judgements that reach across kinds. */
export interface FleetView {
  wanted(kind: string): readonly Wanted[];
  live(kind: string): readonly Live[];
  /** Whether the listing of a kind in a target was complete. */
  complete(kind: string, target: Target): boolean;
  /** The listing itself; undefined where the run did not look, in an account outside the fleet for one. */
  listing(kind: string, target: Target): Listing | undefined;
}

/** A change about to be judged by its kind. */
export interface JudgingContext<Spec = unknown, State = unknown> {
  readonly action: Action;
  readonly key: ResourceKey;
  /** Normalised; absent for a prune. */
  readonly spec?: Spec;
  /** Absent for a create. */
  readonly live?: Live<State>;
  readonly fields: readonly FieldDrift[];
  readonly view: FleetView;
  readonly now: Date;
}

/** What making or removing something does, field by field. */
export interface Judgement {
  readonly effect: Effect;
  readonly hazards: readonly Hazard[];
  readonly fields: readonly FieldDrift[];
}

/** Which of several live resources of one key is the one, and which a replacement cut short left behind. */
export interface Succession<State = unknown> {
  readonly current: readonly Live<State>[];
  readonly superseded: readonly Live<State>[];
}

/** What a resource may hold of another kind, so that AWS removes it only once it is empty. */
export interface Contents<State = unknown> {
  readonly kind: string;
  /** Whether a live resource of that kind is in this one. */
  readonly holds: (holder: Live<State>, one: Live) => boolean;
}

/** What is asked of a kind in order to decide. Kinds are handed in and answer; who decides knows none by name. */
export interface JudgedKind {
  readonly name: string;
  readonly after: readonly string[];
  readonly dropped: "prune" | "release";
  /** The normal form of a spec: what drift, digests and change ids are computed over. */
  readonly normalise: (spec: unknown) => unknown;
  readonly observed: (state: unknown) => unknown;
  readonly compare: (desired: unknown, state: unknown) => readonly FieldDrift[];
  readonly creation: (spec: unknown) => Judgement;
  readonly removal: (state: unknown) => Judgement;
  readonly hazards: (context: JudgingContext) => readonly Hazard[];
  readonly bars: (context: JudgingContext) => readonly Bar[];
  readonly references: (spec: unknown, target: Target) => readonly ResourceKey[];
  readonly succession?: (live: readonly Live[]) => Succession;
  readonly contains?: Contents;
}
