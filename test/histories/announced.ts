import type { AnnouncementRow, Kept } from "./archive.ts";
import type { Sight } from "./witness.ts";

/** The announcement that a destruction goes by, and since when it stands. */
export interface Announced {
  readonly row: AnnouncementRow | undefined;
  /** When the report that began it was there for people to read. */
  readonly begunOn: Date | undefined;
  readonly problems: readonly string[];
}

const isSame = (a: AnnouncementRow, b: AnnouncementRow): boolean =>
  a.change === b.change && a.deleteOn === b.deleteOn && a.cause === b.cause && a.announcedOn === b.announcedOn;

/** Walks back from the newest report for as long as each carries the very same announcement (law 3). */
export function announcementFor({ point, operation, altered }: Sight, reports: readonly Kept[]): Announced {
  const find = (report: Kept | undefined) =>
    report?.announcements.find(
      ({ subject, partition, deleteOn }) =>
        subject === point.arn &&
        partition === point.vault.name &&
        (deleteOn === null) === (operation === "DeleteRecoveryPoint"),
    );
  const row = find(reports.at(-1));
  if (!row) return { row, begunOn: undefined, problems: ["the last report does not announce it"] };
  let begun = reports.at(-1)!;
  for (const report of reports.toReversed()) {
    const earlier = find(report);
    if (!earlier || !isSame(earlier, row)) break;
    begun = report;
  }
  const finished = new Date(begun.run.finishedOn);
  return {
    row,
    begunOn: finished > begun.modified ? finished : begun.modified,
    problems: reports
      .filter(({ sequence, problems }) => sequence >= begun.sequence && (problems.length > 0 || altered.has(sequence)))
      .map(({ sequence }) => `it rests on report ${sequence}, which is not as it was published`),
  };
}
