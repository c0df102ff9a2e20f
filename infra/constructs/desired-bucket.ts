import type { Construct } from "constructs";
import type { Statement } from "../policy-document.ts";
import { PrivateBucket } from "./bucket.ts";

/** Where `holdfast sync` publishes commits, every version kept. */
export const desiredBucket = (scope: Construct, id: string, publishers: readonly string[]): PrivateBucket =>
  new PrivateBucket(scope, id, { versioned: true }, (arn) => (publishers.length === 0 ? [] : publish(arn, publishers)));

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
