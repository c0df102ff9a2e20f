import { subject, type Finding, type Subject } from "../finding.ts";
import { judgeCarrying } from "../function/judge.ts";
import { judgeAgreement, judgeSameRole } from "../function/likeness.ts";
import type { LiveFunction } from "../function/read.ts";
import { liveIn } from "../engine/read.ts";
import { urlOf } from "../queue-url.ts";
import type { EventWay, LiveQueue, Mapping } from "./read.ts";

const DEPLOY = "npx cdk deploy holdfast-hub, which sets it as reviewed";
const LATE = "what AWS Backup does is found out by the schedule alone, hours later";

/** Times what the function may take that a message stays hidden (Lambda Developer Guide, "Using Lambda with Amazon SQS"). */
const HIDDEN_FOR = 6;

/** Whether what AWS Backup tells is heard, and what becomes of what cannot be dealt with. */
export function judgeEvents(way: EventWay, controller: LiveFunction): readonly Finding[] {
  const of = subject(`events ${way.arn.split(":").slice(6).join(":")}`);
  return [
    ...of.judge("events.exists", "its configuration", way.live, (live) =>
      live === undefined
        ? of.wrong("events.exists", {
            says: "there is no such function or alias, and HOLDFAST_EVENTS of the controller names it",
            why: LATE,
            fix: "npx cdk deploy holdfast-hub, in this account and Region",
          })
        : [
            ...judgeCarrying(of, live),
            judgeSameRole(of, "events.role", live, controller),
            ...judgeAgreement(of, EVENT_RUNS, { live, controller }),
          ],
    ),
    ...of.judge("events.mapping", "what brings it events", way.mappings, (mappings) =>
      mappings.length === 0
        ? of.wrong("events.mapping", {
            says: "nothing brings it events: it has no event source mapping",
            why: LATE,
            fix: "npx cdk deploy holdfast-hub, with the setting eventBus",
          })
        : mappings.flatMap((mapping) => judgeMapping(of, mapping, way)),
    ),
  ];
}

const EVENT_RUNS = {
  check: "events.settings",
  why: "event runs do not look where the others do",
  fix: DEPLOY,
} as const;

function judgeMapping(of: Subject, mapping: Mapping, way: EventWay): readonly Finding[] {
  const { id, state, partialFailures } = mapping;
  return [
    state === "Enabled" || state === "Enabling" || state === "Updating" || state === "Creating"
      ? of.ok("events.mapping", `its mapping is ${state.toLowerCase()}`)
      : of.wrong("events.mapping", {
          says: `its mapping is ${state === "" ? "in no known state" : state.toLowerCase()}`,
          why: LATE,
          fix: `aws lambda update-event-source-mapping --uuid ${id} --enabled; where keys are not pinned yet, name them in the setting trust and run npx cdk deploy holdfast-hub`,
        }),
    partialFailures
      ? of.ok("events.partial", "what it could not deal with comes again by itself")
      : of.wrong("events.partial", {
          says: "its mapping does not report single failures (ReportBatchItemFailures)",
          why: "what the function gives back counts as dealt with and is deleted",
          fix: DEPLOY,
        }),
    ...judgeRoom(of, mapping, way),
    ...judgeQueue(mapping, way),
  ];
}

/** A batch that the function refuses is counted against its messages as if they had been bad. */
function judgeRoom(of: Subject, { concurrency }: Mapping, way: EventWay): readonly Finding[] {
  const live = liveIn(way);
  if (live === undefined) return [];
  return of.judge("events.concurrency", "its reserved concurrency", live.reserved, (reserved) => {
    if (reserved === 0)
      return of.wrong("events.concurrency", {
        says: "its reserved concurrency is 0",
        why: "Lambda refuses every batch, and good events are given up by and by: somebody stopped it",
        fix: `to stop it disable its mapping; else aws lambda put-function-concurrency --function-name ${live.name} --reserved-concurrent-executions 2`,
      });
    const brought = concurrency ?? Number.POSITIVE_INFINITY;
    return brought <= (reserved ?? Number.POSITIVE_INFINITY)
      ? of.ok("events.concurrency", `${concurrency ?? "as many as there are"} batches at once, and room for each`)
      : of.wrong("events.concurrency", {
          says: `its mapping brings ${concurrency ?? "any number of"} batches at once, and ${reserved} may run`,
          why: "what is refused counts as tried, and good events are given up by and by",
          fix: DEPLOY,
        });
  });
}

function judgeQueue({ source, gatheredForSeconds }: Mapping, way: EventWay): readonly Finding[] {
  const of = subject(`event queue ${nameIn(source)}`);
  const timeout = liveIn(way)?.timeoutSeconds ?? 0;
  const fact = way.queues.get(source);
  if (fact === undefined) return [];
  return of.judge("events.queue", "its settings", fact, (queue) => {
    if (queue === undefined)
      return of.wrong("events.queue", {
        says: "it does not exist",
        why: LATE,
        fix: "npx cdk deploy holdfast-hub, which makes it anew",
      });
    return [
      of.ok("events.queue", queue.waiting === 0 ? "it is empty" : `${queue.waiting} events wait in it`),
      queue.hiddenForSeconds >= HIDDEN_FOR * timeout + gatheredForSeconds
        ? of.ok("events.hidden", `what is being dealt with stays hidden for ${queue.hiddenForSeconds} s`)
        : of.warn("events.hidden", {
            says: `what is being dealt with comes again after ${queue.hiddenForSeconds} s`,
            why: "a run that takes its time is begun once more beside itself, and good events are given up by and by",
            fix: DEPLOY,
          }),
      ...judgeDeadLetters(of, queue, way),
    ];
  });
}

function judgeDeadLetters(of: Subject, { deadLetters }: LiveQueue, way: EventWay): readonly Finding[] {
  if (deadLetters === undefined)
    return [
      of.warn("events.dead-letters", {
        says: "what cannot be dealt with is not moved aside",
        why: "it comes again for as long as it lasts, and nobody is told",
        fix: DEPLOY,
      }),
    ];
  const aside = subject(`lost events ${nameIn(deadLetters.arn)}`);
  const fact = way.queues.get(deadLetters.arn);
  if (fact === undefined) return [];
  return aside.judge("events.lost", "what waits in it", fact, (queue) => {
    if (queue === undefined)
      return aside.wrong("events.lost", {
        says: "it does not exist",
        why: "what cannot be dealt with comes again for as long as it lasts",
        fix: "npx cdk deploy holdfast-hub, which makes it anew",
      });
    return queue.waiting === 0
      ? aside.ok("events.lost", "it is empty")
      : aside.warn("events.lost", {
          says: `${queue.waiting} ${queue.waiting === 1 ? "event was" : "events were"} given up after ${deadLetters.receives} tries`,
          why: "each is of a shape that nobody knows, or met a fault that lasted; the schedule found what they were about",
          fix: `read what the function logged at those times; then aws sqs start-message-move-task --source-arn ${deadLetters.arn}, or aws sqs purge-queue --queue-url ${urlOf(deadLetters.arn)}`,
        });
  });
}

const nameIn = (arn: string): string => arn.split(":").at(-1) ?? arn;
