import type { Scene } from "../stages/scene.ts";

/**
 * What carries the sentence (rule 24): the one engine does everything in its own process, the other spreads looking and applying over as many
 * as the fleet takes. What is said is the same. Whatever rejects here breaks the run off; its report is published all the same.
 */
export interface Engine {
  /** Takes the fleet's lease. Who has it, if it is another run. */
  begin(): Promise<string | undefined>;
  /**
   * One thing the run does itself, done once: should its process be resumed, the answer is kept and the work is not repeated. One that dies in
   * the middle may do it again, so that all of them are safe to repeat. Answers are small and JSON; what a run comes to know is in its record.
   */
  act<Answer extends Small>(name: string, work: (scene: Scene) => Promise<Answer>): Promise<Answer>;
  /** Looks at the record's `targets`, and puts what is seen into the record. `name` tells one look of a run from another. */
  look(name: string): Promise<void>;
  /** Carries out the record's plan, wave after wave. */
  carryOut(): Promise<void>;
  /** Surveys the population of the whole fleet, if there is room for it. */
  survey(): Promise<void>;
  /** Waits for AWS to show what it accepted. False: there is no room for another look. */
  pause(): Promise<boolean>;
  /** The last act, with all before it that others know of the run. */
  conclude<Answer extends Small>(name: string, work: (scene: Scene) => Promise<Answer>): Promise<Answer>;
  /** Gives the lease back. Never rejects. */
  end(): Promise<void>;
}

/** What an answer may be: JSON, and little of it. */
export type Small =
  string | number | boolean | null | undefined | void | readonly Small[] | { readonly [name: string]: Small };
