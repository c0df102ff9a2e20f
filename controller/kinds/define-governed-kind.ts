import { type Call, granted, runStep } from "../aws/operation.ts";
import type { Finding } from "../domain/change.ts";
import type { Rule } from "../domain/desired.ts";
import type { Target } from "../domain/identity.ts";
import type { Settled } from "../domain/inventory.ts";
import type { Role } from "../domain/outcome.ts";
import { type DeclaredStep, declaredSteps } from "./define-kind.ts";
import type {
  AmendContext,
  AmendResult,
  Examined,
  ExamineContext,
  FoldContext,
  GovernedKindDefinition,
  Page,
  Partition,
  Side,
  Streamed,
  TimeWindow,
} from "./kind.ts";

/** A fold in progress, its types sealed inside: rows go in, what they come to comes out. */
export interface OpenFold {
  readonly add: (row: unknown) => void;
  readonly sides: () => readonly Side<unknown>[];
  readonly match: (side: Side<unknown>, here: readonly unknown[], there: readonly unknown[] | undefined) => void;
  readonly settle: (status: "complete" | "incomplete") => Settled;
}

export interface GovernedKind {
  readonly name: string;
  readonly after: readonly string[];
  readonly steps: readonly DeclaredStep[];
  readonly definition: Pick<GovernedKindDefinition<unknown, unknown, unknown>, "examples" | "rule">;
  readonly survey?: (call: Call, target: Target, rules: readonly Rule[], now: Date) => Promise<unknown>;
  readonly partitions: (call: Call, target: Target, rules: readonly Rule[]) => Promise<readonly Partition[]>;
  readonly stream: (
    call: Call,
    target: Target,
    partition: Streamed,
    window: TimeWindow,
  ) => AsyncIterable<Page<unknown>>;
  readonly begin: (context: FoldContext<unknown>) => OpenFold;
  readonly examine?: (
    call: Call,
    target: Target,
    parts: readonly Examined[],
    context: ExamineContext<unknown>,
  ) => Promise<readonly Settled[]>;
  /** The row's own id, by which rows in the seam of two windows are told apart, and its fields for the inventory. */
  readonly inventory?: (row: unknown) => Readonly<Record<string, unknown>>;
  readonly identify: (row: unknown) => { readonly id: string; readonly createdOn: Date };
  readonly apply: Readonly<
    Record<
      string,
      {
        readonly role: Role;
        readonly run: (call: Call, target: Target, finding: Finding, context: AmendContext) => Promise<AmendResult>;
      }
    >
  >;
}

/** Seals a governed kind, as `defineKind` does a declared one. */
export function defineGovernedKind<RuleSpec, Row, Fold, Survey>(
  kind: GovernedKindDefinition<RuleSpec, Row, Fold, Survey>,
): GovernedKind {
  const rules = (all: readonly Rule[]): readonly Rule<RuleSpec>[] =>
    all.map((rule) => ({ ...rule, spec: kind.rule.parse(rule.spec) }));
  const { survey, examine, inventory } = kind;
  return {
    name: kind.name,
    after: kind.after,
    steps: declaredSteps(kind.name, {
      survey,
      partitions: kind.partitions,
      stream: kind.stream,
      examine,
      ...kind.apply,
    }),
    definition: kind,
    ...(survey && { survey: (call, target, all, now) => runStep(survey, call, target, rules(all), now) }),
    partitions: (call, target, all) => runStep(kind.partitions, call, target, rules(all)),
    stream: (call, target, partition, window) => runStep(kind.stream, call, target, partition, window),
    // A survey comes from this kind's own step, and a fold from its own begin: nothing else is ever handed back in.
    begin: (context) => openFold(kind, { ...context, rules: rules(context.rules) } as FoldContext<RuleSpec, Survey>),
    ...(examine && {
      examine: (call, target, parts, context) =>
        runStep(examine, call, target, parts, {
          ...context,
          rules: rules(context.rules),
          elsewhere: (other) => {
            const found = context.elsewhere(other);
            return found && granted(found, examine.elsewhere);
          },
        }),
    }),
    ...(inventory && { inventory: (row) => inventory(row as Row) }),
    identify: (row) => kind.identify(row as Row),
    apply: Object.fromEntries(
      Object.entries(kind.apply).map(([name, step]) => [
        name,
        {
          role: step.role,
          run: (call: Call, target: Target, finding: Finding, context: AmendContext) =>
            runStep(step, call, target, finding, {
              ...context,
              elsewhere: (other) => granted(context.elsewhere(other), step.elsewhere),
            }),
        },
      ]),
    ),
  };
}

function openFold<RuleSpec, Row, Fold, Survey>(
  kind: GovernedKindDefinition<RuleSpec, Row, Fold, Survey>,
  context: FoldContext<RuleSpec, Survey>,
): OpenFold {
  let fold = kind.begin(context);
  return {
    // Rows come straight from this kind's own stream: parsing a million of them a second time would buy nothing.
    add: (row) => void (fold = kind.fold(fold, row as Row)),
    sides: () => (kind.sides?.(fold) ?? []) as readonly Side<unknown>[],
    match: (side, here, there) => {
      if (kind.match) fold = kind.match(fold, side, here as readonly Row[], there as readonly Row[] | undefined);
    },
    settle: (status) => kind.settle(fold, status),
  };
}
