/**
 * What a pipeline may do that publishes desired state: write files and move the pointer to them, each on condition that nobody else has,
 * and sign the pointer. It reads nothing else, and neither deletes nor decides: what is published is carried out by the controller.
 */
import { HUB_BUCKETS, listBuckets } from "./hub-statements.ts";
import { policyDocument } from "./policy-document.ts";

const { desired } = HUB_BUCKETS;
const published = [`${desired}/desired/*`];

export const publisherPolicy = policyDocument([
  {
    // A put without a condition would undo another's sync unseen. The bucket's policy refuses it as well, to everybody.
    Sid: "NeverWriteUnseen",
    Effect: "Deny",
    Action: ["s3:PutObject"],
    Resource: published,
    Condition: { Null: { "s3:if-none-match": true, "s3:if-match": true } },
  },
  listBuckets([desired]),
  {
    // A write on condition that nothing changed (If-Match) takes the right to read as well.
    Sid: "PublishDesiredState",
    Effect: "Allow",
    Action: ["s3:GetObject", "s3:PutObject"],
    Resource: published,
  },
  {
    Sid: "SignHead",
    Effect: "Allow",
    Action: ["kms:Sign"],
    Resource: ["${SyncKey}"],
    Condition: { StringEquals: { "kms:SigningAlgorithm": "ECDSA_SHA_256", "kms:MessageType": "DIGEST" } },
  },
  {
    Sid: "ReadSyncKey",
    Effect: "Allow",
    Action: ["kms:DescribeKey", "kms:GetPublicKey"],
    Resource: ["${SyncKey}"],
  },
]);
