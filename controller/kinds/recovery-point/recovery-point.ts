import {
  describeRecoveryPoint,
  listBackupVaults,
  listRecoveryPoints,
  updateRecoveryPointLifecycle,
} from "../../aws/backup-operations.ts";
import { step } from "../../aws/operation.ts";
import { defineGovernedKind } from "../define-governed-kind.ts";
import { beginFold, foldRow, type PointFold, settleFold } from "./fold.ts";
import { mendLifecycle } from "./mend.ts";
import { RecoveryPointRow } from "./row.ts";
import { RecoveryPointRuleSpec } from "./spec.ts";
import { matchedVaults, streamPoints } from "./stream.ts";

/** Recovery points: nobody names them one by one, policies judge how long they are kept (rule 5). */
export const recoveryPoint = defineGovernedKind<RecoveryPointRuleSpec, RecoveryPointRow, PointFold>({
  name: "recovery-point",
  after: ["vault-lock", "vault-policy"],
  rule: RecoveryPointRuleSpec,
  row: RecoveryPointRow,
  partitions: step("observe")([listBackupVaults], matchedVaults),
  stream: step("observe")([listRecoveryPoints], streamPoints),
  begin: beginFold,
  fold: foldRow,
  settle: settleFold,
  identify: ({ arn, createdOn }) => ({ id: arn, createdOn: new Date(createdOn) }),
  inventory: ({ arn, resourceArn, resourceType, status, createdOn, deleteOn, bytes, form }) => ({
    arn,
    resourceArn,
    resourceType,
    status,
    form,
    createdOn: new Date(createdOn).toISOString(),
    deleteOn: deleteOn === undefined ? null : new Date(deleteOn).toISOString(),
    bytes,
  }),
  // IAM cannot tell lengthening from shortening, so this call has a role of its own (rule 28).
  apply: {
    lifecycle: step("retain")([describeRecoveryPoint, updateRecoveryPointLifecycle], mendLifecycle),
  },
  examples: {
    smallest: { match: {}, retention: { atLeastDays: 35 } },
    fullest: {
      match: { vaults: ["nightly", "app-*"], resourceTypes: ["EBS", "RDS"] },
      retention: { atLeastDays: 35, atMostDays: 400 },
    },
  },
});
