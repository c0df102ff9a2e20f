/** Keeps just under the rates AWS allows, so that a throttle is news and not the normal way to find the limit. */
import type { Clock } from "../ports.ts";
import type { Pace } from "./operation.ts";

/** Calls a second that AWS Backup allows per account and Region, by class (AWS General Reference, "AWS Backup endpoints and quotas"). */
export const RATES: Readonly<Record<Pace | "all", number>> = {
  list: 20,
  get: 15,
  slow: 5,
  "delete-point": 10,
  other: 50,
  all: 50,
};

/** The share of AWS's rate that is used. Consoles and other tools of the account live on the rest. */
const SHARE = 0.95;
/** How much of a second's calls may go at once after a quiet moment. */
const BURST_SECONDS = 0.2;
/** After a throttle the rate halves, never below this share, and is back after `RECOVERY_MS`. */
const SLOWEST = 1 / 16;
const RECOVERY_MS = 60_000;

/** A bucket of calls that fills with time. Plain data; all times are monotonic milliseconds. */
export interface Bucket {
  readonly perSecond: number;
  readonly tokens: number;
  readonly at: number;
  /** The share of the rate in force at `slowedAt`; it grows back to 1. */
  readonly share: number;
  readonly slowedAt: number;
}

export const fullBucket = (ratePerSecond: number, at: number): Bucket => {
  const perSecond = ratePerSecond * SHARE;
  return { perSecond, tokens: capacity(perSecond), at, share: 1, slowedAt: -Infinity };
};

const capacity = (perSecond: number): number => Math.max(1, perSecond * BURST_SECONDS);

/** Calls a second just now: less after a throttle, growing back in a straight line. */
const rateAt = ({ perSecond, share, slowedAt }: Bucket, now: number): number =>
  perSecond * Math.min(1, share + (1 - share) * Math.min(1, (now - slowedAt) / RECOVERY_MS));

const fill = (bucket: Bucket, now: number): Bucket => {
  const grown = bucket.tokens + ((now - bucket.at) / 1000) * rateAt(bucket, now);
  return { ...bucket, at: now, tokens: Math.min(capacity(bucket.perSecond), grown) };
};

/** Milliseconds until a call may go; 0: now. */
export const waitFor = (bucket: Bucket, now: number): number => {
  const { tokens } = fill(bucket, now);
  return tokens >= 1 ? 0 : Math.ceil(((1 - tokens) / rateAt(bucket, now)) * 1000);
};

/** The bucket after one more call. */
export const spend = (bucket: Bucket, now: number): Bucket => {
  const filled = fill(bucket, now);
  return { ...filled, tokens: filled.tokens - 1 };
};

/** AWS refused a call that went at `sentAt`. What was sent before the last slowing says nothing new. */
export const slowDown = (bucket: Bucket, sentAt: number, now: number): Bucket =>
  sentAt < bucket.slowedAt
    ? bucket
    : {
        ...fill(bucket, now),
        tokens: 0,
        share: Math.max(SLOWEST, rateAt(bucket, now) / bucket.perSecond / 2),
        slowedAt: now,
      };

/** The pace of one account and Region. */
export interface Pacer {
  /** Resolves when a call of this class may go, in the order of asking. False: not before `deadline`, so it must not. */
  turn(pace: Pace, deadline: number): Promise<boolean>;
  /** AWS throttled a call of this class that was sent at `sentAt` (monotonic). */
  throttled(pace: Pace, sentAt: number): void;
}

/** No pace at all: for services whose limits are far above what a run does (S3, STS, KMS). A throttle still backs off. */
export const unpaced: Pacer = { turn: () => Promise.resolve(true), throttled: () => undefined };

/** One pacer per name, shared by everything in the process: make it once, beside the process's clock. */
export type Pacing = (name: string) => Pacer;

export function createPacing(clock: Clock, rates: Readonly<Record<Pace | "all", number>> = RATES): Pacing {
  const pacers = new Map<string, Pacer>();
  return (name) => {
    const pacer = pacers.get(name) ?? createPacer(clock, rates);
    pacers.set(name, pacer);
    return pacer;
  };
}

function createPacer(clock: Clock, rates: Readonly<Record<Pace | "all", number>>): Pacer {
  const buckets = new Map<Pace | "all", Bucket>();
  // A bucket is full as of the moment it is asked about: made a moment later, it would look not quite full for ever.
  const bucketOf = (name: Pace | "all", now: number) => buckets.get(name) ?? fullBucket(rates[name], now);
  const queues = new Map<Pace, Promise<unknown>>();

  const admit = async (pace: Pace, deadline: number): Promise<boolean> => {
    for (;;) {
      const now = clock.monotonic();
      const wait = Math.max(waitFor(bucketOf(pace, now), now), waitFor(bucketOf("all", now), now));
      if (now + wait > deadline) return false;
      if (wait === 0) {
        for (const name of [pace, "all"] as const) buckets.set(name, spend(bucketOf(name, now), now));
        return true;
      }
      // oxlint-disable-next-line no-await-in-loop -- another class may take the account's last call meanwhile
      await clock.sleep(wait);
    }
  };

  return {
    turn: (pace, deadline) => {
      const turn = (queues.get(pace) ?? Promise.resolve()).then(() => admit(pace, deadline));
      queues.set(
        pace,
        turn.catch(() => false),
      );
      return turn;
    },
    throttled: (pace, sentAt) => {
      const now = clock.monotonic();
      buckets.set(pace, slowDown(bucketOf(pace, now), sentAt, now));
    },
  };
}
