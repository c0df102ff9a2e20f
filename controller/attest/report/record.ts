import type { Standing } from "../../domain/announcement.ts";
import type { DesiredState, Revision } from "../../domain/desired.ts";
import { HoldfastError } from "../../domain/errors.ts";
import type { Inventory } from "../../domain/inventory.ts";
import type { Outcome } from "../../domain/outcome.ts";
import type { Plan } from "../../domain/plan.ts";
import type { RecoveredRow } from "../../domain/report-rows.ts";
import type { Attachment } from "../../domain/report.ts";
import type { Observation, Survey, VaultRow } from "../../domain/survey.ts";
import type { Caller, Memory, Run } from "../../ports.ts";

/** What a run has come to know, kept stage by stage: one that dies half-way still publishes what it knew (law 10). */
export class RunRecord {
  readonly run: Run;
  readonly startedOn: Date;
  readonly outcomes: Outcome[] = [];
  readonly recovered: RecoveredRow[] = [];
  readonly attachments: Attachment[] = [];
  /** API calls made so far, by rate class. */
  calls: Readonly<Record<string, number>> = {};
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
  before: Inventory | undefined;
  /** What was seen last, of targets that were looked at again. */
  seen: Inventory | undefined;
  plan: Plan | undefined;
  /** As it was left: the plan that would be made now. */
  after: Plan | undefined;
  /** What there is to protect, and how jobs went; undefined where nobody looked. */
  survey: Survey | undefined;
  vaults: readonly VaultRow[] = [];
  /** Every read that was made in the fleet's targets so far. */
  observations: () => readonly Observation[] = () => [];
  failure: { readonly code: string; readonly message: string } | undefined;

  constructor(run: Run, startedOn: Date) {
    this.run = run;
    this.startedOn = startedOn;
  }

  /** A broken stage: said in the report, loud in the verdict. */
  abort(error: unknown): void {
    this.failure = {
      code: error instanceof HoldfastError ? error.code : "internal",
      message: error instanceof Error ? error.message : String(error),
    };
  }
}
