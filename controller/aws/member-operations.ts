/** What `holdfast doctor` reads in members besides AWS Backup: how its events are forwarded, and the functions that validate restores. */
import { later, reads } from "./operation.ts";
import { eventBridge, lambda } from "./services/index.ts";

const OTHER = { pace: "other" } as const;

export const listRuleNamesByTarget = reads(
  "events:ListRuleNamesByTarget",
  later(eventBridge, "ListRuleNamesByTargetCommand"),
  { ...OTHER, rows: "RuleNames" },
);
export const describeRule = reads("events:DescribeRule", later(eventBridge, "DescribeRuleCommand"), OTHER);
export const listTargetsByRule = reads("events:ListTargetsByRule", later(eventBridge, "ListTargetsByRuleCommand"), {
  ...OTHER,
  rows: "Targets",
});

export const getFunctionConfiguration = reads(
  "lambda:GetFunctionConfiguration",
  later(lambda, "GetFunctionConfigurationCommand"),
  OTHER,
);
