import { SETTING_NAMES } from "../../settings.ts";
import { subject, type Finding, type Subject } from "../finding.ts";
import { judgeAlone, judgeCarrying } from "../function/judge.ts";
import { judgeAgreement, judgeSameRole } from "../function/likeness.ts";
import type { LiveFunction } from "../function/read.ts";
import { isQualified } from "../schedule/judge.ts";
import { type Engine, liveIn, type Named } from "./read.ts";

/** Seconds that Lambda gives one invocation; what lasts no longer than that needs no durable function. */
const INVOCATION = 900;

const DEPLOY = "npx cdk deploy holdfast-hub, with the setting engine: durable";
const LARGE_RUNS = {
  check: "engine.settings",
  why: "large runs do not look where small ones do",
  fix: DEPLOY,
} as const;

/** Settings that a worker finds its part of a run by. It signs nothing, and reads no keys. */
const WORKERS_SETTINGS = [
  SETTING_NAMES.desiredState,
  SETTING_NAMES.evidence,
  SETTING_NAMES.work,
  SETTING_NAMES.retention,
];

/** Whether a run that is handed over is carried to its end, as the controller would have carried it. */
export function judgeEngine({ coordinator, worker }: Engine, controller: LiveFunction): readonly Finding[] {
  const [of, ofWorker] = [subjectOf("coordinator", coordinator), worker && subjectOf("worker", worker)];
  return [
    ...judgeNamed(of, coordinator, "HOLDFAST_COORDINATOR of the controller", (live) => [
      ...judgeCarrying(of, live),
      ...judgeAlone(of, live),
      judgeDurable(of, live),
      judgeSameRole(of, "engine.role", live, controller),
      ...judgeAgreement(of, LARGE_RUNS, { live, controller }),
      ...(worker === undefined ? [withoutWorker(of)] : []),
    ]),
    ...(worker && ofWorker
      ? judgeNamed(ofWorker, worker, "HOLDFAST_WORKER of the coordinator", (live) => [
          ...judgeCarrying(ofWorker, live),
          ...judgeRoom(ofWorker, live),
          judgeOwnRole(ofWorker, live, controller),
          ...judgeAgreement(ofWorker, LARGE_RUNS, { live, controller, names: WORKERS_SETTINGS }),
        ])
      : []),
  ];
}

const subjectOf = (called: string, { arn }: Named): Subject =>
  subject(`${called} ${arn.split(":").slice(6).join(":")}`);

/** What is there and reached by an alias is judged further. `by`: the setting that names it. */
function judgeNamed(
  of: Subject,
  named: Named,
  by: string,
  further: (live: LiveFunction) => readonly Finding[],
): readonly Finding[] {
  return of.judge("engine.exists", "its configuration", named.live, (live) => {
    if (live === undefined)
      return of.wrong("engine.exists", {
        says: `there is no such function or alias, and ${by} names it`,
        why: "a run that is handed over cannot be carried",
        fix: DEPLOY,
      });
    return [
      isQualified({ target: named.arn })
        ? of.ok("engine.exists", "it is reached by its alias")
        : of.wrong("engine.exists", {
            says: `${by} names no alias of it`,
            why: "Lambda starts no durable function like that, and a run under way would go on in whatever was uploaded last",
            fix: DEPLOY,
          }),
      ...further(live),
    ];
  });
}

function judgeDurable(of: Subject, { executionSeconds }: LiveFunction): Finding {
  if (executionSeconds === undefined)
    return of.wrong("engine.durable", {
      says: "it is no durable function",
      why: "a run that is handed over ends with its first invocation",
      // DurableConfig is set when a function is made (Lambda Developer Guide, "Configure Lambda durable functions").
      fix: "npx cdk deploy holdfast-hub with engine: inline, then again with engine: durable: only a new function can be made durable",
    });
  if (executionSeconds <= INVOCATION)
    return of.warn("engine.durable", {
      says: `an execution of it ends after ${executionSeconds} s`,
      why: "that is no longer than one invocation, and runs are handed over because they take longer",
      fix: DEPLOY,
    });
  return of.ok("engine.durable", `it is durable: an execution may take ${executionSeconds} s`);
}

/** What carries a shard may neither sign nor destroy (rule 24). */
const judgeOwnRole = (of: Subject, { role }: LiveFunction, controller: LiveFunction): Finding =>
  role === controller.role
    ? of.wrong("engine.role", {
        says: "it runs as the controller's role",
        why: "whoever gets hold of one shard's worker can sign reports, and destroy",
        fix: DEPLOY,
      })
    : of.ok("engine.role", "it runs as a role of its own");

/** As many run at once as there are shards under way. */
const judgeRoom = (of: Subject, { name, reserved }: LiveFunction): readonly Finding[] =>
  of.judge("function.concurrency", "its reserved concurrency", reserved, (count) =>
    count === 0
      ? of.wrong("function.concurrency", {
          says: "its reserved concurrency is 0",
          why: "Lambda refuses every shard: somebody stopped it",
          fix: `once it may run again: aws lambda delete-function-concurrency --function-name ${name}`,
        })
      : of.ok(
          "function.concurrency",
          count === undefined ? "none is reserved: shards share the account's" : `${count} shards at once`,
        ),
  );

const withoutWorker = (of: Subject): Finding =>
  of.wrong("engine.worker", {
    says: "its HOLDFAST_WORKER is not set",
    why: "it does not know what carries shards, so that every run handed over fails",
    fix: DEPLOY,
  });

/** The role of the workers, where there are any that could be read. */
export const workerRoleIn = ({ worker }: Engine): string | undefined => worker && liveIn(worker)?.role;
