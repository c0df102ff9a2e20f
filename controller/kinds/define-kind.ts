import type { AnyOperation, Call, Step } from "../aws/operation.ts";
import { runStep } from "../aws/operation.ts";
import type { FieldDrift } from "../domain/change.ts";
import type { Wanted } from "../domain/desired.ts";
import type { Effect, Hazard } from "../domain/effect.ts";
import type { Target } from "../domain/identity.ts";
import type { JudgedKind, Judgement, JudgingContext } from "../domain/judging.ts";
import type { Live, Unread } from "../domain/live.ts";
import type { GivenName } from "../domain/naming.ts";
import type { Role } from "../domain/outcome.ts";
import type { VaultRow } from "../domain/survey.ts";
import { compareFields } from "./compare.ts";
import type { KindDefinition, ListContext, Naming, UpdateResult } from "./kind.ts";

/** What policies are generated from and scenarios are held to: one step's role and operations. */
export interface DeclaredStep {
  readonly kind: string;
  readonly step: string;
  readonly role: Role;
  readonly uses: readonly AnyOperation[];
}

type Sealed<Args extends readonly unknown[], Result> = (call: Call, target: Target, ...args: Args) => Result;

/** Specs and states are `unknown` out here and re-enter through the kind's own schemas, so that a plan read back is checked again. */
export interface DeclaredKind extends JudgedKind {
  readonly steps: readonly DeclaredStep[];
  readonly standing: boolean;
  readonly definition: Pick<KindDefinition<unknown, unknown>, "examples" | "spec" | "fields">;
  readonly list: Sealed<[ListContext], AsyncIterable<Live | Unread>>;
  readonly resolve?: Sealed<[unknown], Promise<unknown>>;
  readonly create?: Acting<[Wanted, Naming], void>;
  readonly update?: Acting<[Wanted, Live, readonly FieldDrift[], Naming], UpdateResult>;
  readonly adopt?: Acting<[Wanted, Live, Naming], void>;
  readonly remove?: Acting<[Live], void>;
  readonly vaultFacts?: (found: Live) => Partial<VaultRow>;
  readonly names?: (found: Live) => readonly GivenName[];
}

/** A sealed step that writes: the role it must be called under, and the work. */
export interface Acting<Args extends readonly unknown[], Result> {
  readonly role: Role;
  readonly run: Sealed<Args, Promise<Result>>;
}

/** Seals a kind: types go in, schemas guard the door, and nothing outside needs to know what a spec looks like. */
export function defineKind<Spec, State>(kind: KindDefinition<Spec, State>): DeclaredKind {
  const wanted = (desired: Wanted): Wanted<Spec> => ({ ...desired, spec: kind.spec.parse(desired.spec) });
  const live = (found: Live): Live<State> => ({ ...found, state: kind.state.parse(found.state) });
  const context = (c: JudgingContext): JudgingContext<Spec, State> => {
    const { spec, live: found, ...rest } = c;
    return {
      ...rest,
      ...(spec === undefined ? {} : { spec: kind.normalise(kind.spec.parse(spec)) }),
      ...(found === undefined ? {} : { live: live(found) }),
    };
  };
  const normalise = (spec: unknown) => kind.normalise(kind.spec.parse(spec));
  const observed = (state: unknown) => kind.observed(kind.state.parse(state));
  const { resolve, create, update, adopt, remove, succession, contains, vaultFacts, names } = kind;

  return {
    name: kind.name,
    after: kind.after,
    standing: kind.standing ?? false,
    steps: declaredSteps(kind.name, { list: kind.list, resolve, create, update, adopt, remove }),
    definition: kind,
    list: (call, target, listing) => runStep(kind.list, call, target, listing),
    ...(resolve && { resolve: (call, target, spec) => runStep(resolve, call, target, kind.spec.parse(spec)) }),
    normalise,
    observed,
    compare: (desired, state) => compareFields(kind.fields, observed(state), normalise(desired)),
    creation: (spec) => {
      const { effect, hazards } = kind.creation;
      const parsed = kind.spec.parse(spec);
      return asAWhole(effect(parsed), hazards?.(parsed) ?? [], compareFields(kind.fields, undefined, normalise(spec)));
    },
    removal: (state) => {
      const { effect, hazards } = kind.removal;
      const parsed = kind.state.parse(state);
      return asAWhole(effect(parsed), hazards?.(parsed) ?? [], compareFields(kind.fields, observed(state), undefined));
    },
    hazards: (c) => kind.hazards?.(context(c)) ?? [],
    bars: (c) => kind.bars?.(context(c)) ?? [],
    dropped: kind.dropped ?? "prune",
    references: (spec, target) => kind.references?.(kind.spec.parse(spec), target) ?? [],
    ...(succession && { succession: (found: readonly Live[]) => succession(found.map(live)) }),
    ...(contains && {
      contains: { kind: contains.kind, holds: (holder: Live, one: Live) => contains.holds(live(holder), one) },
    }),
    ...(vaultFacts && { vaultFacts: (found: Live) => vaultFacts(live(found)) }),
    ...(names && { names: (found: Live) => names(live(found)) }),
    ...(create && { create: { role: create.role, run: (c, t, d, n) => runStep(create, c, t, wanted(d), n) } }),
    ...(update && {
      update: { role: update.role, run: (c, t, d, l, f, n) => runStep(update, c, t, wanted(d), live(l), f, n) },
    }),
    ...(adopt && { adopt: { role: adopt.role, run: (c, t, d, l, n) => runStep(adopt, c, t, wanted(d), live(l), n) } }),
    ...(remove && { remove: { role: remove.role, run: (c, t, l) => runStep(remove, c, t, live(l)) } }),
  };
}

/** Making or removing is judged as a whole: what a leaf would do if it alone were changed says nothing here. */
const asAWhole = (effect: Effect, hazards: readonly Hazard[], fields: readonly FieldDrift[]): Judgement => ({
  effect,
  hazards,
  fields: fields.map((field) => ({ ...field, effect, hazards: [] })),
});

type AnyStep = Pick<Step<never, unknown>, "role" | "uses" | "elsewhere">;

export const declaredSteps = (
  kind: string,
  steps: Readonly<Record<string, AnyStep | undefined>>,
): readonly DeclaredStep[] =>
  Object.entries(steps).flatMap(([name, step]) =>
    step
      ? [
          { kind, step: name, role: step.role, uses: step.uses },
          ...(step.elsewhere.length > 0
            ? [{ kind, step: `${name}.elsewhere`, role: "observe" as const, uses: step.elsewhere }]
            : []),
        ]
      : [],
  );
