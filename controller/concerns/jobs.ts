import { concernId, type Seen } from "../domain/concern.ts";
import { Target } from "../domain/identity.ts";
import type { ReportBody } from "../domain/report.ts";
import { type FailedJob, type Jobs, workOf } from "../domain/survey.ts";
import { causeOf } from "./causes.ts";

/** Every section that tells how jobs ended: of the whole fleet's, or of a part's since then. */
export const jobsTold = ({ jobs, jobsSinceSurvey }: ReportBody): readonly Pick<Jobs, "failed" | "mended">[] =>
  jobsSinceSurvey ? [jobs, jobsSinceSurvey] : [jobs];

/** Jobs that ended badly and that no later one made up for: of each work its last. */
export function* jobConcerns(failed: readonly FailedJob[]): Generator<Seen> {
  const open = failed.filter(({ retriedBy }) => retriedBy === undefined);
  for (const [work, jobs] of Map.groupBy(open, workOf)) {
    const last = jobs.reduce((a, b) => (b.on > a.on ? b : a));
    const cause = causeOfJob(last);
    const target = last.target ?? targetIn(last.arn);
    yield {
      id: concernId({ job: work }),
      cause,
      severity: causeOf(cause).severity,
      ...(target ? { target } : {}),
      subject: last.arn,
      count: 1,
      ...(last.owner === undefined ? {} : { owner: last.owner }),
      because: sentence(last),
      fix: fixOf(last),
      basis: { by: "job", work, endedOn: last.on },
    };
  }
}

/** Failed, expired, aborted, partial, and completed with a message are different things (semantics §5.4). */
function causeOfJob({ kind, state }: FailedJob): string {
  switch (state) {
    case "EXPIRED":
    case "ABORTED":
      return kind === "backup" ? `backup-${state.toLowerCase()}` : "copy-failed";
    case "PARTIAL":
      return `${kind}-partial`;
    case "COMPLETED":
      return `${kind}-completed-with-message`;
    default:
      return `${kind}-failed`;
  }
}

/** Where an ARN says its resource is. That of a bucket does not. */
function targetIn(arn: string): Target | undefined {
  const [, , , region, account] = arn.split(":");
  const target = Target.safeParse({ account, region });
  return target.success ? target.data : undefined;
}

function sentence({ kind, jobId, state, message, plan, destination }: FailedJob): string {
  const by = plan === undefined ? "" : ` of plan ${plan}`;
  const to = destination === undefined ? "" : ` to ${destination}`;
  const said = message === "" ? "AWS Backup says no more than that" : message;
  return `${kind} job ${jobId}${by}${to} ended as ${state}: ${said}`;
}

/** By what AWS Backup says of it (semantics §5.5). The first that fits. */
const ADVICE: readonly (readonly [RegExp, string])[] = [
  [/iam|role|not authorized|access denied|permission/i, "give the plan's role the rights that the message names"],
  [/lifecycle|retention/i, "bring the rule's lifecycle within the vault's lock, or change the lock's bounds"],
  [/running job|already in progress/i, "let the other job end, or move one rule's schedule"],
  [/vault .*does not exist|cannot find .*vault/i, "make the vault that the rule names, or name another"],
  [/kms|key/i, "let the role use the key of the vault and of the resource"],
  [/versioning|eventbridge|notifications/i, "turn versioning and EventBridge notifications of the bucket on"],
];

function fixOf({ kind, state, message }: FailedJob): string {
  const advice = ADVICE.find(([text]) => text.test(message))?.[1];
  if (advice !== undefined) return `${advice}; it is over once a later ${kind} of it completes`;
  if (state === "EXPIRED") return "widen the rule's start window, or spread the schedules of what starts together";
  if (state === "ABORTED") return `find out who stopped it in CloudTrail, and start the ${kind} again`;
  return `look at the job in AWS Backup, mend what it names, and start the ${kind} again`;
}
