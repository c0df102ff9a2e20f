import type { Fact } from "../fact.ts";
import { subject, type Finding } from "../finding.ts";
import { urlOf } from "../queue-url.ts";
import { SCHEDULE_GROUP, type Schedule } from "./read.ts";

/** Scheduler tries 185 times in a day by itself; a loop that looks at everything each time wants none of it. */
const MOST_RETRIES = 2;

export interface ScheduleFacts {
  readonly schedules: Fact<readonly Schedule[]>;
  /** Of each queue that keeps failed starts, by ARN. */
  readonly depths: ReadonlyMap<string, Fact<number | undefined>>;
}

/** Whether anything starts a run, and what becomes of starts that fail. */
export function judgeSchedule({ schedules, depths }: ScheduleFacts): readonly Finding[] {
  const group = subject(`schedule group ${SCHEDULE_GROUP}`);
  return [
    ...group.judge("schedule.exists", "its schedules", schedules, (found) =>
      found.length === 0
        ? group.wrong("schedule.exists", {
            says: "it has no schedule",
            why: "nothing starts a run: drift stays, and no report is made",
            fix: "npx cdk deploy holdfast-hub, in this account and Region",
          })
        : found.flatMap(judgeOne),
    ),
    ...[...depths].flatMap(([arn, depth]) => judgeQueue(arn, depth)),
  ];
}

function judgeOne(schedule: Schedule): readonly Finding[] {
  const { name, enabled, expression, timeZone, deadLetters, retries } = schedule;
  const of = subject(`schedule ${SCHEDULE_GROUP}/${name}`);
  return [
    enabled
      ? of.ok("schedule.enabled", `it is enabled: ${expression}, ${timeZone}`)
      : of.wrong("schedule.enabled", {
          says: "it is disabled",
          why: "nothing starts a run: drift stays, and no report is made",
          fix: "name the pinned keys in the setting trust of cdk.json and run npx cdk deploy holdfast-hub",
        }),
    isQualified(schedule)
      ? of.ok("schedule.target", `it starts ${nameOf(schedule.target)}`)
      : of.wrong("schedule.target", {
          says: `it starts ${schedule.target}, which names no alias`,
          why: "whatever was uploaded last runs, reviewed or not, and a durable function cannot be started like that",
          fix: "npx cdk deploy holdfast-hub, which points the schedule at the alias live",
        }),
    deadLetters === undefined
      ? of.warn("schedule.dead-letters", {
          says: "starts that fail are not kept",
          why: "a run that never began leaves no trace but its absence",
          fix: "npx cdk deploy holdfast-hub, which gives the schedule the failure queue",
        })
      : of.ok("schedule.dead-letters", "starts that fail are kept in the failure queue"),
    retries === undefined || retries > MOST_RETRIES
      ? of.warn("schedule.retries", {
          says: `a start that fails is tried again ${retries === undefined ? "185" : retries} times`,
          why: "late starts pile up behind the next run, which looks at everything anyway",
          fix: `set schedule.retryAttempts to ${MOST_RETRIES} or less in cdk.json and run npx cdk deploy holdfast-hub`,
        })
      : of.ok("schedule.retries", `a start that fails is tried again ${retries} times`),
  ];
}

/** `arn:aws:lambda:REGION:ACCOUNT:function:NAME:ALIAS`. */
export const isQualified = ({ target }: Pick<Schedule, "target">): boolean => target.split(":").length === 8;
const nameOf = (arn: string): string => arn.split(":").slice(6).join(":");

function judgeQueue(arn: string, depth: Fact<number | undefined>): readonly Finding[] {
  const queue = subject(`failure queue ${arn.split(":").at(-1) ?? arn}`);
  return queue.judge("failures.depth", "what waits in it", depth, (waiting) => {
    if (waiting === undefined)
      return queue.wrong("failures.depth", {
        says: "it does not exist",
        why: "starts that fail, and events of runs that failed, are lost",
        fix: "npx cdk deploy holdfast-hub, which makes it anew",
      });
    if (waiting === 0) return queue.ok("failures.depth", "it is empty");
    return queue.warn("failures.depth", {
      says: `${waiting} ${waiting === 1 ? "start or event waits" : "starts or events wait"} in it`,
      why: "runs did not begin, or failed without a report",
      fix: `read what the function logged at those times, then aws sqs purge-queue --queue-url ${urlOf(arn)}`,
    });
  });
}
