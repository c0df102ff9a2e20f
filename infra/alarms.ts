/**
 * What wakes somebody, as data: the construct makes CloudWatch's alarms of it, and the table in infra/README.md is drawn from it. Few, so
 * that each is believed: what can wait for the morning is on the dashboard and in the report.
 */
import type { MetricName } from "../controller/metrics/table.ts";

/** The function an alarm is about: one that is not deployed is not watched. */
export type WatchedFunction = "controller" | "coordinator" | "events" | "rotation";
/** `lost`: what was given up of `events`. */
export type WatchedQueue = "failures" | "events" | "lost";

/** What an alarm goes by. */
export type Sign =
  /** A number that reports tell, not 0. It stands until a report tells another: silence changes nothing. */
  | { readonly of: "report"; readonly metric: MetricName }
  /** No heartbeat for as long as the schedule allows. */
  | { readonly of: "silence"; readonly metric: MetricName }
  /** An invocation failed; the next one that does not ends it. */
  | { readonly of: "errors"; readonly function: WatchedFunction }
  /** Starts are refused for longer than any run takes. */
  | { readonly of: "throttles"; readonly function: WatchedFunction }
  /** A run took this share of the time it may take. */
  | { readonly of: "duration"; readonly function: WatchedFunction; readonly share: number }
  /** There is a message in it. */
  | { readonly of: "queue"; readonly queue: WatchedQueue }
  /** Its oldest message has waited longer than any run and one more try take. */
  | { readonly of: "waiting"; readonly queue: WatchedQueue };

export interface AlarmFacts {
  /** The alarm is called `holdfast-ID`. */
  readonly id: string;
  readonly sign: Sign;
  /** What is known when it rings. */
  readonly means: string;
  /** What to do before anything else. */
  readonly first: string;
}

