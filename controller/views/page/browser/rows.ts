import type { Evidence } from "./evidence.ts";
import type {
  ActionRow,
  AnnouncementRow,
  ChangeRow,
  DeletionRow,
  ExceptionRow,
  FailedJob,
  HoldRow,
  InventoryRow,
  ListingRow,
  MisnamedRow,
  ObservationRow,
  RecoveredRow,
  Report,
  ResourceRow,
  RestoreTestRow,
  RpoBreachRow,
  UnprotectedRow,
  VaultRow,
  VerifiedReport,
} from "./shapes.ts";

/** Lists that a report may hold itself, leave to an attachment, or leave to an earlier report that says the same; and their rows. */
export interface Lists {
  readonly resources: ResourceRow;
  readonly held: HoldRow;
  readonly changes: ChangeRow;
  readonly actions: ActionRow;
  readonly recovered: RecoveredRow;
  readonly deletions: DeletionRow;
  readonly listings: ListingRow;
  readonly restoreTests: RestoreTestRow;
  readonly vaults: VaultRow;
  readonly exceptions: ExceptionRow;
  readonly misnamed: MisnamedRow;
  readonly "coverage.unprotected": UnprotectedRow;
  readonly "jobs.failed": FailedJob;
  readonly "jobs.rpoBreaches": RpoBreachRow;
  readonly "jobsSinceSurvey.failed": FailedJob;
}

export interface Rows<Row> {
  readonly rows: readonly Row[];
  /** Where they are from, where that is not the report itself; or why they are not all here. */
  readonly note?: string;
}

/** A list of a report wherever it lies. Undefined: this report did not look. */
export async function rowsOf<Name extends keyof Lists>(
  evidence: Evidence,
  { report, sequence }: VerifiedReport,
  name: Name,
): Promise<Rows<Lists[Name]> | undefined> {
  const { unchanged } = report;
  if (unchanged?.sections.includes(name)) return fromEarlier(evidence, unchanged.since, name);
  const moved = report.attachments?.find((one) => one.name === `${name}.ndjson.gz`);
  if (moved) {
    const rows = await evidence.ndjson(moved.digest.sha256);
    return rows
      ? { rows: rows as readonly Lists[Name][], note: `Read from the attachment ${moved.name} of report ${sequence}.` }
      : {
          rows: [],
          note: `The list is an attachment, ${moved.name} (${moved.digest.sha256}), that is not on this page: drop that file on it to see the rows.`,
        };
  }
  const rows = listIn(report, name);
  return rows && { rows: rows as readonly Lists[Name][] };
}

/** A list in a report, or in one of its sections. */
function listIn(report: Report, name: keyof Lists): readonly unknown[] | undefined {
  switch (name) {
    case "coverage.unprotected":
      return report.coverage?.unprotected;
    case "jobs.failed":
      return report.jobs?.failed;
    case "jobs.rpoBreaches":
      return report.jobs?.rpoBreaches;
    case "jobsSinceSurvey.failed":
      return report.jobsSinceSurvey?.failed;
    default:
      return report[name];
  }
}

async function fromEarlier<Name extends keyof Lists>(
  evidence: Evidence,
  { sequence, payloadSha256 }: NonNullable<Report["unchanged"]>["since"],
  name: Name,
): Promise<Rows<Lists[Name]> | undefined> {
  const earlier = evidence.reports.find((one) => one.sequence === sequence && one.payloadSha256 === payloadSha256);
  if (!earlier)
    return {
      rows: [],
      note: `Unchanged since report ${sequence} (${payloadSha256}), which has the list and is not on this page.`,
    };
  const found = await rowsOf(evidence, earlier, name);
  return found && { rows: found.rows, note: `Unchanged since report ${sequence}, which has the list.` };
}

/** Attachments that are lists, by name, and what their rows are. */
interface Attached {
  readonly "inventory.ndjson.gz": InventoryRow;
  readonly "observations.ndjson.gz": ObservationRow;
  readonly "announcements.ndjson.gz": AnnouncementRow;
}

export interface AttachedRows<Row> {
  readonly sha256: string;
  readonly size: number;
  /** Absent: the attachment is not on this page. */
  readonly rows?: readonly Row[];
}

/**
 * The list that a report's attachment of this name holds; undefined where it has none. What many processes saw is an attachment of each,
 * NAME-0001.ndjson.gz and so on: read together, and missing where one of them is.
 */
export async function attached<Name extends keyof Attached>(
  evidence: Evidence,
  { report }: VerifiedReport,
  name: Name,
): Promise<AttachedRows<Attached[Name]> | undefined> {
  const stem = name.replace(/\.ndjson\.gz$/, "");
  const parts = (report.attachments ?? []).filter((one) => one.name.replace(PART, "") === stem);
  const rows: Attached[Name][] = [];
  for (const { size, digest } of parts) {
    const found = await evidence.ndjson(digest.sha256);
    if (!found) return { sha256: digest.sha256, size };
    for (const row of found as readonly Attached[Name][]) rows.push(row);
  }
  const [first] = parts;
  return first && { sha256: first.digest.sha256, size: first.size, rows };
}

const PART = /(-\d+)*\.ndjson\.gz$/;

export const graceEnd = ({ announcedOn, graceMs, pausedMs }: AnnouncementRow): string =>
  new Date(Date.parse(announcedOn) + graceMs + pausedMs).toISOString();
