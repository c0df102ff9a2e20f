import * as z from "zod";
import { Announcement, Sighting } from "../../domain/announcement.ts";
import type { Carried } from "../../domain/carried.ts";
import { Concern } from "../../domain/concern.ts";
import type { Report } from "../../domain/report.ts";
import { TestedClass } from "../../domain/tested.ts";
import { unpackRows } from "../attachments/packed-rows.ts";
import { Refused } from "../chain/refused.ts";

/** Lists of the signed memory that are attachments: open announcements, resources seen to be missing, concerns, and what restores were tested of (rules 4, 7, 31). */
export const ANNOUNCEMENTS = "announcements.ndjson.gz";
export const MISSING = "missing.ndjson.gz";
export const CONCERNS = "concerns.ndjson.gz";
export const TESTED = "tested.ndjson.gz";
export const CARRIED_LISTS: readonly string[] = [ANNOUNCEMENTS, MISSING, CONCERNS, TESTED];

type Reader = (sha256: string) => Promise<Uint8Array | undefined>;

/** Open announcements as a report carries them, sorted by change id. Those that it began itself get its own sequence. Throws `Refused`. */
export async function announcementsOf(report: Report, read: Reader): Promise<readonly Announcement[]> {
  const { announcements } = report.carried;
  const rows = Array.isArray(announcements)
    ? []
    : await rowsOf(report, ANNOUNCEMENTS, announcements, Announcement, read);
  if (rows.some(({ change }, at) => at > 0 && rows[at - 1]!.change >= change))
    throw new Refused("carried", `${ANNOUNCEMENTS} is not sorted by change`);
  return rows.map((row) => ({ ...row, since: row.since ?? report.chain.sequence }));
}

/** Resources that a report carries as missing. */
export async function sightingsOf(report: Report, read: Reader): Promise<readonly Sighting[]> {
  const { missing } = report.carried;
  const rows = missing ? await rowsOf(report, MISSING, missing, Sighting, read) : [];
  return rows.map((row) => ({ ...row, since: row.since ?? report.chain.sequence }));
}

/** What a report carries of concern. */
export async function concernsOf(report: Report, read: Reader): Promise<readonly Concern[]> {
  const { concerns } = report.carried;
  const rows = concerns ? await rowsOf(report, CONCERNS, concerns, Concern, read) : [];
  return rows.map((row) => ({ ...row, since: row.since ?? report.chain.sequence }));
}

/** What a report remembers of the classes that restores are tested of. */
export async function testedOf(report: Report, read: Reader): Promise<readonly TestedClass[]> {
  const { tested } = report.carried;
  const rows = tested ? await rowsOf(report, TESTED, tested, TestedClass, read) : [];
  return rows.map((row) => ({ ...row, since: row.since ?? report.chain.sequence }));
}

type Bound = NonNullable<Carried["missing"]>;

async function rowsOf<T>(
  { attachments }: Report,
  name: string,
  { count, sha256 }: Bound,
  schema: z.ZodType<T>,
  read: Reader,
): Promise<readonly T[]> {
  const attachment = attachments.find((one) => one.digest.sha256 === sha256 && one.name === name);
  const bytes = attachment && (await read(sha256));
  if (!attachment || !bytes) throw new Refused("attachment-missing", `attachment ${name} (${sha256}) is missing`);
  const rows = z.array(schema).safeParse(unpackRows(bytes, attachment));
  if (!rows.success || rows.data.length !== count)
    throw new Refused("attachment", `${name} does not hold the ${count} rows that are carried`);
  return rows.data;
}
