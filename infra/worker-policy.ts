/**
 * What a worker may do, which carries one shard of a large fleet: keep its part of the run's work, attach lists to evidence, and become
 * the member roles that read, change and retain. It neither destroys nor signs: both are the coordinator's alone (rule 24).
 */
import { enterMembers, HUB_BUCKETS, keepWork, listBuckets, writeLogs } from "./hub-statements.ts";
import { policyDocument } from "./policy-document.ts";

const { evidence, work } = HUB_BUCKETS;

export const workerPolicy = policyDocument([
  listBuckets([evidence, work]),
  {
    // Attachments, of whatever chain, and nothing else: no report, no keys and no record of a run is within reach.
    Sid: "AttachEvidence",
    Effect: "Allow",
    Action: ["s3:GetObject", "s3:PutObject", "s3:PutObjectRetention"],
    Resource: [`${evidence}/v1/*/attachments/*`],
  },
  {
    // Which chain attachments are of stands beside it. Public keys: nothing that anybody could sign with.
    Sid: "FindChain",
    Effect: "Allow",
    Action: ["s3:GetObject"],
    Resource: [`${evidence}/keys.json`],
  },
  keepWork,
  ...enterMembers(["observe", "apply", "retain"]),
  writeLogs,
]);
