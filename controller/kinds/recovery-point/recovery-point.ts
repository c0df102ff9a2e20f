import {
  deleteRecoveryPoint,
  describeKey,
  describeRecoveryPoint,
  listBackupVaults,
  listCopyJobs,
  listRecoveryPoints,
  startCopyJob,
  updateRecoveryPointLifecycle,
} from "../../aws/backup-operations.ts";
import { step } from "../../aws/operation.ts";
import { getTaggedResources } from "../../aws/owner-operations.ts";
import { defineGovernedKind } from "../define-governed-kind.ts";
import { ELSEWHERE, EXAMINATIONS, examinePoints } from "./examine/examine.ts";
import { sidesOf } from "./judge/asked.ts";
import { matchCopies } from "./judge/copies.ts";
import { beginFold, foldRow, type PointFold, settleFold } from "./judge/fold.ts";
import { startCopy } from "../copy-mend.ts";
import { deletePoint } from "./mend/delete.ts";
import { lengthen, shorten } from "./mend/lifecycle.ts";
import { PROOFS, SNAPSHOT_READS } from "./mend/proofs.ts";
import { RECHECKS } from "./mend/recheck.ts";
import { addTags } from "./mend/tag.ts";
import { TAG_WRITES } from "./mend/taggers.ts";
import { OWNER_LISTINGS } from "../../owner-services/service.ts";
import { type Survey, surveyOwners } from "./owners/survey.ts";
import { RecoveryPointRow } from "../point-row.ts";
import { RecoveryPointRuleSpec } from "./spec.ts";
import { matchedVaults, streamPoints } from "./stream.ts";

/**
 * Recovery points: nobody names them one by one, policies judge them (rules 1–12, 20). `judge/` is pure: what a point breaks. `owners/`
 * knows whether what it was made of still exists, `examine/` looks up what forbids each change, `mend/` makes it.
 */
export const recoveryPoint = defineGovernedKind<RecoveryPointRuleSpec, RecoveryPointRow, PointFold, Survey>({
  name: "recovery-point",
  after: ["vault-lock", "vault-policy"],
  rule: RecoveryPointRuleSpec,
  row: RecoveryPointRow,
  survey: step("observe")(OWNER_LISTINGS, surveyOwners),
  partitions: step("observe")([listBackupVaults, describeKey, getTaggedResources], matchedVaults),
  stream: step("observe")([listRecoveryPoints], streamPoints),
  begin: beginFold,
  fold: foldRow,
  sides: sidesOf,
  match: matchCopies,
  settle: settleFold,
  examine: step("observe")(EXAMINATIONS, examinePoints, ELSEWHERE),
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
  // IAM cannot tell lengthening from shortening, so both have one role; deleting has another (rule 28).
  apply: {
    lifecycle: step("retain")([describeRecoveryPoint, updateRecoveryPointLifecycle], lengthen),
    shorten: step("retain")([...RECHECKS, updateRecoveryPointLifecycle], shorten),
    tag: step("apply")(TAG_WRITES, addTags),
    copy: step("apply")([listCopyJobs, startCopyJob], startCopy),
    delete: step("destroy")([...RECHECKS, ...SNAPSHOT_READS, deleteRecoveryPoint], deletePoint, PROOFS),
  },
  examples: {
    smallest: { match: {}, retention: { atLeastDays: 35 } },
    fullest: {
      match: { vaults: ["nightly", "app-*"], resourceTypes: ["EBS", "RDS"] },
      retention: { atLeastDays: 35, atMostDays: 400 },
      orphans: {
        when: ["planDeleted", "resourceDeleted", "expired"],
        action: "delete",
        grace: "14d",
        minMissing: "30d",
        keepLast: 1,
      },
      copies: [
        {
          to: { account: "222233334444", region: "eu-central-1", vault: "central" },
          within: "24h",
          retention: { atLeastDays: 90 },
          backfill: "none",
          remedy: "copyAgain",
          afterCopy: { keepLocalDays: 35, grace: "14d" },
        },
      ],
      encryption: { required: true, keys: ["alias/backup"] },
      tags: { owner: "platform" },
      placement: "asPlanned",
    },
  },
});
