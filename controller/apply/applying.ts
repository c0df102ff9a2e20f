import type { Call } from "../aws/operation.ts";
import type { Attempt, Role } from "../domain/outcome.ts";
import type { Carried } from "../domain/carried.ts";
import type { Target } from "../domain/identity.ts";
import type { DeclaredKind } from "../kinds/define-kind.ts";
import type { GovernedKind } from "../kinds/define-governed-kind.ts";
import type { Clock, FleetWriter, Journal, Lease, Progress } from "../ports.ts";

/** Everything that carrying out a plan needs. */
export interface Applying {
  readonly run: string;
  readonly fleetName: string;
  readonly concurrency: number;
  readonly kinds: readonly DeclaredKind[];
  readonly governed: readonly GovernedKind[];
  readonly world: FleetWriter;
  readonly lease: Lease;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly progress: Progress;
  /** Monotonic milliseconds after which no new work is started. */
  readonly deadline: number;
  /** When the plan was decided: an old one is not carried on with (rule 24). */
  readonly decidedOn: Date;
  /** The last published report's sequence: part of every create's token. */
  readonly reportSequence: number;
  readonly adopted: Carried["adopted"];
}

/** A caller for one change that keeps every mutating try it makes. */
export function recordingWriter(
  applying: Applying,
  changeId: string,
): { readonly attempts: readonly Attempt[]; readonly writer: (target: Target, role: Role) => Call } {
  const attempts: Attempt[] = [];
  return {
    attempts,
    writer: (target, role) =>
      applying.world.writer(target, role, applying.lease, (attempt) => attempts.push({ ...attempt, changeId })),
  };
}
