import { randomBytes } from "node:crypto";
import { Logger } from "@aws-lambda-powertools/logger";
import { createClients } from "../aws/clients.ts";
import { createControllerCall } from "../aws/fleet.ts";
import { createPacing } from "../aws/pacing.ts";
import { HoldfastError } from "../domain/errors.ts";
import { systemClock } from "../local/clock.ts";
import { rotate, RotationEvent } from "../rotation/rotate.ts";

interface Context {
  readonly awsRequestId: string;
  getRemainingTimeInMillis(): number;
}

const logger = new Logger({ serviceName: "holdfast" });

/**
 * One step of rotating the secret that webhooks are signed with, as Secrets Manager calls for it. Rejects where the step could not be
 * taken, so that Secrets Manager tries the rotation again and Lambda counts an error. No value is ever logged.
 */
export async function handler(event: unknown, context: Context): Promise<void> {
  logger.appendKeys({ request: context.awsRequestId });
  try {
    const asked = RotationEvent.parse(event);
    const ended = await rotate(asked, callFor(context), randomBytes);
    logger.info("rotation-step", {
      step: asked.Step,
      secret: asked.SecretId,
      version: asked.ClientRequestToken,
      ended,
    });
  } catch (error) {
    logger.error("rotation-failed", {
      code: error instanceof HoldfastError ? error.code : "internal",
      error: error as Error,
    });
    throw error;
  }
}

/** Milliseconds kept for the answer. */
const RESERVE_MS = 2_000;

/** With the function's own credentials, in its own Region. */
function callFor(context: Context) {
  const region = process.env["AWS_REGION"];
  if (region === undefined) throw new HoldfastError("setting-refused", "AWS_REGION is not set, as Lambda sets it");
  return createControllerCall({
    clients: createClients({ region, allowHttp: false }),
    clock: systemClock,
    pacing: createPacing(systemClock),
    deadline: systemClock.monotonic() + context.getRemainingTimeInMillis() - RESERVE_MS,
    random: Math.random,
  });
}
