import { HoldfastError } from "../../domain/errors.ts";
import { judgeTransport } from "../bucket/judge.ts";
import type { BucketFacts } from "../bucket/read.ts";
import type { Fact } from "../fact.ts";
import { subject, type Finding, type Subject } from "../finding.ts";

export interface WorkFacts {
  readonly url: string;
  /** Absent: it is a folder. */
  readonly bucket?: BucketFacts;
  /** The fleet's lease as it was last put; undefined: no run ever took it. */
  readonly lease: Fact<HeldLease | undefined | HoldfastError>;
  /** Runs whose journals are open. */
  readonly open: Fact<readonly string[] | HoldfastError>;
}

export interface HeldLease {
  readonly holder: string;
  readonly free: boolean;
  /** Seconds since its holder last renewed it, by the store's clock. */
  readonly age: number;
}

/** Seconds after which another run may take a lease over (rule 22: 120 s and 60 s more). */
const STALE = 180;

/** Who has the fleet, and what runs that died have left. */
export function judgeWork({ url, bucket, lease, open }: WorkFacts): readonly Finding[] {
  const of = subject(`work ${url}`);
  return [
    ...(bucket ? judgeTransport(of, "work.transport", bucket) : []),
    ...of.judge("work.lease", "the lease", lease, (held) =>
      held instanceof HoldfastError ? unreadable(of, "work.lease", held) : judgeLease(of, held),
    ),
    ...of.judge("work.journals", "which journals are open", open, (runs) =>
      runs instanceof HoldfastError
        ? unreadable(of, "work.journals", runs)
        : judgeOpen(of, runs, lease.seen ? runningOf(lease.value) : undefined),
    ),
  ];
}

const runningOf = (lease: HeldLease | HoldfastError | undefined): string | undefined =>
  lease === undefined || lease instanceof HoldfastError || lease.free || lease.age > STALE ? undefined : lease.holder;

const unreadable = (of: Subject, check: string, { message }: HoldfastError): Finding =>
  of.wrong(check, {
    says: message,
    why: "no run can tell who has the fleet, so that none begins",
    fix: "as it says; the setting HOLDFAST_WORK names the place",
  });

function judgeLease(of: Subject, lease: HeldLease | undefined): Finding {
  if (lease === undefined) return of.ok("work.lease", "no run ever took the lease");
  const { holder, free, age } = lease;
  if (free) return of.ok("work.lease", `the lease is free; run ${holder} had it last`);
  if (age <= STALE) return of.ok("work.lease", `run ${holder} has the lease, renewed ${age} s ago`);
  return of.warn("work.lease", {
    says: `run ${holder} has the lease and has not renewed it for ${age} s: it died`,
    why: "what it was doing is half done, until the next run looks and reports it",
    fix: "nothing by hand: the next run takes it over; start one now if it is urgent",
  });
}

function judgeOpen(of: Subject, open: readonly string[], running: string | undefined): Finding {
  const dead = open.filter((run) => run !== running);
  if (dead.length === 0) return of.ok("work.journals", "no run has left a journal open");
  return of.warn("work.journals", {
    says: `${dead.length === 1 ? "run" : "runs"} ${dead.join(", ")} left a journal open`,
    why: "what they wrote last is in no report yet",
    fix: "nothing by hand: the next run observes what became of it, and reports it",
  });
}
