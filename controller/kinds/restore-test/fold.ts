import type { Target } from "../../domain/identity.ts";
import { classKey, type RestoreTestRow, type TestedClass } from "../../domain/tested.ts";
import type { Rule } from "../../domain/desired.ts";
import { durationMs } from "../duration.ts";
import type { FoldContext, FoldMemory } from "../kind.ts";
import { asRemembered, withTest } from "./classes.ts";
import { isEnded } from "./row.ts";
import type { RestoreTestRuleSpec, TestClass } from "./spec.ts";
import type { Facts } from "./stream.ts";

export type TestRule = Rule<RestoreTestRuleSpec>;

/** One type of resource that a rule asks to be tested, and what is known of it by now. */
export interface JudgedClass {
  readonly rule: TestRule;
  readonly asked: TestClass;
  known: TestedClass;
}

/** The restore tests of one target being judged. Memory grows with the resources that are tested, not with the jobs. */
export interface TestFold {
  readonly target: Target;
  readonly now: Date;
  readonly room: number;
  readonly memory: FoldMemory;
  readonly facts: Facts;
  /** By `classKey`. */
  readonly classes: ReadonlyMap<string, JudgedClass>;
  /** Classes of suspended rules: nobody judges them, and what is known of them is not forgotten. */
  readonly suspended: readonly TestedClass[];
  /** The newest job that ended, by class and resource: what came of earlier ones is history. */
  readonly newest: Map<string, RestoreTestRow>;
  /** Restored, and no verdict yet. */
  readonly open: RestoreTestRow[];
  /** What jobs restored, by the resource that they made. */
  readonly made: Map<string, RestoreTestRow>;
  readonly counts: Map<string, { points: number; bytes: number }>;
  population: number;
  /** Tests under way: what bears the tag of one may be theirs, and no job says so yet. */
  running: number;
}

export function beginTests(context: FoldContext<RestoreTestRuleSpec>): TestFold {
  const { target, rules, now, room, memory, partition } = context;
  const all = rules
    .flatMap((rule) => rule.spec.classes.map((asked) => judged(target, rule, asked, memory)))
    .toSorted((a, b) => (classKey(a.known) < classKey(b.known) ? -1 : 1));
  const [suspended, classes] = [all.filter(isSuspended), all.filter((one) => !isSuspended(one))];
  const fold: TestFold = {
    target,
    now,
    room,
    memory,
    // The kind's own step wrote them, a moment ago.
    facts: partition.facts as unknown as Facts,
    classes: new Map(classes.map((one) => [classKey(one.known), one])),
    suspended: suspended.map(({ known }) => known),
    newest: new Map(),
    open: [],
    made: new Map(),
    counts: new Map(),
    population: 0,
    running: 0,
  };
  for (const one of classes) for (const row of one.known.standing ?? []) remind(fold, one, row);
  return fold;
}

const isSuspended = ({ rule }: JudgedClass): boolean => rule.management.mode === "suspended";

function judged(target: Target, rule: TestRule, asked: TestClass, memory: FoldMemory): JudgedClass {
  const key = classKey({ target, plan: rule.spec.plan, type: asked.resourceType });
  return { rule, asked, known: asRemembered(target, rule.spec, asked, memory.tested.get(key)) };
}

/** Takes in a job that earlier reports found something wrong with, and that AWS may have forgotten by now. */
function remind(fold: TestFold, one: JudgedClass, row: RestoreTestRow): void {
  if (row.created !== undefined) fold.made.set(row.created, row);
  if (isFresh(fold, one, row)) keepNewest(fold, one, row);
}

/** A test speaks for its resource as long as it is to be tested once: after that the class is untested, or others of it were. */
const isFresh = ({ now }: TestFold, { rule }: JudgedClass, { endedOn = 0 }: RestoreTestRow): boolean =>
  endedOn + durationMs(rule.spec.every) > now.getTime();

/** Takes one job in, whatever the order they come in: the fold is the same. */
export function foldTest(fold: TestFold, row: RestoreTestRow): TestFold {
  fold.population += 1;
  if (row.created !== undefined) fold.made.set(row.created, row);
  if (!isEnded(row)) fold.running += 1;
  const one = classOf(fold, row);
  if (!one) return count(fold, "unmatched", row);
  one.known = withTest(one.known, row, one.rule.spec);
  if (row.validation === "VALIDATING") fold.open.push(row);
  if (isEnded(row)) keepNewest(fold, one, row);
  return count(fold, row.status.toLowerCase(), row);
}

function keepNewest({ newest }: TestFold, { known }: JudgedClass, row: RestoreTestRow): void {
  const key = `${classKey(known)} ${row.resource}`;
  const before = newest.get(key);
  // What AWS tells of a job today counts for more than what is remembered of it.
  if (!before || before.jobId === row.jobId || isNewer(row, before)) newest.set(key, row);
}

export const classOf = ({ target, classes }: TestFold, { plan, type }: RestoreTestRow): JudgedClass | undefined =>
  classes.get(classKey({ target, plan, type }));

const isNewer = (a: RestoreTestRow, b: RestoreTestRow): boolean =>
  a.createdOn > b.createdOn || (a.createdOn === b.createdOn && a.jobId > b.jobId);

function count(fold: TestFold, name: string, { bytes }: RestoreTestRow): TestFold {
  const known = fold.counts.get(name) ?? { points: 0, bytes: 0 };
  fold.counts.set(name, { points: known.points + 1, bytes: known.bytes + bytes });
  return fold;
}
