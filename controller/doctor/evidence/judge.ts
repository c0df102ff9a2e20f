import { HoldfastError } from "../../domain/errors.ts";
import type { Instant } from "../../domain/identity.ts";
import type { Verdict } from "../../domain/verdict.ts";
import type { Memory } from "../../ports.ts";
import type { Retention } from "../../retention.ts";
import { judgeTransport } from "../bucket/judge.ts";
import type { BucketFacts, Lock } from "../bucket/read.ts";
import { versioningOn } from "../desired/judge.ts";
import type { Fact } from "../fact.ts";
import { subject, type Finding, type Subject } from "../finding.ts";
import { comparePolicies } from "../policies/compare.ts";
import type { Said } from "../policies/document.ts";

export interface EvidenceFacts {
  readonly url: string;
  /** Absent: it is a folder. */
  readonly bucket?: BucketFacts & { readonly lock: Fact<Lock | null | undefined> };
  /** What every object is put with; absent: the bucket's own default is all there is. */
  readonly retention?: Retention;
  /** The last report, verified with its link, or why not. */
  readonly head: Fact<Memory["head"] | HoldfastError>;
  /** As of the desired state's signature. */
  readonly keys: "checked" | "pinned" | "none";
  /** By the store's clock. */
  readonly now: Instant;
}

/** Whether what is put there stays there, and whether the chain goes on. `reviewed`: the refusals that the hub stack gives the bucket. */
export function judgeEvidence(facts: EvidenceFacts, reviewed: readonly Said[]): readonly Finding[] {
  const of = subject(`evidence ${facts.url}`);
  return [
    ...(facts.bucket ? judgeBucket(of, facts.bucket, facts, reviewed) : []),
    ...of.judge("evidence.chain", "the last report", facts.head, (head) => judgeChain(of, head, facts)),
  ];
}

function judgeBucket(
  of: Subject,
  bucket: NonNullable<EvidenceFacts["bucket"]>,
  facts: EvidenceFacts,
  reviewed: readonly Said[],
): readonly Finding[] {
  return [
    ...of.judge("evidence.versioning", "whether it keeps versions", bucket.versioned, (versioned) =>
      versioned
        ? of.ok("evidence.versioning", "it keeps every version")
        : of.wrong("evidence.versioning", {
            says: "it keeps no versions",
            why: "nothing there can be locked, and what is overwritten is gone",
            fix: versioningOn(bucket.name),
          }),
    ),
    ...of.judge("evidence.lock", "its lock", bucket.lock, (lock) => judgeLock(of, lock, bucket.name, facts.retention)),
    ...judgeTransport(of, "evidence.transport", bucket),
    ...of.judge("evidence.refusals", "its policy", bucket.policy, (policy) =>
      judgeRefusals(of, policy, bucket.name, facts.retention, reviewed),
    ),
  ];
}

function judgeLock(
  of: Subject,
  lock: Lock | null | undefined,
  bucket: string,
  retention: Retention | undefined,
): Finding {
  const wanted: Retention = retention ?? { mode: "GOVERNANCE", days: 2557 };
  const fix = `aws s3api put-object-lock-configuration --bucket ${bucket} --object-lock-configuration 'ObjectLockEnabled=Enabled,Rule={DefaultRetention={Mode=${wanted.mode},Days=${wanted.days}}}'`;
  if (!lock)
    return of.wrong("evidence.lock", {
      says: lock === null ? "it locks nothing by default" : "Object Lock is not on",
      why: "reports can be deleted by whoever may delete objects",
      fix,
    });
  const told = `${lock.mode.toLowerCase()}, ${lock.days} days`;
  if (retention && (lock.mode !== retention.mode || lock.days < retention.days))
    return of.warn("evidence.lock", {
      says: `it locks by default for ${told}, and the setting says ${retention.mode.toLowerCase()}, ${retention.days} days`,
      why: "what is put there without a lock of its own is kept for less than was decided",
      fix,
    });
  return of.ok("evidence.lock", `it locks what is put there: ${told}`);
}

