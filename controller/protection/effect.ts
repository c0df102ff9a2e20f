import type { Affected, CoverageEffect } from "../domain/coverage-effect.ts";
import { showTarget, type Target } from "../domain/identity.ts";
import { type Candidate, evaluate, type OptIns } from "../kinds/selection/evaluate.ts";
import type { Taker, Worlds } from "./worlds.ts";

/** What there is in a target, as far as it could be read. */
export interface Population {
  readonly resources: Iterable<Candidate>;
  /** The Region's; absent where they could not be read. */
  readonly optIns?: OptIns;
  /** What of it could not be read, in words. */
  readonly unread: readonly string[];
}

type Answer = "yes" | "no" | "unknown";
type Turn = "gained" | "lost" | "unknown";

/** Resources told by name of each sort; the others are counted. */
const FIRST = 20;

/**
 * Who gains and who loses protection by a plan's changes of selections and opt-ins: a resource that some plan takes in when it runs is
 * protected by it. One pass over each target's resources; memory grows with those that are told by name.
 */
export class EffectTally {
  readonly #all = new Turns();
  readonly #plans = new Map<string, { readonly target: Target; readonly plan: string; readonly turns: Turns }>();
  readonly #unread: CoverageEffect["unread"] = [];

  /** A target whose resources nobody looked at. */
  skip(target: Target, because: string): void {
    this.#unread.push({ target, because });
  }

  take(worlds: Worlds, { resources, unread, ...population }: Population): void {
    const { target } = worlds;
    // As they were when the plan was made, where it changes them: a run reads again what it has changed.
    const optIns = worlds.optIns ?? population.optIns;
    const wanting = [
      ...unread,
      ...(worlds.whole ? [] : ["not every plan and selection could be read"]),
      ...(optIns ? [] : ["the Region's opt-ins could not be read"]),
    ];
    if (wanting.length > 0) this.skip(target, wanting.join("; "));
    const weigh = weighing(worlds, optIns);
    for (const { arn, types, tags } of resources) {
      const turned = weigh({ arn, types, ...(tags ? { tags } : {}) });
      if (!turned) continue;
      const row = { target, arn, type: types.join(", ") };
      if (turned.all) this.#all.add(turned.all, row);
      for (const [plan, turn] of turned.plans) this.#turnsOf(target, plan).add(turn, row);
    }
  }

  told(): CoverageEffect {
    const byPlan = [...this.#plans.values()].map(({ target, plan, turns }) => ({ target, plan, ...turns.told() }));
    return {
      complete: this.#unread.length === 0,
      ...this.#all.told(),
      byPlan: byPlan.toSorted((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1)),
      unread: this.#unread.toSorted((a, b) => (showTarget(a.target) < showTarget(b.target) ? -1 : 1)),
    };
  }

  #turnsOf(target: Target, plan: string): Turns {
    const name = placeOf({ target, plan });
    const known = this.#plans.get(name) ?? { target, plan, turns: new Turns() };
    this.#plans.set(name, known);
    return known.turns;
  }
}

const placeOf = ({ target, plan }: { readonly target: Target; readonly plan: string }): string =>
  `${showTarget(target)}/${plan}`;

interface Turned {
  /** Over all plans. Absent: nothing changes there. */
  readonly all?: Turn;
  readonly plans: readonly (readonly [plan: string, turn: Turn])[];
}

/** Compares both worlds for one resource after the other. Undefined: none of the changes has to do with it. */
function weighing(worlds: Worlds, optIns: OptIns | undefined): (resource: Candidate) => Turned | undefined {
  const { before, after, switched, whole } = worlds;
  const later = optIns && { ...optIns, ...switched };
  const stays = new Set(after);
  const [gone, come] = [before.filter((one) => !stays.has(one)), after.filter((one) => !before.includes(one))];
  const left = Object.keys(switched).length > 0 ? before.filter((one) => stays.has(one)) : [];
  const answerOf = (takers: readonly Taker[], resource: Candidate, types: OptIns | undefined): Answer => {
    const verdicts = new Set(takers.map(({ compiled }) => evaluate(compiled, resource, types).taken));
    if (verdicts.has("yes")) return "yes";
    return verdicts.has("unknown") || !whole ? "unknown" : "no";
  };
  const touches = (taker: Taker, resource: Candidate): boolean =>
    [optIns, later].some((types) => evaluate(taker.compiled, resource, types).taken !== "no");
  return (resource) => {
    const touched = [...gone, ...come, ...left].filter((taker) => touches(taker, resource));
    if (touched.length === 0) return undefined;
    const turnOver = (takes: (taker: Taker) => boolean): Turn | undefined =>
      turnOf(answerOf(before.filter(takes), resource, optIns), answerOf(after.filter(takes), resource, later));
    const all = turnOver(() => true);
    const plans = [...new Set(touched.map(({ plan }) => plan))].flatMap((plan) => {
      const turn = turnOver((taker) => taker.plan === plan);
      return turn ? [[plan, turn] as const] : [];
    });
    return { ...(all ? { all } : {}), plans };
  };
}

function turnOf(before: Answer, after: Answer): Turn | undefined {
  if (before === "unknown" || after === "unknown") return "unknown";
  if (before === after) return undefined;
  return after === "yes" ? "gained" : "lost";
}

type Row = Affected["first"][number];

class Turns {
  readonly #by: Readonly<Record<Turn, { count: number; first: Row[] }>> = {
    gained: { count: 0, first: [] },
    lost: { count: 0, first: [] },
    unknown: { count: 0, first: [] },
  };

  add(turn: Turn, row: Row): void {
    const affected = this.#by[turn];
    affected.count += 1;
    affected.first.push(row);
    if (affected.first.length >= 2 * FIRST) affected.first = firstOf(affected.first);
  }

  told(): Record<Turn, Affected> {
    const tell = ({ count, first }: Affected): Affected => ({ count, first: firstOf(first) });
    return { gained: tell(this.#by.gained), lost: tell(this.#by.lost), unknown: tell(this.#by.unknown) };
  }
}

/** In order, whatever order they came in. */
const firstOf = (rows: readonly Row[]): Row[] =>
  rows.toSorted((a, b) => (rankOf(a) < rankOf(b) ? -1 : 1)).slice(0, FIRST);
const rankOf = ({ target, arn }: Row): string => `${showTarget(target)} ${arn}`;
