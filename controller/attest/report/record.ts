import type { Standing } from "../../domain/announcement.ts";
import type { NoticeTrouble } from "../../domain/concern.ts";
import type { CoverageEffect } from "../../domain/coverage-effect.ts";
import type { DesiredState, Revision } from "../../domain/desired.ts";
import { HoldfastError } from "../../domain/errors.ts";
import type { Digest, Target } from "../../domain/identity.ts";
import type { Inventory } from "../../domain/inventory.ts";
import type { Outcome } from "../../domain/outcome.ts";
import type { Plan } from "../../domain/plan.ts";
import type { MisnamedRow, RecoveredRow } from "../../domain/report-rows.ts";
import type { Attachment } from "../../domain/report.ts";
import type { Asking, JobsSinceSurvey, Observation, Survey, VaultRow } from "../../domain/survey.ts";
import type { Caller, FleetReader, Memory, OpenJournal, OwnReport, Run, StandDown } from "../../ports.ts";

/** What was asked of the fleet: calls by rate class, and every read. */
export interface Asked {
  readonly calls: Readonly<Record<string, number>>;
  readonly observations: readonly Observation[];
}

/**
 * What a run has come to know, kept stage by stage: one that dies half-way still publishes what it knew (law 10). All but `fleet` is
 * plain data, so that an engine may hand it from one process to the next.
 */
export class RunRecord {
  readonly run: Run;
  readonly startedOn: Date;
  readonly outcomes: Outcome[] = [];
  readonly recovered: RecoveredRow[] = [];
  readonly attachments: Attachment[] = [];
  /** What other processes of the run asked of the fleet. */
  asked: Asked = { calls: {}, observations: [] };
  /** Papers of theirs whose observations are still to be heard. */
  readonly unheard: Digest[] = [];
  /** This process's way into the fleet, which counts what it asks. */
  fleet: FleetReader | undefined;
  /** Journals of runs that never reported. */
  dead: readonly OpenJournal[] = [];
  memory: Memory | undefined;
  /** What the chain was found to say of announcements. */
  standing: ReadonlyMap<string, Standing> = new Map();
  /** Members of the groups that approvals name. */
  groups: ReadonlyMap<string, readonly string[]> = new Map();
  /** What runs that never reported may have spent and used up, from their journals. */
  unreported: readonly Outcome[] = [];
  /** What was read, whether or not it could be acted on. */
  revision: Revision | undefined;
  /** The bytes of the revision's git pack. */
  pack: Uint8Array | undefined;
  /** Who AWS says is asking; undefined where it could not be asked. */
  caller: Caller | undefined;
  desired: DesiredState | undefined;
  /** Where to look next. */
  targets: readonly Target[] = [];
  /** Half of a look: what targets declare, while governed resources have yet to be judged in its light. */
  glimpse: Omit<Inventory, "governed"> | undefined;
  before: Inventory | undefined;
  /** What was seen last, of targets that were looked at again. */
  seen: Inventory | undefined;
  plan: Plan | undefined;
  decidedOn: Date | undefined;
  /** As it was left: the plan that would be made now. */
  after: Plan | undefined;
  /** Until when the run waits for what AWS accepted to show. */
  patientUntil: Date | undefined;
  /** What is to be asked of every target's population. */
  asking: Asking | undefined;
  /** What there is to protect, and how jobs went; undefined where nobody looked. */
  survey: Survey | undefined;
  /** What the plan's changes do to the resources that selections take in; undefined where there are none, or nobody looked. */
  coverageEffect: CoverageEffect | undefined;
  /** How jobs went where a run over a part of the fleet looked. */
  sinceSurvey: JobsSinceSurvey | undefined;
  vaults: readonly VaultRow[] = [];
  /** Names that are not as the Fleet has them; undefined where it has no rules of naming, or nobody looked. */
  misnamed: readonly MisnamedRow[] | undefined;
  /** What became of the last notices; undefined where nobody asked. */
  notices: readonly NoticeTrouble[] | undefined;
  /** What else a reader of the report must know of how the run was made. */
  readonly limitations: string[];
  failure: { readonly code: string; readonly message: string } | undefined;
  /** What the run ended with. */
  published: OwnReport | undefined;
  stoodDown: { readonly record: StandDown; readonly url: string | null } | undefined;

  constructor(run: Run, startedOn: Date) {
    this.run = run;
    this.startedOn = startedOn;
    this.limitations = [...(run.limitations ?? [])];
  }

  /** API calls made so far, by rate class. */
  get calls(): Readonly<Record<string, number>> {
    return added(this.asked.calls, this.fleet?.calls() ?? {});
  }

  /** Every read that was made in the fleet's targets so far. */
  get observations(): readonly Observation[] {
    return [...this.asked.observations, ...(this.fleet?.observations() ?? [])];
  }

  /** What another process of the run asked. */
  hear({ calls, observations }: Asked): void {
    this.asked = {
      calls: added(this.asked.calls, calls),
      observations: [...this.asked.observations, ...observations],
    };
  }

  /** A broken stage: said in the report, loud in the verdict. */
  abort(error: unknown): void {
    this.failure = {
      code: error instanceof HoldfastError ? error.code : "internal",
      message: error instanceof Error ? error.message : String(error),
    };
  }
}

const added = (a: Asked["calls"], b: Asked["calls"]): Asked["calls"] => {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return Object.fromEntries([...names].map((name) => [name, (a[name] ?? 0) + (b[name] ?? 0)]));
};
