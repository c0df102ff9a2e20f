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

/** Announcements that a destruction may go by: a point may be an orphan and be left to its copy besides. */
export function announcementsFor(sight: Sight, reports: readonly Kept[]): readonly Announced[] {
  const causes = (reports.at(-1)?.announcements ?? []).filter((row) => isOf(sight, row)).map(({ cause }) => cause);
  return (causes.length === 0 ? [undefined] : causes).map((cause) => announcementFor(sight, reports, cause));
}

const isOf = ({ point, operation }: Sight, { subject, partition, deleteOn }: AnnouncementRow): boolean =>
  subject === point.arn &&
  partition === point.vault.name &&
  (deleteOn === null) === (operation === "DeleteRecoveryPoint");

/** Walks back from the newest report for as long as each carries the very same announcement (law 3). */
function announcementFor(sight: Sight, reports: readonly Kept[], cause: string | undefined): Announced {
  const { altered } = sight;
  const find = (report: Kept | undefined) =>
    report?.announcements.find((row) => isOf(sight, row) && row.cause === cause);
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
