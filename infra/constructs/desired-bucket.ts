import type { Construct } from "constructs";
import type { Statement } from "../policy-document.ts";
import { PrivateBucket } from "./bucket.ts";

/** Where `holdfast sync` publishes commits, every version kept. */
export const desiredBucket = (scope: Construct, id: string, publishers: readonly string[]): PrivateBucket =>
  new PrivateBucket(scope, id, { versioned: true }, (arn) => [
    refuseUnseenWrites(arn),
    ...(publishers.length === 0 ? [] : publish(arn, publishers)),
  ]);

/** Two syncs at once: the second must find out. Only the call that makes an object carries a condition, the parts of an upload do not. */
const refuseUnseenWrites = (bucket: string): Statement => ({
  Sid: "NeverWriteUnseen",
  Effect: "Deny",
  Principal: "*",
  Action: ["s3:PutObject"],
  Resource: [`${bucket}/*`],
  Condition: {
    Null: { "s3:if-none-match": true, "s3:if-match": true },
    BoolIfExists: { "s3:ObjectCreationOperation": true },
  },
});

/** Publishers write files and move the pointer, on conditions that take reading as well. What they sign, the sync key's policy says. */
const publish = (bucket: string, publishers: readonly string[]): readonly Statement[] => [
  {
    Sid: "PublishDesiredState",
    Effect: "Allow",
    Principal: { AWS: publishers },
    Action: ["s3:GetObject", "s3:PutObject"],
    Resource: [`${bucket}/*`],
  },
  {
    Sid: "ListDesiredState",
    Effect: "Allow",
    Principal: { AWS: publishers },
    Action: ["s3:ListBucket"],
    Resource: [bucket],
  },
];
