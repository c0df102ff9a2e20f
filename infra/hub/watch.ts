/* oxlint-disable no-new -- a construct joins its scope by being made */
import type { Construct } from "constructs";
import { Alarms } from "../constructs/alarms.ts";
import { Dashboard } from "../constructs/dashboard.ts";
import type { DeployedFunction } from "../constructs/deployed-function.ts";
import type { DurableEngine } from "../constructs/durable-engine.ts";
import type { EventConsumer } from "../constructs/event-consumer.ts";
import type { EventIntake } from "../constructs/event-intake.ts";
import type { Notifications } from "../constructs/notifications.ts";
import type { PrivateQueue } from "../constructs/queue.ts";
import { LONGEST_RUN } from "../longest-run.ts";
import { nextReportHours } from "../next-report.ts";
import type { Settings } from "../settings.ts";

/** What is looked after. */
interface Watched {
  readonly settings: Settings;
  readonly controller: DeployedFunction;
  readonly engine: DurableEngine | undefined;
  readonly events: EventConsumer | undefined;
  /** Name of the function that exchanges the webhooks' key. */
  readonly rotation: string;
  readonly failures: PrivateQueue;
  readonly intake: EventIntake;
  readonly notifications: Notifications;
}

/** Alarms for whoever is woken, and the page that they look at then. */
export function watch(scope: Construct, { settings, controller, engine, events, rotation, ...told }: Watched): void {
  const watched = {
    fleet: settings.fleet,
    functions: {
      controller: controller.name,
      ...(engine ? { coordinator: engine.coordinatorName } : {}),
      ...(events ? { events: events.name } : {}),
      rotation,
    },
    queues: {
      failures: told.failures.name,
      lost: told.intake.deadLetters.name,
      ...(events ? { events: told.intake.queue.name } : {}),
    },
    timeout: LONGEST_RUN.inline,
    longestRun: LONGEST_RUN[settings.engine],
  };
  const { arns } = new Alarms(scope, "Alarms", {
    ...watched,
    dueWithinHours: nextReportHours(settings),
    topic: told.notifications.topic,
  });
  new Dashboard(scope, "Dashboard", { ...watched, alarms: arns });
}
