import type { Call } from "../aws/operation.ts";
import { runStep } from "../aws/operation.ts";
import type { Finding } from "../domain/change.ts";
import type { Rule } from "../domain/desired.ts";
import type { Target } from "../domain/identity.ts";
import type { Settled } from "../domain/inventory.ts";
import type { Role } from "../domain/outcome.ts";
import { type DeclaredStep, declaredSteps } from "./define-kind.ts";
import type { FoldContext, GovernedKindDefinition, Page, Partition, TimeWindow, UpdateResult } from "./kind.ts";

/** A fold in progress, its types sealed inside: rows go in, what they come to comes out. */
export interface OpenFold {
  readonly add: (row: unknown) => void;
  readonly settle: (status: "complete" | "incomplete") => Settled;
}

export interface GovernedKind {
  readonly name: string;
  readonly after: readonly string[];
  readonly steps: readonly DeclaredStep[];
  readonly definition: Pick<GovernedKindDefinition<unknown, unknown, unknown>, "examples" | "rule">;
  readonly partitions: (call: Call, target: Target, rules: readonly Rule[]) => Promise<readonly Partition[]>;
  readonly stream: (
    call: Call,
    target: Target,
    partition: Partition,
    window: TimeWindow,
  ) => AsyncIterable<Page<unknown>>;
  readonly begin: (context: FoldContext<unknown>) => OpenFold;
  /** The row's own id, by which rows in the seam of two windows are told apart, and its fields for the inventory. */
  readonly inventory: (row: unknown) => Readonly<Record<string, unknown>>;
  readonly identify: (row: unknown) => { readonly id: string; readonly createdOn: Date };
  readonly apply: Readonly<
    Record<
      string,
      { readonly role: Role; readonly run: (call: Call, target: Target, finding: Finding) => Promise<UpdateResult> }
    >
  >;
}

/** Seals a governed kind, as `defineKind` does a declared one. */
export function defineGovernedKind<RuleSpec, Row, Fold>(
  kind: GovernedKindDefinition<RuleSpec, Row, Fold>,
): GovernedKind {
  const rules = (all: readonly Rule[]): readonly Rule<RuleSpec>[] =>
    all.map((rule) => ({ ...rule, spec: kind.rule.parse(rule.spec) }));
  return {
    name: kind.name,
    after: kind.after,
    steps: declaredSteps(kind.name, { partitions: kind.partitions, stream: kind.stream, ...kind.apply }),
    definition: kind,
    partitions: (call, target, all) => runStep(kind.partitions, call, target, rules(all)),
    stream: (call, target, partition, window) => runStep(kind.stream, call, target, partition, window),
    begin: (context) => {
      let fold = kind.begin({ ...context, rules: rules(context.rules) });
      return {
        // Rows come straight from this kind's own stream: parsing a million of them a second time would buy nothing.
        add: (row) => void (fold = kind.fold(fold, row as Row)),
        settle: (status) => kind.settle(fold, status),
      };
    },
    inventory: (row) => kind.inventory(row as Row),
    identify: (row) => kind.identify(row as Row),
    apply: Object.fromEntries(
      Object.entries(kind.apply).map(([name, step]) => [
        name,
        {
          role: step.role,
          run: (call: Call, target: Target, finding: Finding) => runStep(step, call, target, finding),
        },
      ]),
    ),
  };
}
