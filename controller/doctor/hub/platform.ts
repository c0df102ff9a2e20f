import type { Call } from "../../aws/operation.ts";
import { readAlarms, type AlarmFacts } from "../alarm/read.ts";
import { judgeAlarms } from "../alarm/judge.ts";
import { judgeEvents } from "../events/judge.ts";
import { readEvents, type EventWay } from "../events/read.ts";
import type { Fact } from "../fact.ts";
import type { Finding } from "../finding.ts";
import { judgeEngine } from "../engine/judge.ts";
import { readEngine, type Engine } from "../engine/read.ts";
import { judgeFunction } from "../function/judge.ts";
import { readFunction, type LiveFunction } from "../function/read.ts";
import { judgeSchedule, type ScheduleFacts } from "../schedule/judge.ts";
import { readDepth, readSchedules } from "../schedule/read.ts";

/** What starts runs, carries them, and wakes somebody when none comes. */
export interface Platform {
  readonly schedule: ScheduleFacts;
  /** ARN of the controller's alias, as the schedule or the caller names it; absent: nobody named one. */
  readonly alias?: string;
  readonly controller: Fact<LiveFunction | undefined>;
  /** What the controller hands large runs to; absent: it carries all of them itself. */
  readonly engine?: Engine;
  /** What looks where events say; absent: nothing does. */
  readonly events?: EventWay;
  readonly alarms: AlarmFacts;
}

/** Reads it all. `named`: the function's alias by the caller's word, which counts more than the schedule's. */
export async function readPlatform(call: Call, named: string | undefined): Promise<Platform> {
  const [schedules, alarms] = await Promise.all([readSchedules(call), readAlarms(call)]);
  const found = schedules.seen ? schedules.value : [];
  const alias = named ?? found.find(({ target }) => target.includes(":function:"))?.target;
  const queues = new Set(found.flatMap(({ deadLetters }) => deadLetters ?? []));
  const [controller, ...depths] = await Promise.all([
    alias === undefined ? NO_FUNCTION : readFunction(call, alias),
    ...[...queues].map(async (arn) => [arn, await readDepth(call, arn)] as const),
  ]);
  const live = controller.seen ? controller.value : undefined;
  const [engine, events] = await Promise.all([live && readEngine(call, live), live && readEvents(call, live)]);
  return {
    schedule: { schedules, depths: new Map(depths) },
    ...(alias === undefined ? {} : { alias }),
    controller,
    ...(engine ? { engine } : {}),
    ...(events ? { events } : {}),
    alarms,
  };
}

const NO_FUNCTION: Fact<LiveFunction | undefined> = { seen: true, value: undefined };

/** The function as far as it is known. */
export const controllerOf = ({ controller }: Platform): LiveFunction | undefined =>
  controller.seen ? controller.value : undefined;

/** `given`: settings that doctor was called with, by their names in the environment. */
export const judgePlatform = (
  { schedule, alias, controller, engine, events, alarms }: Platform,
  given: Readonly<Record<string, string | undefined>>,
): readonly Finding[] => [
  ...judgeSchedule(schedule),
  ...(alias === undefined ? [] : judgeFunction(alias, controller, given)),
  ...(engine && controller.seen && controller.value ? judgeEngine(engine, controller.value) : []),
  ...(events && controller.seen && controller.value ? judgeEvents(events, controller.value) : []),
  ...judgeAlarms(alarms),
];
