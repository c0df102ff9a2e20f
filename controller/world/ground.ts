import { randomUUID } from "node:crypto";
import { type AwsSettings, createClients } from "../aws/clients.ts";
import { createControllerCall, type Edge } from "../aws/fleet.ts";
import type { Call } from "../aws/operation.ts";
import { createPacing } from "../aws/pacing.ts";
import type { TrafficCount } from "../aws/traffic.ts";
import { canonical, digestOf } from "../domain/digest.ts";
import { HoldfastError } from "../domain/errors.ts";
import type { Digest } from "../domain/identity.ts";
import { storeClock, systemClock } from "../local/clock.ts";
import type { NoticeOptions } from "../notices/notices.ts";
import type { Clock, Log, ObjectStore, Progress, Self } from "../ports.ts";
import { nextReportWithin, type Settings } from "../settings.ts";
import type { LeaseOptions } from "../work/lease.ts";
import { isS3, storesBy } from "./stores.ts";

/** What a root adds to the settings. Tests put their own time, chance and carrier in place of the machine's. */
export interface Surroundings {
  readonly progress?: Progress;
  /** Whether people are told of concerns after a run, and how: tests have receivers of their own. Absent: nobody is. */
  readonly notices?: Pick<NoticeOptions, "timeoutMs" | "loopback">;
  readonly log?: Log;
  /** Milliseconds from now after which nothing is sent to AWS any more. */
  readonly deadlineIn?: number;
  readonly clock?: Clock;
  readonly idle?: NonNullable<LeaseOptions["idle"]>;
  readonly random?: () => number;
  readonly uuid?: () => string;
  /** SHA-256 of the code that runs, where it is a bundle. */
  readonly imageDigest?: Digest;
  /** Told of every call to AWS. */
  readonly traffic?: TrafficCount;
  readonly credentials?: NonNullable<AwsSettings["credentials"]>;
  readonly requestHandler?: NonNullable<AwsSettings["requestHandler"]>;
  /** Clients of services besides those that runs ask. */
  readonly further?: NonNullable<AwsSettings["further"]>;
}

/** What every world stands on: the edge to AWS, its time, and the stores. */
export interface Ground {
  readonly edge: Edge;
  /** Whose time `edge.clock` goes by. */
  readonly time: Self["clock"];
  readonly call: Call;
  readonly store: (url: string) => ObjectStore;
  /** Where reports go, whatever is put there locked as the settings say. */
  readonly evidence: () => ObjectStore;
  readonly log: Log;
  readonly uuid: () => string;
}

export const edgeAt = (clock: Clock, settings: Settings, surroundings: Surroundings): Edge => ({
  clients: createClients(awsSettings(settings, surroundings)),
  clock,
  pacing: createPacing(clock),
  deadline:
    surroundings.deadlineIn === undefined ? Number.POSITIVE_INFINITY : clock.monotonic() + surroundings.deadlineIn,
  random: surroundings.random ?? Math.random,
  traffic: surroundings.traffic,
});

/** `shared`: stores whose time to go by, the first of them that is no folder. */
export async function prepare(
  settings: Settings,
  surroundings: Surroundings,
  shared: readonly string[] = [settings.desiredState, settings.evidence],
): Promise<Ground> {
  const local = surroundings.clock ?? systemClock;
  const first = edgeAt(local, settings, surroundings);
  const { clock, time } = surroundings.clock
    ? { clock: surroundings.clock, time: OWN_TIME }
    : await sharedClock(shared, storesBy(createControllerCall(first), first.clock));
  const edge = edgeAt(clock, settings, surroundings);
  const call = createControllerCall(edge);
  const store = storesBy(call, clock);
  return {
    edge,
    time,
    call,
    store: (url) => store(url),
    evidence: () => store(settings.evidence, settings.retention),
    log: surroundings.log ?? (() => {}),
    uuid: surroundings.uuid ?? randomUUID,
  };
}

/** By this machine's time where the store that would tell it is what ails. */
export async function prepareAnyway(settings: Settings, surroundings: Surroundings): Promise<Ground> {
  try {
    return await prepare(settings, surroundings);
  } catch (error) {
    if (!(error instanceof HoldfastError) || error.code !== "store-unreachable") throw error;
    return prepare(settings, { ...surroundings, clock: systemClock });
  }
}

/**
 * The time of the shared store, if there is one (design §13). Where nothing is desired of S3, keys are handed over say, it is that of the
 * reports' store, with which their times must agree. A laptop on its own has its own.
 */
async function sharedClock(
  stores: readonly string[],
  store: (url: string) => ObjectStore,
): Promise<{ readonly clock: Clock; readonly time: Self["clock"] }> {
  const shared = stores.find(isS3);
  const asked = systemClock.monotonic();
  const at = shared === undefined ? undefined : await store(shared).time?.();
  if (!at) return { clock: systemClock, time: OWN_TIME };
  // A Date header counts whole seconds, and was written while the answer was waited for.
  const maxErrorMs = 1000 + Math.ceil(systemClock.monotonic() - asked);
  return { clock: storeClock(at), time: { source: "store", maxErrorMs } };
}

/** Nobody here can say how far off a machine's own clock is. */
const OWN_TIME: Self["clock"] = { source: "system", maxErrorMs: null };

export const selfOf = (settings: Settings, { imageDigest }: Surroundings, { time }: Ground): Self => ({
  imageDigest: imageDigest ?? null,
  configSha256: digestOf(canonical(settings)),
  region: settings.region ?? null,
  clock: time,
  nextReportWithin: nextReportWithin(settings),
});

function awsSettings(
  { endpoint, region, allowHttp }: Settings,
  { credentials, requestHandler, further }: Surroundings,
): AwsSettings {
  return {
    region: region ?? DEFAULT_REGION,
    allowHttp,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
    ...(requestHandler === undefined ? {} : { requestHandler }),
    ...(further === undefined ? {} : { further }),
  };
}

/** Where Organizations lives, and a sensible home for a caller that named no other. */
const DEFAULT_REGION = "us-east-1";
