import { type DurableContext, withDurableExecution } from "@aws/durable-execution-sdk-js";
import * as z from "zod";
import { durableEngine } from "../engines/durable/durable.ts";
import { HoldfastError } from "../domain/errors.ts";
import { metricsOfFailure, metricsOfStandDown } from "../metrics/of-failure.ts";
import { metricsOfReport, toldBy } from "../metrics/of-report.ts";
import { metric, type Metric } from "../metrics/table.ts";
import type { OwnReport } from "../ports.ts";
import { perform } from "../reconcile.ts";
import { isStandalone, readSettings } from "../settings.ts";
import type { Concluded } from "../stages/publish.ts";
import { VERSION } from "../version.ts";
import { codeDigest } from "./code-digest.ts";
import { tellRun } from "./metered.ts";
import { log, logger, openWorld, toldIfFailed, uniqueTo, type Opened } from "./opening.ts";

/** What the controller starts an execution with: the run it is to be. */
export const CoordinatorEvent = z.strictObject({ run: z.string().min(1) });
export type CoordinatorEvent = z.infer<typeof CoordinatorEvent>;

const imageDigest = codeDigest(import.meta.url);

/** The whole sentence over the whole fleet, as a durable execution: it survives whatever ends its processes. */
async function coordinate(event: unknown, context: DurableContext): Promise<Concluded> {
  context.configureLogger({ customLogger: logger });
  return toldIfFailed("run-failed", async () => {
    const { run } = CoordinatorEvent.parse(event);
    logger.appendKeys({ run });
    const { lambdaContext } = context;
    let opened: Promise<Opened> | undefined;
    const engine = durableEngine({
      context,
      run: {
        id: run,
        trigger: "schedule",
        reporter: { id: "holdfast/lambda", version: VERSION },
        standalone: isStandalone(readSettings({}, process.env)),
      },
      open: () => (opened ??= openWorld(lambdaContext, { imageDigest })),
      worker: workerArn(process.env),
      attempt: uniqueTo(lambdaContext),
      concluded: ({ published, calls }) => tellRun(run, log, published ? metricsOf(published, calls) : []),
    });
    try {
      const concluded = await perform(engine);
      if (concluded.ended === "stood-down") await tellRun(run, log, metricsOfStandDown());
      context.logger.info("run-concluded", { ...concluded });
      return concluded;
    } catch (error) {
      await tellRun(run, log, metricsOfFailure(error instanceof HoldfastError ? error.code : "internal"));
      throw error;
    }
  });
}

/** What a run came to, in numbers, as the controller tells of its own. */
const metricsOf = (published: OwnReport, calls: Readonly<Record<string, number>>): readonly Metric[] => [
  ...metricsOfReport(toldBy(published)),
  metric(
    "ApiCalls",
    Object.values(calls).reduce((sum, count) => sum + count, 0),
  ),
];

export const handler = withDurableExecution(coordinate);

function workerArn({ HOLDFAST_WORKER: arn }: Readonly<Record<string, string | undefined>>): string {
  if (arn) return arn;
  throw new HoldfastError(
    "setting-refused",
    "HOLDFAST_WORKER does not say which function carries shards: set it to the qualified ARN of the worker's alias, as the hub stack does with the setting engine: durable",
  );
}
