/** The one `.send` and the one retry loop. Every call to AWS passes through here. */
import { AwsError, HoldfastError, type AwsFailure } from "../domain/errors.ts";
import { instant, type Target } from "../domain/identity.ts";
import type { Attempt, Role } from "../domain/outcome.ts";
import type { Clock, Lease } from "../ports.ts";
import { impostor, troubleOf, type Trouble } from "./failures.ts";
import type { AnyOperation, Call, Pace } from "./operation.ts";
import type { Pacer } from "./pacing.ts";
import { nextStep } from "./retry.ts";

/** As much of an SDK client as a call takes. */
export interface SdkClient {
  send(command: object, options: { readonly requestTimeout: number }): Promise<object>;
  readonly config: { credentials(options?: { readonly forceRefresh?: boolean }): Promise<unknown> };
}

/** In whose name calls are made, and so what may be written. */
export type Standing =
  /** Looks into a target: no write leaves it. */
  | { readonly as: "reader" }
  /** Changes a target, under the lease and with a record of every try. */
  | {
      readonly as: "writer";
      readonly target: Target;
      readonly role: Role;
      readonly lease: Lease;
      readonly record: (attempt: Omit<Attempt, "changeId">) => void;
    }
  /** Uses the controller's own bucket and key: lease, journal and reports are not mutations (rule 29). */
  | { readonly as: "controller" };

/** What a caller is made of. */
export interface Line {
  readonly clock: Clock;
  /** Monotonic milliseconds after which nothing is sent, first time or again. */
  readonly deadline: number;
  /** From 0 up to 1. */
  readonly random: () => number;
  readonly pacer: Pacer;
  readonly standing: Standing;
  readonly clientOf: (operation: AnyOperation) => Promise<SdkClient>;
  /** Told of every sending, for the count of calls. */
  readonly sent: (pace: Pace) => void;
  /** Told of every sending that AWS refused for coming too fast. */
  readonly throttled?: (() => void) | undefined;
  /** Told of every read that has come to its end, answered or not. */
  readonly heard?: (read: Heard) => void;
}

/** One read, with all its tries. */
export interface Heard {
  readonly operation: AnyOperation;
  readonly input: object;
  /** Of every try that anyone answered. */
  readonly requestIds: readonly string[];
  readonly from: Date;
  readonly to: Date;
  readonly end: { readonly output: object } | { readonly failure: AwsFailure };
}

export const createCall = (line: Line): Call => {
  const call = (operation: AnyOperation, input: object): Promise<unknown> => carry(line, operation, input);
  // The operation names its own input and output; the SDK's command checks the one and makes the other.
  return call as Call;
};

async function carry(line: Line, operation: AnyOperation, input: object): Promise<unknown> {
  if (operation.access === "write" && line.standing.as === "reader") {
    throw new HoldfastError("operation-not-granted", `${operation.name} changes AWS, and this caller only reads`);
  }
  const { clock, heard } = line;
  if (operation.access === "write" || !heard) return persist(line, operation, input, []);
  const requestIds: string[] = [];
  const from = clock.now();
  const tell = (end: Heard["end"]) => heard({ operation, input, requestIds, from, to: clock.now(), end });
  try {
    const output = await persist(line, operation, input, requestIds);
    tell({ output });
    return output;
  } catch (error) {
    if (error instanceof AwsError) tell({ failure: error.failure });
    throw error;
  }
}