/** What a missing refusal lets happen, by the name it has in the reviewed policy. */
const LETS: Readonly<Record<string, string>> = {
  KeepEveryReport: "reports can be deleted, or hidden under a delete marker",
  NoOtherWayIn: "replication can write there past every condition",
  NoOtherWayOut: "a lifecycle rule can expire reports, or the bucket be deleted",
  WriteOnce: "a report can be overwritten by a second version",
  NameAnotherChainOnCondition: "which keys the chain is verified by can be replaced unnoticed",
  LockEverything: "something can be put there without a lock",
  NoShorterLock: "something can be locked for less than was decided",
};

/** The bucket's refusals bind administrators too: each is looked for by what it says, not by what it is called. */
function judgeRefusals(
  of: Subject,
  policy: readonly Said[],
  bucket: string,
  retention: Retention | undefined,
  reviewed: readonly Said[],
): readonly Finding[] {
  const known = retention ? { LockMode: retention.mode, LockDays: String(retention.days - 1) } : {};
  const { missing } = comparePolicies(reviewed, policy, known);
  if (missing.length === 0) return [of.ok("evidence.refusals", `its policy has all ${reviewed.length} refusals`)];
  return missing.map(({ sid }) =>
    of.wrong("evidence.refusals", {
      says: `its policy lacks the refusal ${sid}`,
      why: LETS[sid] ?? "what was reviewed does not hold",
      fix: `npx cdk deploy of the stack that has the bucket puts it back; CloudTrail's PutBucketPolicy on ${bucket} says who took it away`,
    }),
  );
}

function judgeChain(
  of: Subject,
  head: Memory["head"] | HoldfastError,
  { keys, now }: EvidenceFacts,
): readonly Finding[] {
  if (head instanceof HoldfastError)
    return [
      of.wrong("evidence.chain", {
        says: head.message,
        why: "no run builds on what does not verify: none is made until that is mended",
        fix: "holdfast report verify names the file; what cannot be put back takes holdfast report rechain",
      }),
    ];
  if (head === null)
    return [
      of.warn("evidence.chain", {
        says: "there is no report yet",
        why: "nothing is remembered and nothing is proven; enforce waits for one report (rule 26)",
        fix: "start the first run: aws lambda invoke with the alias live, as infra/README.md says",
      }),
    ];
  const { sequence, publishedOn, report } = head;
  const due = report.chain.nextDueBefore;
  return [
    of.ok("evidence.chain", `report ${sequence} of ${publishedOn} verifies`),
    judgeResult(of, report.result),
    judgeKeys(of, keys),
    due < now
      ? of.wrong("evidence.due", {
          says: `the next report was due before ${due}, and it is ${now}`,
          why: "no run has come to its end since: drift stays, and the evidence has a gap",
          fix: "read what is wrong with the schedule and the controller, and what the function logged last",
        })
      : of.ok("evidence.due", `the next report is due before ${due}`),
  ];
}

/** Drift and holds are what reports are for; a run that failed, or could not look, is for doctor as well. */
const judgeResult = (of: Subject, result: Verdict): Finding =>
  result === "FAILED" || result === "INCOMPLETE"
    ? of.warn("evidence.result", {
        says: `the last run ended ${result}`,
        why: result === "FAILED" ? "something was not put right" : "part of the fleet was not looked at",
        fix: "holdfast report show says where and why",
      })
    : of.ok("evidence.result", `the last run ended ${result}`);

function judgeKeys(of: Subject, keys: EvidenceFacts["keys"]): Finding {
  switch (keys) {
    case "checked":
      return of.ok("evidence.keys", "it verifies by the pinned keys");
    case "pinned":
      return of.unknown("evidence.keys", {
        says: "it verifies by the keys that lie beside it; the controller's pinned keys are in its own package",
        why: "whoever could replace the one could replace the other",
        fix: "give doctor the same file: --trust keys.json",
      });
    case "none":
      return of.warn("evidence.keys", {
        says: "it verifies by the keys that lie beside it, and none are pinned",
        why: "whoever can write the bucket could have replaced both",
        fix: "commit its keys.json, name it in the setting trust.reports of cdk.json, and run npx cdk deploy holdfast-hub",
      });
    default:
      return keys satisfies never;
  }
}
