import * as z from "zod";
import { shortDigest } from "./digest.ts";
import { Instant, Target } from "./identity.ts";

/** How soon somebody should hear: critical is never held back, high is what has failed, a notice is for who wants to know everything. */
export const SEVERITIES = ["critical", "high", "notice"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** What a concern was seen by, and so what a run must have seen to say that it is over. */
export const Basis = z.discriminatedUnion("by", [
  /** Findings of a governed kind by a policy, in one target. */
  z.object({ by: z.literal("finding"), kind: z.string(), policy: z.string() }),
  /** A change of a declared kind that waits for a person. */
  z.object({ by: z.literal("hold"), kind: z.string() }),
  /** The last job that was to do some work (`workOf`), and when it ended. */
  z.object({ by: z.literal("job"), work: z.string(), endedOn: Instant }),
  /** How a target could be looked at. */
  z.object({ by: z.literal("target") }),
  /** A run over the whole fleet. */
  z.object({ by: z.literal("fleet") }),
  /** What one run did: told once, and over with the next. */
  z.object({ by: z.literal("deed") }),
  /** The telling of concerns itself. */
  z.object({ by: z.literal("notices") }),
]);
export type Basis = z.infer<typeof Basis>;

/**
 * Something wrong with protection that somebody should hear of once, and once more when it is over. Drawn from what runs report; its id is
 * what it is about, so that it is the same in every run.
 */
export const Concern = z.object({
  id: z.string(),
  /** What is wrong, in one word. */
  cause: z.string(),
  severity: z.enum(SEVERITIES),
  /** Absent: it is about the fleet. */
  target: Target.optional(),
  /** What it is about: an ARN, or a name. */
  subject: z.string(),
  /** How many resources or recovery points it stands for. */
  count: z.int().min(1),
  /** By the tag that names an owner. Absent: none is known, and it is the account's. */
  owner: z.string().optional(),
  /** What is wrong, in one sentence. */
  because: z.string(),
  /** What to do about it. */
  fix: z.string(),
  basis: Basis,
  /** When reports first and last told of it. */
  firstOn: Instant,
  lastOn: Instant,
  /** It is over. Kept for a while, so that whoever heard of it hears of this too. */
  resolved: z.object({ on: Instant, because: z.string() }).optional(),
  /** Sequence of the report that first told of it; absent in that very report (rule 31). */
  since: z.int().min(1).optional(),
});
export type Concern = z.infer<typeof Concern>;

/** A concern as one run sees it. */
export type Seen = Omit<Concern, "firstOn" | "lastOn" | "resolved" | "since">;

/** What a concern is about, however it stands: 16 characters of base32. */
export const concernId = (about: Readonly<Record<string, unknown>>): string => shortDigest({ v: 1, ...about }, 16);

export const isOpen = ({ resolved }: Concern): boolean => resolved === undefined;

/** What stands open, in numbers. */
export const ConcernsSummary = z.object({
  open: z.int().min(0),
  critical: z.int().min(0),
  high: z.int().min(0),
  /** First told of by this report, and told by it to be over. */
  opened: z.int().min(0),
  resolved: z.int().min(0),
  /** More than are remembered one by one. */
  beyond: z.int().min(0),
});
export type ConcernsSummary = z.infer<typeof ConcernsSummary>;

/** How a notice came to nothing: what the next report tells of a route. */
export interface NoticeTrouble {
  readonly route: string;
  readonly cause: "notice-failed" | "webhook-old";
  readonly because: string;
  readonly fix: string;
}
