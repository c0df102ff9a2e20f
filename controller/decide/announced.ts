import { type Announcement, graceEnds, type Standing } from "../domain/announcement.ts";
import { type Bar, type Change, type Destruction, destructionMark, type Finding } from "../domain/change.ts";
import { type Instant, instant } from "../domain/identity.ts";

const DAY_MS = 86_400_000;

/** What stands announced, and how far it has been proven. */
export interface Announced {
  readonly byMark: ReadonlyMap<string, Announcement>;
  /** What the chain was found to say of those that were asked about; the others have not been proven. */
  readonly standing: ReadonlyMap<string, Standing>;
  readonly now: Date;
}

/** The announcement that a finding's destruction goes by; none where there was none, or where its facts have worsened since (rule 6). */
export function announcementOf({ mend }: Finding, { byMark, standing }: Announced): Announcement | undefined {
  if (!mend?.destruction) return undefined;
  const found = byMark.get(destructionMark(mend.destruction));
  if (!found || hasWorsened(found.beside, mend.destruction.beside)) return undefined;
  // One that some report did not carry is begun anew.
  return standing.get(found.change)?.stands === false ? undefined : found;
}

const hasWorsened = (then: Announcement["beside"], now: Destruction["beside"]): boolean =>
  now.status !== then.status || now.rank < then.rank || Math.abs(now.bytes - then.bytes) > then.bytes * 0.1;

/**
 * The delete date of a shortening: as announced, or for a new one what is wanted, and never before the announcement and its grace (rule
 * 5). A day more, because the grace begins with the report, which is yet to come. Null: a deletion.
 */
export function deleteDate(
  { shorten, graceMs }: Destruction,
  announcement: Announcement | undefined,
  now: Date,
): Instant | null {
  if (!shorten) return null;
  if (announcement?.deleteOn) return announcement.deleteOn;
  const earliest = Math.ceil((now.getTime() + graceMs + DAY_MS - shorten.createdOn) / DAY_MS);
  const days = Math.max(shorten.wantedDays, earliest);
  return instant(new Date(shorten.createdOn + days * DAY_MS));
}

/** Days of retention that come to a delete date. */
export const daysUntil = (deleteOn: string, createdOn: number): number =>
  Math.round((Date.parse(deleteOn) - createdOn) / DAY_MS);

/**
 * What keeps an announced destruction from going now (law 3). `unproven`: nothing but that the chain has not been asked yet whether
 * every report since carries it.
 */
export function announcementBar(
  change: Extract<Change, { action: "amend" }>,
  announced: Announced,
): { readonly bar?: Bar; readonly unproven?: Announcement } {
  const { standing, now, byMark } = announced;
  const announcement = announcementOf(change.finding, announced);
  if (!announcement || announcement.change !== change.id) return { bar: notAnnounced(change, byMark, standing) };
  const proof = standing.get(announcement.change);
  const ends = graceEnds(announcement, proof?.stands ? proof.begunOn : undefined);
  if (now < ends) return { bar: inGrace(announcement, ends) };
  return proof?.stands ? {} : { bar: unprovenBar, unproven: announcement };
}

const unprovenBar: Bar = {
  reason: "not-announced",
  because: "whether every report since its announcement carries it was not looked at",
  release: "a run that reads them",
};

function notAnnounced(
  { finding }: Extract<Change, { action: "amend" }>,
  byMark: Announced["byMark"],
  standing: Announced["standing"],
): Bar {
  const destruction = finding.mend?.destruction;
  const before = destruction && byMark.get(destructionMark(destruction));
  const proof = before && standing.get(before.change);
  const because =
    proof?.stands === false
      ? `its announcement does not count: ${proof.because}`
      : before
        ? "it is not as it was announced any more, so it is announced anew"
        : "it has not been announced in a signed report yet";
  const days = Math.round((destruction?.graceMs ?? 0) / DAY_MS);
  return { reason: "not-announced", because, release: `the report of a run that announces it, and ${days} days` };
}

const inGrace = ({ since, announcedOn }: Announcement, ends: Date): Bar => ({
  reason: "in-grace",
  because: `announced in report ${since} of ${announcedOn.slice(0, 10)}, it may go no earlier than ${ends.toISOString().slice(0, 16)}Z`,
  release: `wait until ${ends.toISOString().slice(0, 16)}Z; to object, tag it holdfast:keep, hold it, waive it, or change the policy`,
});
