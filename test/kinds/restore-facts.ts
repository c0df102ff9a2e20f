import { classKey, type RestoreTestRow, type TestedClass } from "../../controller/domain/tested.ts";
import type { FoldMemory } from "../../controller/kinds/kind.ts";
import { beginTests, foldTest } from "../../controller/kinds/restore-test/fold.ts";
import { settleTests } from "../../controller/kinds/restore-test/settle.ts";
import { RestoreTestRuleSpec } from "../../controller/kinds/restore-test/spec.ts";
import { source, target, viewOf } from "./answers.ts";
import { NO_MEMORY } from "./recovery-point/facts.ts";

const FUNCTION = "arn:aws:lambda:eu-west-1:444455556666:function:holdfast-validator-volumes";
export const NOW = new Date("2026-06-01T12:00:00Z");
export const HOUR = 3_600_000;
export const ago = (hours: number): number => NOW.getTime() - hours * HOUR;

export const spec = (over: Partial<RestoreTestRuleSpec> = {}): RestoreTestRuleSpec =>
  RestoreTestRuleSpec.parse({
    plan: "monthly",
    onRestored: { function: FUNCTION },
    classes: [{ resourceType: "EBS", selection: "volumes", rto: "30m", validationWindowHours: 8 }],
    ...over,
  });

export const row = (over: Partial<RestoreTestRow> = {}): RestoreTestRow => ({
  jobId: "job-1",
  plan: "monthly",
  type: "EBS",
  resource: "arn:aws:ec2:eu-west-1:444455556666:volume/vol-1",
  point: "arn:aws:ec2:eu-west-1::snapshot/snap-1",
  status: "COMPLETED",
  createdOn: ago(1.2),
  endedOn: ago(1),
  created: "arn:aws:ec2:eu-west-1:444455556666:volume/vol-2",
  validation: "VALIDATING",
  bytes: 0,
  ...over,
});

export interface Given {
  readonly rows: readonly RestoreTestRow[];
  readonly rule?: RestoreTestRuleSpec;
  readonly memory?: Partial<FoldMemory>;
  readonly restored?: readonly string[] | "denied";
  readonly mode?: "enforce" | "suspended";
  readonly status?: "complete" | "incomplete";
}

export function settled({
  rows,
  rule = spec(),
  memory = {},
  restored = [],
  status = "complete",
  mode = "enforce",
}: Given) {
  const facts = {
    restored:
      restored === "denied"
        ? { failure: { kind: "denied", operation: "tag:GetResources", message: "no" } }
        : new Map(restored.map((arn) => [arn, {}])),
  };
  const fold = beginTests({
    target,
    partition: { name: "restore-tests", id: "restore-tests", createdOn: new Date(0), size: 0, facts },
    rules: [
      {
        kind: "restore-test",
        name: "monthly",
        target,
        spec: rule,
        management: mode === "enforce" ? { mode } : { mode, reason: "a move" },
        source,
      },
    ],
    now: NOW,
    room: 100,
    targets: [target],
    view: viewOf({}),
    survey: () => undefined,
    memory: { ...NO_MEMORY, ...memory },
  });
  return settleTests(rows.reduce(foldTest, fold), status);
}
export const causes = (given: Given): readonly string[] => settled(given).findings.map(({ cause }) => cause);

export const remembered = (over: Partial<TestedClass>): Pick<FoldMemory, "tested"> => {
  const one: TestedClass = {
    target,
    plan: "monthly",
    type: "EBS",
    everySeconds: 1,
    rtoSeconds: null,
    lastAttemptOn: null,
    lastSuccessOn: null,
    restores: [],
    ...over,
  };
  return { tested: new Map([[classKey(one), one]]) };
};
