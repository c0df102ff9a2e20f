import { randomBytes } from "node:crypto";
import { Logger } from "@aws-lambda-powertools/logger";
import { HoldfastError } from "../domain/errors.ts";
import type { Digest } from "../domain/identity.ts";
import type { Log, World } from "../ports.ts";
import { readSettings, type Settings } from "../settings.ts";
import { createWorld } from "../world.ts";
import type { Surroundings } from "../world/ground.ts";

/** As much of Lambda's context as our functions need. */
export interface LambdaContext {
  readonly awsRequestId: string;
  getRemainingTimeInMillis(): number;
}

/** No new work is started in the last minute: what was begun still has to be concluded, reported and published (design §9). */
const RESERVE_MS = 60_000;
/** Milliseconds from now after which an invocation sends nothing any more. */
export const timeLeft = (context: LambdaContext): number => context.getRemainingTimeInMillis() - RESERVE_MS;

export const logger = new Logger({ serviceName: "holdfast" });

export const log: Log = (event, fields = {}) => logger.info(event, { ...fields });

export interface Opened {
  readonly settings: Settings;
  readonly world: World;
  /** Monotonic milliseconds of the world's clock. */
  readonly deadline: number;
}

/** The world as HOLDFAST_* in the environment says, for as long as this invocation lasts. */
export async function openWorld(
  context: LambdaContext,
  how: Pick<Surroundings, "traffic"> & { readonly imageDigest: Digest },
  create = createWorld,
): Promise<Opened> {
  const deadlineIn = timeLeft(context);
  const settings = readSettings({}, process.env);
  const world = await create(settings, { progress: () => {}, log, deadlineIn, notices: {}, ...how });
  return { settings, world, deadline: world.clock.monotonic() + deadlineIn };
}

/** An invocation that Lambda delivers twice is two: each has something of its own in its name. */
export const uniqueTo = ({ awsRequestId }: LambdaContext): string =>
  `${awsRequestId}-${randomBytes(4).toString("hex")}`;

/** Says why a function fails, so that Lambda counts an error and people find the reason. */
export async function toldIfFailed<T>(event: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    logger.error(event, { code: error instanceof HoldfastError ? error.code : "internal", error: error as Error });
    throw error;
  }
}
