import { listBackupJobs, listCopyJobs, startBackupJob, startCopyJob } from "../../aws/backup-operations.ts";
import { step } from "../../aws/operation.ts";
import { defineGovernedKind } from "../define-governed-kind.ts";
import { startCopy } from "../copy-mend.ts";
import { ELSEWHERE, EXAMINATIONS, examineResources } from "./examine/examine.ts";
import { beginFold, foldRow, type ResourceFold, settleFold } from "./judge/fold.ts";
import { backUpNow } from "./mend/back-up-now.ts";
import { POPULATION_READS, resourcePartition, streamResources } from "./population/stream.ts";
import { ResourceRow } from "./row.ts";
import { ProtectedResourceRuleSpec } from "./spec.ts";
import { type Survey, SURVEY_READS, surveyPoints } from "./survey/survey.ts";

/**
 * Resources that must be protected: one row each, judged by the recovery points that there are, wherever in the fleet those lie. `survey/`
 * reads the points of every target first, `population/` finds the resources, `judge/` is pure, `examine/` asks the
 * jobs why, and `outside/` what else keeps backups of it.
 */
export const protectedResource = defineGovernedKind<ProtectedResourceRuleSpec, ResourceRow, ResourceFold, Survey>({
  name: "protected-resource",
  after: ["plan", "selection"],
  rule: ProtectedResourceRuleSpec,
  row: ResourceRow,
  survey: step("observe")(SURVEY_READS, surveyPoints),
  partitions: step("observe")([], resourcePartition),
  stream: step("observe")(POPULATION_READS, streamResources),
  begin: beginFold,
  fold: foldRow,
  settle: settleFold,
  examine: step("observe")(EXAMINATIONS, examineResources, ELSEWHERE),
  // No listing gives resources by time. In the middle of the one window there is, they are never taken for another window's.
  identify: ({ arn }) => ({ id: arn, createdOn: new Date(DAY_MS) }),
  apply: {
    "back-up-now": step("apply")([listBackupJobs, startBackupJob], backUpNow),
    copy: step("apply")([listCopyJobs, startCopyJob], startCopy),
  },
  examples: {
    smallest: { match: {}, rpo: "24h", remedy: "notify" },
    fullest: {
      match: {
        resourceTypes: ["RDS", "EBS"],
        tags: { all: { env: "production" }, any: { tier: ["gold", "silver"] } },
        resources: ["arn:aws:rds:*", "arn:aws:ec2:*"],
        exclude: { tags: { scratch: "*" }, resources: ["arn:aws:ec2:*:*:volume/vol-0*"] },
      },
      rpo: "24h",
      copies: [{ to: { account: "222233334444", region: "eu-central-1", vault: "central" }, within: "24h" }],
      immutable: "either",
      overlaps: "report",
      remedy: "backUpNow",
    },
  },
});

const DAY_MS = 86_400_000;
