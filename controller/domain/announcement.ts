import * as z from "zod";
import { shortDigest } from "./digest.ts";
import { Digest, Instant, instant, ResourceKey, Target } from "./identity.ts";

/**
 * What signed reports remember of destruction: what was announced, what was seen to be missing, what was asked of AWS, what was spent
 * (rules 4, 6–9, 31). `since`: the report that began an entry; absent in that very report.
 */
const Since = { since: z.int().min(1).optional() };

/** This will be destroyed no earlier than so long after the report that began it, unless someone objects (rule 6). */
export const Announcement = z.strictObject({
  /** The change id: what an approval names. */
  change: z.string(),
  /** What it is known by apart from its date. */
  mark: z.string(),
  key: ResourceKey,
  subject: z.string(),
  partition: z.string(),
  policy: z.string(),
  cause: z.string(),
  /** Null: deletion. Else the delete date that a shortening sets. */
  deleteOn: Instant.nullable(),
  graceMs: z.int().min(0),
  /** When the run that announced it decided to. The grace begins later: with that run's report (rule 6). */
  announcedOn: Instant,
  beside: z.strictObject({ status: z.string(), rank: z.int(), bytes: z.number() }),
  /** Time during which nobody could tell whether its cause still held: it does not count towards the grace. */
  pausedMs: z.int().min(0),
  pausedOn: Instant.optional(),
  ...Since,
});
export type Announcement = z.infer<typeof Announcement>;

/** When the grace of an announcement is over, as far as it can be told without reading the chain. */
export const graceEnds = ({ announcedOn, graceMs, pausedMs }: Announcement, begunOn: string = announcedOn): Date =>
  new Date(Date.parse(begunOn) + graceMs + pausedMs);

/** What stands announced, in few words: how much, how much of it anew, and what may go first. */
export const AnnouncedSummary = z.strictObject({
  points: z.int().min(0),
  bytes: z.number(),
  /** Begun by this very run. */
  fresh: z.int().min(0),
  /** Nobody can tell whether their cause still holds. */
  paused: z.int().min(0),
  first: z
    .strictObject({ change: z.string(), subject: z.string(), deleteOn: Instant.nullable(), notBefore: Instant })
    .optional(),
});
export type AnnouncedSummary = z.infer<typeof AnnouncedSummary>;

/** `now`: what was begun by this run has its grace from here. */
export function announcedSummary(all: readonly Announcement[], now: Date): AnnouncedSummary {
  const endOf = (one: Announcement): number =>
    graceEnds(
      one,
      one.since === undefined && Date.parse(one.announcedOn) < now.getTime() ? instant(now) : undefined,
    ).getTime();
  const [first] = all
    .filter(({ pausedOn }) => pausedOn === undefined)
    .toSorted((a, b) => endOf(a) - endOf(b) || (a.change < b.change ? -1 : 1));
  return {
    points: all.length,
    bytes: all.reduce((sum, { beside }) => sum + beside.bytes, 0),
    fresh: all.filter(({ since }) => since === undefined).length,
    paused: all.filter(({ pausedOn }) => pausedOn !== undefined).length,
    ...(first
      ? {
          first: {
            change: first.change,
            subject: first.subject,
            deleteOn: first.deleteOn,
            notBefore: instant(new Date(endOf(first))),
          },
        }
      : {}),
  };
}

/** What is announced of a subject: one point may be announced for several causes, and only some of them be in doubt. */
export const announcedAs = ({ cause, subject }: Pick<Announcement, "cause" | "subject">): string =>
  `${cause} ${subject}`;

/** Whether an announcement may be rested on: every verified report since the one that began it carries it (law 3). */
export type Standing =
  /** `begunOn`: the later of when that report says it finished and when the store says it was written. */
  { readonly stands: true; readonly begunOn: Instant } | { readonly stands: false; readonly because: string };

/** A protected resource that its own service does not have, seen so by complete listings and typed answers (rules 3, 4). */
export const Sighting = z.strictObject({ resource: z.string(), firstOn: Instant, lastOn: Instant, ...Since });
export type Sighting = z.infer<typeof Sighting>;

/** A deletion that AWS accepted, which proves nothing: it works later, or turns the point EXPIRED (rule 9). */
export const Deletion = z.strictObject({
  change: z.string(),
  key: ResourceKey,
  subject: z.string(),
  partition: z.string(),
  /** The resource type: one canary is confirmed for each before others go. */
  type: z.string(),
  /** Null: the last one was refused, and no other is under way. */
  acceptedOn: Instant.nullable(),
  refusals: z.int().min(0),
  /** The state in which it was last refused; another one makes another try worth it. */
  state: z.string(),
  ...Since,
});
export type Deletion = z.infer<typeof Deletion>;

/** A type whose deletions were last confirmed to work in a target. */
export const Canary = z.strictObject({ target: Target, type: z.string(), confirmedOn: Instant, ...Since });
export type Canary = z.infer<typeof Canary>;

/** Something that counts against a budget of a rolling 24 h (rule 8). */
export const Spent = z.strictObject({
  on: Instant,
  target: Target,
  partition: z.string(),
  what: z.enum(["destruction", "copy", "backup"]),
  bytes: z.number(),
  ...Since,
});
export type Spent = z.infer<typeof Spent>;

/** In a use: of every change that the approval consents to. */
export const EVERY_CHANGE = "*";

/** One use of an approval, which is all there is of it for that change (rule 7). `*`: all of its uses at once. */
export const Consumed = z.strictObject({
  approval: z.string(),
  digest: Digest,
  change: z.string(),
  on: Instant,
  expiresOn: Instant,
  ...Since,
});
export type Consumed = z.infer<typeof Consumed>;

/** When a policy was first known to a signed report: what points its copies are asked of from (rule 20). */
export const PolicySeen = z.strictObject({ policy: z.string(), firstOn: Instant, ...Since });
export type PolicySeen = z.infer<typeof PolicySeen>;

/** What became of a deletion asked for earlier. */
export const DELETION_RESULTS = ["confirmed", "refused", "pending", "unknown"] as const;
export interface DeletionFollowUp {
  readonly deletion: Deletion;
  readonly result: (typeof DELETION_RESULTS)[number];
}

/** Findings of one policy, cause and vault that one approval may cover (rule 7). Its id is the digest of its members' sorted ids. */
export interface FindingGroup {
  readonly id: string;
  readonly target: Target;
  readonly partition: string;
  readonly policy: string;
  readonly cause: string;
  readonly step: string;
  readonly bytes: number;
  /** Change ids, sorted. */
  readonly members: readonly string[];
}

/** The id of a group: whoever has its members can work it out again, so a list that came with it proves itself (rule 7). */
export const groupId = (members: readonly string[]): string => `g${shortDigest([...members].toSorted(), 24)}`;