/** Sends until there is an answer, or no sense in sending again. Request ids are added to as they come. */
async function persist(line: Line, operation: AnyOperation, input: object, requestIds: string[]): Promise<object> {
  const { clock } = line;
  const startedAt = clock.monotonic();
  let renewed = false;
  for (let count = 1; ; count += 1) {
    /* oxlint-disable no-await-in-loop -- one try after the other is what a retry loop is */
    const result = await attempt(line, operation, input);
    const { requestId } = remarks(result);
    if (requestId !== undefined) requestIds.push(requestId);
    if (result.answered) return result.output;
    const { trouble, error } = result;
    const tries = { count, elapsedMs: clock.monotonic() - startedAt, renewed, random: line.random() };
    const next = nextStep(trouble, operation, input, tries);
    if (next.do === "give-up") throw new AwsError(trouble.failure, { cause: error });
    if (next.do === "renew-credentials") {
      renewed = true;
      await credentialsOf(await line.clientOf(operation), operation, { forceRefresh: true });
      continue;
    }
    if (clock.monotonic() + next.afterMs > line.deadline) throw new AwsError(trouble.failure, { cause: error });
    await clock.sleep(next.afterMs);
    /* oxlint-enable no-await-in-loop */
  }
}

type Result =
  | { readonly answered: true; readonly output: object }
  | { readonly answered: false; readonly trouble: Trouble; readonly error: unknown };

/**
 * One sending. The client's code and credentials come before the lease is asked: reading the one and entering an account for the other
 * may take longer than the lease has left.
 */
async function attempt(line: Line, operation: AnyOperation, input: object): Promise<Result> {
  const { clock, standing, pacer } = line;
  const [client, Command] = await Promise.all([line.clientOf(operation), operation.command()]);
  if (!(await pacer.turn(operation.pace, line.deadline))) throw new AwsError(noTimeLeft(operation));
  await credentialsOf(client, operation);
  if (operation.access === "write" && standing.as === "writer") standing.lease.assertHeld();
  const sentAt = clock.monotonic();
  const at = instant(clock.now());
  line.sent(operation.pace);
  const result = await send(client, new Command(input), operation, input);
  if (operation.access === "write" && standing.as === "writer") {
    const { target, role, record } = standing;
    record({ target, role, operation: operation.name, at, ...remarks(result) });
  }
  if (!result.answered && result.trouble.failure.kind === "throttled") {
    pacer.throttled(operation.pace, sentAt);
    line.throttled?.();
  }
  return result;
}

async function send(client: SdkClient, command: object, operation: AnyOperation, input: object): Promise<Result> {
  try {
    const output = await client.send(command, { requestTimeout: timeoutOf(input) });
    if (requestIdOf(output) !== undefined) return { answered: true, output };
    return { answered: false, trouble: impostor(operation), error: undefined };
  } catch (error) {
    return { answered: false, trouble: troubleOf(error, operation), error };
  }
}

/** Fresh credentials, or why there are none: entering the account failed, and nothing was sent. */
async function credentialsOf(
  client: SdkClient,
  operation: AnyOperation,
  options?: { readonly forceRefresh: boolean },
): Promise<void> {
  try {
    await client.config.credentials(options);
  } catch (error) {
    throw new AwsError(troubleOf(error, operation).failure, { cause: error });
  }
}

/** Rule 22. A large upload is given its time at 256 KiB a second. */
const REQUEST_TIMEOUT_MS = 20_000;
const timeoutOf = (input: object): number =>
  "Body" in input && input.Body instanceof Uint8Array
    ? REQUEST_TIMEOUT_MS + Math.ceil(input.Body.length / 262_144) * 1000
    : REQUEST_TIMEOUT_MS;

const requestIdOf = (output: object): string | undefined =>
  (output as { readonly $metadata?: { readonly requestId?: string } }).$metadata?.requestId;

function remarks(result: Result): { readonly requestId?: string; readonly failure?: AwsFailure } {
  const failure = result.answered ? undefined : result.trouble.failure;
  const requestId = result.answered ? requestIdOf(result.output) : failure?.requestId;
  return { ...(requestId === undefined ? {} : { requestId }), ...(failure === undefined ? {} : { failure }) };
}

const noTimeLeft = ({ name }: AnyOperation): AwsFailure => ({
  kind: "throttled",
  operation: name,
  message: "not sent: at the rate AWS allows, its turn would come after the run's deadline",
});
