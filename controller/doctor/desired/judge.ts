import { HoldfastError } from "../../domain/errors.ts";
import type { SourceSnapshot } from "../../ports.ts";
import { judgeTransport } from "../bucket/judge.ts";
import type { BucketFacts } from "../bucket/read.ts";
import type { Fact } from "../fact.ts";
import { subject, type Finding, type Subject } from "../finding.ts";
import { allowedTo } from "../policies/allows.ts";

export interface DesiredFacts {
  readonly url: string;
  /** Absent: it is a folder. */
  readonly bucket?: BucketFacts;
  /** As a run would read it: every file, every digest, the signature. */
  readonly snapshot: Fact<SourceSnapshot | HoldfastError>;
  /** keys: it was checked against them; pinned: the controller's own are out of reach here; none: nobody checks. */
  readonly signature: "checked" | "pinned" | "none";
}

/** Whether there is a desired state, whole and signed, and who may change it. */
export function judgeDesired({ url, bucket, snapshot, signature }: DesiredFacts): readonly Finding[] {
  const of = subject(`desired state ${url}`);
  return [
    ...(bucket ? judgeBucket(of, bucket) : []),
    ...of.judge("desired.revision", "what is published there", snapshot, (found) =>
      found instanceof HoldfastError
        ? of.wrong("desired.revision", {
            says: found.message,
            why: "a run that cannot read what should be changes nothing, and reports itself as failed",
            fix: `publish the newest commit: holdfast sync --to ${url} --sync-signer KEY`,
          })
        : [of.ok("desired.revision", revisionText(found)), ...(bucket ? [judgeSignature(of, signature)] : [])],
    ),
  ];
}

const revisionText = ({ revision, files }: SourceSnapshot): string => {
  const commit = revision.commit === null ? "of no commit" : `commit ${revision.commit.slice(0, 12)}`;
  const sequence = revision.sequence === null ? "" : `, HEAD ${revision.sequence}`;
  return `${files.length} files, ${commit}${sequence}, all as published`;
};

function judgeSignature(of: Subject, signature: DesiredFacts["signature"]): Finding {
  switch (signature) {
    case "checked":
      return of.ok("desired.signature", "a trusted sync key signed it");
    case "pinned":
      return of.unknown("desired.signature", {
        says: "who signed it was not checked here: the controller's pinned keys are in its own package",
        why: "an unsigned revision stops every run",
        fix: "give doctor the same file: --sync-trust sync-keys.json",
      });
    case "none":
      return of.warn("desired.signature", {
        says: "nobody checks who signed it",
        why: "whoever can write the bucket decides what backups should be",
        fix: "sync with --sync-signer, and pin that key: the setting trust.sync of cdk.json, or HOLDFAST_SYNC_TRUST",
      });
    default:
      return signature satisfies never;
  }
}

const judgeBucket = (of: Subject, bucket: BucketFacts): readonly Finding[] => [
  ...of.judge("desired.versioning", "whether it keeps versions", bucket.versioned, (versioned) =>
    versioned
      ? of.ok("desired.versioning", "it keeps every version")
      : of.warn("desired.versioning", {
          says: "it keeps no versions",
          why: "a revision that is overwritten or deleted there is gone",
          fix: versioningOn(bucket.name),
        }),
  ),
  ...judgeTransport(of, "desired.transport", bucket),
  ...of.judge("desired.writers", "its policy", bucket.policy, (policy) => judgeWriters(of, bucket, policy)),
];

export const versioningOn = (bucket: string): string =>
  `aws s3api put-bucket-versioning --bucket ${bucket} --versioning-configuration Status=Enabled`;

function judgeWriters(of: Subject, { name }: BucketFacts, policy: Parameters<typeof allowedTo>[0]): Finding {
  const writers = allowedTo(policy, "s3:PutObject");
  if (writers.includes("*"))
    return of.wrong("desired.writers", {
      says: "its policy lets anybody write there",
      why: "with a signature unchecked, anybody decides what backups should be",
      fix: `take that statement out: aws s3api get-bucket-policy --bucket ${name}, or npx cdk deploy holdfast-hub`,
    });
  const retired = writers.filter(isRetired);
  if (retired.length > 0)
    return of.warn("desired.writers", {
      says: `its policy lets ${retired.join(", ")} write there: a role that was deleted`,
      why: "the role that was made in its place is another one to AWS, and cannot publish",
      fix: "npx cdk deploy holdfast-hub after any change to publishers, or put the policy again by hand",
    });
  if (writers.length === 0)
    return of.warn("desired.writers", {
      says: "its policy lets nobody publish there",
      why: "only who has the right by the account's own policies can, an administrator say",
      fix: "name the role that holdfast sync runs as in the setting publishers of cdk.json, and run npx cdk deploy holdfast-hub",
    });
  return of.ok("desired.writers", `its policy lets ${writers.join(", ")} publish there`);
}

/** In place of a deleted role or user AWS shows its unique id (IAM User Guide, "AWS JSON policy elements: Principal"). */
export const isRetired = (principal: string): boolean => /^(AROA|AIDA)[A-Z0-9]+$/.test(principal);
