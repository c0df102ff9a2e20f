import { listRestoreJobs, putRestoreValidationResult } from "../../aws/backup-operations.ts";
import { step } from "../../aws/operation.ts";
import { getTaggedResources, invokeValidator } from "../../aws/owner-operations.ts";
import { RestoreTestRow } from "../../domain/tested.ts";
import { defineGovernedKind } from "../define-governed-kind.ts";
import { beginTests, foldTest, type TestFold } from "./fold.ts";
import { OWNER_TAGS, withOwners } from "./owners.ts";
import { settleTests } from "./settle.ts";
import { RestoreTestRuleSpec } from "./spec.ts";
import { onePartition, streamTests } from "./stream.ts";
import { timeOut, validate } from "./validate.ts";

/**
 * Restore tests: the jobs that restore testing plans start, and what became of them. A test that nobody looked at proves little, so that a
 * declared validator is asked (`contract.ts`), and what was proven is remembered for longer than AWS does (`domain/tested.ts`).
 */
export const restoreTest = defineGovernedKind<RestoreTestRuleSpec, RestoreTestRow, TestFold, undefined>({
  name: "restore-test",
  after: ["restore-testing-selection"],
  rule: RestoreTestRuleSpec,
  row: RestoreTestRow,
  partitions: step("observe")([getTaggedResources], onePartition),
  stream: step("observe")([listRestoreJobs], streamTests),
  begin: beginTests,
  fold: foldTest,
  settle: settleTests,
  examine: step("observe")(OWNER_TAGS, withOwners, OWNER_TAGS),
  identify: ({ jobId, createdOn }) => ({ id: jobId, createdOn: new Date(createdOn) }),
  inventory: ({ jobId, resource, type, status, validation, createdOn, bytes }) => ({
    arn: jobId,
    resourceArn: resource,
    resourceType: type,
    status: validation ?? status,
    form: "restore-test",
    createdOn: new Date(createdOn).toISOString(),
    deleteOn: null,
    bytes,
  }),
  apply: {
    validate: step("apply")([invokeValidator, putRestoreValidationResult], validate),
    timeOut: step("apply")([putRestoreValidationResult], timeOut),
  },
  examples: {
    smallest: { plan: "monthly", every: "90d", classes: [{ resourceType: "EBS", validationWindowHours: 0 }] },
    fullest: {
      plan: "monthly",
      every: "90d",
      onRestored: {
        function: "arn:aws:lambda:eu-west-1:444455556666:function:holdfast-validator-databases",
        deadline: "2h",
      },
      classes: [
        { resourceType: "RDS", selection: "databases", rto: "4h", validationWindowHours: 8 },
        { resourceType: "EBS", selection: "volumes", rto: "30m", validationWindowHours: 4 },
      ],
    },
  },
});
