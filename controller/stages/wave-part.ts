import { applyWave } from "../apply/apply.ts";
import type { RecoveredRow } from "../domain/report-rows.ts";
import { recoveredRows } from "../attest/report/recovered.ts";
import { recover } from "../decide/recover.ts";
import { targetsOf } from "../decide/settled.ts";
import type { Change } from "../domain/change.ts";
import { instant } from "../domain/identity.ts";
import type { Outcome } from "../domain/outcome.ts";
import type { Lease } from "../ports.ts";
import { applying } from "./carry-out.ts";
import { judge } from "./judge.ts";
import { lastSeen, look } from "./look.ts";
import { needed, type Scene } from "./scene.ts";

/** A part of one of the plan's waves, as one process after the other may set about it. */
export interface Part {
  readonly wave: number;
  readonly name: string;
  readonly changes: readonly Change[];
  /** What became of some of them, as earlier processes told. */
  readonly told: readonly Outcome[];
}

/** What became of a part. A change that somebody died over, and that is not to be made any more, has a recovered row and no outcome. */
export interface PartResult {
  readonly outcomes: readonly Outcome[];
  readonly recovered: readonly RecoveredRow[];
}

/**
 * Carries out a part, and what earlier processes left of it: nothing that one of them did is done again. Where one died between a write
 * and its word of it, the world is looked at, and of its changes only those are made that the decision proposes once more.
 */
export async function carryOutPart(scene: Scene, lease: Lease, part: Part, attempt: string): Promise<PartResult> {
  const { wave: number, name, changes } = part;
  const { record } = scene;
  const { done, open, proposed, recovered } = await takeUp(scene, part);
  const left = changes.filter(({ id }) => !done.has(id) && (!open.has(id) || proposed.has(id)));
  const outcomes = [...record.outcomes, ...done.values()];
  const of = needed(record.plan, "a plan").waves.length;
  await applyWave(left, { number, of, part: { name, attempt } }, applying(scene, lease), outcomes);
  return { outcomes: outcomes.slice(record.outcomes.length), recovered };
}

/** Says what became of a part that nobody came to the end of. */
export async function closePart(scene: Scene, part: Part): Promise<PartResult> {
  const { done, open, recovered } = await takeUp(scene, part);
  const at = instant(scene.world.clock.now());
  const outcomes = part.changes.flatMap((change): readonly Outcome[] => {
    const outcome = done.get(change.id);
    if (outcome) return [outcome];
    return open.has(change.id) ? [] : [{ change, at, attempts: [], result: "failed", failure: NOBODY }];
  });
  return { outcomes, recovered };
}

const NOBODY = {
  kind: "unavailable",
  operation: "apply",
  message: "no worker came to make this change: see the function's log for why, and the next run tries again",
} as const;

interface Taken {
  /** What became of changes, by id. */
  readonly done: ReadonlyMap<string, Outcome>;
  /** Changes that somebody set about and told nothing of. */
  readonly open: ReadonlySet<string>;
  /** What would be done now, where it was worked out. */
  readonly proposed: ReadonlySet<string>;
  readonly recovered: readonly RecoveredRow[];
}

async function takeUp(scene: Scene, { wave, name, told }: Part): Promise<Taken> {
  const { record, world } = scene;
  const waves = await world.journal.attempts(record.run.id, wave, name);
  const concluded = [...waves.flatMap(({ outcomes }) => outcomes ?? []), ...told].filter(isOver);
  const done = new Map(concluded.map((outcome) => [outcome.change.id, outcome]));
  const untold = waves.filter(({ outcomes }) => outcomes === null).flatMap(({ intents }) => intents);
  const open = new Set(untold.map(({ id }) => id).filter((id) => !done.has(id)));
  if (untold.length === 0) return { done, open, proposed: new Set(), recovered: [] };
  record.targets = targetsOf(untold);
  await look(scene);
  const { waves: proposed, drift } = judge(record, world.clock.now());
  const { governed } = needed(lastSeen(record), "a look");
  const rows = recoveredRows([{ run: record.run.id, waves }], (intent) => recover(intent, drift, governed));
  const tellsItself = waves.flatMap(({ intents, outcomes }) => intents.map(() => outcomes !== null));
  return {
    done,
    open,
    proposed: new Set(proposed.flat().map(({ id }) => id)),
    recovered: rows.filter((_row, at) => !tellsItself[at]),
  };
}

/** What a process had no time for is as if it had not been set about. */
const isOver = (outcome: Outcome): boolean => outcome.result !== "skipped" || outcome.because !== "deadline";