export const ALARMS: readonly AlarmFacts[] = [
  {
    id: "no-report",
    sign: { of: "silence", metric: "ReportsPublished" },
    means:
      "No report was published within the time in which one was due. Drift is not mended, and nobody knows how backups stand. It also rings from the deployment until the first report, and while the schedule is disabled.",
    first:
      "See whether the schedule in the group holdfast is enabled, then the controller's log for run-failed. Run it once by hand: aws lambda invoke against the alias live.",
  },
  {
    id: "run-failed",
    sign: { of: "report", metric: "RunsFailed" },
    means:
      "The last report says FAILED: a stage broke off, or AWS refused a change. What was not reached is as it was.",
    first: "Read the report: holdfast report. Its failure, and the changes that failed, say what AWS answered.",
  },
  {
    id: "run-without-report",
    sign: { of: "errors", function: "controller" },
    means:
      "A run ended without a report, or Lambda cut it short. What it did before is in its journal, and the next report will tell of it.",
    first:
      "Read run-failed in the controller's log: its code and message say what to mend. No such line: see for a timeout, or for memory.",
  },
  {
    id: "coordinator-failed",
    sign: { of: "errors", function: "coordinator" },
    means:
      "A run over many targets ended without a report. What its workers did is in their journals, and the next report will tell of it.",
    first: "Open the durable execution of the run in the Lambda console: the operation that failed has its error.",
  },
  {
    id: "start-refused",
    sign: { of: "throttles", function: "controller" },
    means:
      "Lambda has refused to start the controller for longer than any run takes. One runs at a time, so either the account's concurrency is used up or somebody has set the function's own to 0.",
    first:
      "Look at the function's reserved concurrency (1), and at the account's concurrent executions in this Region.",
  },
  {
    id: "failed-starts",
    sign: { of: "queue", queue: "failures" },
    means:
      "A start could not be delivered to Lambda, or a run failed and its event was kept. Nothing replays it: the next run looks at everything anyway.",
    first: "Read the message: it has the error. Once that is mended, or the next run went well, purge the queue.",
  },
  {
    id: "lost-events",
    sign: { of: "queue", queue: "lost" },
    means: "An event of AWS Backup was given up on after its tries. The next scheduled run finds what it was about.",
    first:
      "Read the message, and event-refused or events-failed in the events function's log of the time it was received. Redrive the queue once the cause is mended, or purge it: the schedule looks everywhere.",
  },
  {
    id: "events-failed",
    sign: { of: "errors", function: "events" },
    means:
      "A run that AWS Backup's events called for ended without a report, or Lambda cut it short. Its events come again, and the next scheduled run looks there anyway.",
    first: "Read events-failed in the events function's log: its code and message say what to mend.",
  },
  {
    id: "events-refused",
    sign: { of: "throttles", function: "events" },
    means:
      "Lambda has refused to start the events function for longer than any run takes. Two are reserved and no more are asked for, so somebody has set the function's concurrency lower. Good events are given up by and by.",
    first: "Set the function's reserved concurrency to 2 again, or deploy the hub.",
  },
  {
    id: "events-waiting",
    sign: { of: "waiting", queue: "events" },
    means:
      "An event has waited longer than any run and one more try take: nobody takes it from the queue. What AWS Backup does is found out by the schedule alone, hours later.",
    first:
      "See whether the queue's event source mapping is enabled, and whether another run has held the lease all the time: holdfast doctor tells both.",
  },
  {
    id: "evidence-altered",
    sign: { of: "report", metric: "EvidenceAltered" },
    means:
      "The chain of reports does not verify: a report was altered, removed or put in by somebody else, or the pinned keys are not the chain's. Nothing is destroyed and nothing published until that is settled.",
    first:
      "Treat it as an intrusion until shown otherwise. holdfast report verify says which report and why; CloudTrail's data events of the evidence bucket say who.",
  },
  {
    id: "evidence-refused",
    sign: { of: "report", metric: "EvidenceRefused" },
    means: "A run could not sign or store its report. Without evidence nothing is written to AWS Backup.",
    first:
      "Look for changes to the evidence bucket's policy, the key's policy and state, and the controller's role: the message of run-failed names the call that was refused.",
  },
  {
    id: "desired-state-unverified",
    sign: { of: "report", metric: "DesiredStateUnverified" },
    means: "The published desired state is not what its trusted keys signed. It is not acted on.",
    first:
      "See who wrote to the desired state's bucket. If it was the pipeline, publish again with holdfast sync; if a key was exchanged, deploy the hub with the new sync keys.",
  },
  {
    id: "accounts-unreachable",
    sign: { of: "report", metric: "AccountsUnreachable" },
    means: "The controller could not enter at least one account. What is in it is neither known nor mended.",
    first:
      "The report names the accounts and what STS answered: deploy holdfast-member there, or take the account out of the fleet.",
  },
  {
    id: "last-point-expiring",
    sign: { of: "report", metric: "LastPointsExpiring" },
    means: "The newest restorable point of some resource expires, and nothing will come after it (rule 1).",
    first: "Find it in the report (lastPointExpiring). Back the resource up now, or lengthen the point's life.",
  },
  {
    id: "rpo-breached",
    sign: { of: "report", metric: "RpoBreaches" },
    means:
      "The newest usable recovery point of some resource is older than its CoveragePolicy allows: what was written since would be lost.",
    first:
      "Find it in the report (rpo-breach): it says which plan should have backed it up and what came in between. holdfast explain on its ARN says more. With remedy: backUpNow the next run backs it up.",
  },
  {
    id: "restore-tests-overdue",
    sign: { of: "report", metric: "RestoreTestsOverdue" },
    means:
      "A class of resources has not been restored with success for longer than its RestoreTestingPlan asks, or a restored resource waits for its validator past the deadline. That backups can be restored is not known.",
    first:
      "The report names the class or the job (restore-untested, validation-overdue). See whether the testing plan runs and takes points of it, and what the validator's log says.",
  },
  {
    id: "restore-test-failed",
    sign: { of: "report", metric: "RestoreTestsFailed" },
    means:
      "A restore test failed, or its validator found that what was restored is not what it should be. The backups it was made from may be worth nothing.",
    first:
      "The report has AWS's message or the validator's. Restore a point of the same resource by hand, an older one as well.",
  },
  {
    id: "notices-failed",
    sign: { of: "report", metric: "NoticesFailed" },
    means: "A route of the Fleet's notifications could not be told. Who relies on it hears of nothing.",
    first:
      "The report's concern notice-failed names the route and what was answered. A refused webhook: make a new one, and put its address into the secret. Denied: what the route names must begin with holdfast, and the secret's name with holdfast/notify/.",
  },
  {
    id: "notice-address-old",
    sign: { of: "report", metric: "NoticeSecretsOld" },
    means:
      "A webhook's address in Secrets Manager has not been renewed for a year. Slack's and Teams' do not renew themselves, and whoever has seen one can write to the channel.",
    first:
      "Make a new webhook there, put its address into the secret (aws secretsmanager put-secret-value), and remove the old one.",
  },
  {
    id: "break-glass",
    sign: { of: "report", metric: "BreakGlassHolds" },
    means: "Somebody has set holdfast:suspend-until on a plan or vault by hand, and it keeps a change from being made.",
    first: "Ask who and why: the report names the resource and until when. Removing the tag ends it.",
  },
  {
    id: "near-timeout",
    sign: { of: "duration", function: "controller", share: 0.8 },
    means:
      "A run took four fifths of the time that Lambda allows. Runs that come to its end leave what is left to the next.",
    first:
      "Compare the run time on the dashboard with throttles and with the number of targets. A fleet that has grown takes engine: durable.",
  },
  {
    id: "rotation-failed",
    sign: { of: "errors", function: "rotation" },
    means: "The key that webhooks are signed with could not be exchanged. The one in use stays valid.",
    first:
      "Read the rotation function's log. Secrets Manager tries again by itself; aws secretsmanager rotate-secret tries now.",
  },
];

export const alarmName = ({ id }: Pick<AlarmFacts, "id">): string => `holdfast-${id}`;

/** As it comes with the message to whoever is woken. */
export const alarmDescription = ({ means, first }: Pick<AlarmFacts, "means" | "first">): string =>
  `${means}\n\nFirst: ${first}`;
