import { Channel } from "../domain/channel.ts";
import { type Instant, instant, showKey, showTarget } from "../domain/identity.ts";
import type { Plan } from "../domain/plan.ts";
import type { Carried } from "../domain/carried.ts";
import type { Attachment } from "../domain/report.ts";
import type { Evidence, OwnReport, Self } from "../ports.ts";
import { concernsAfter } from "../concerns/after.ts";
import type { Concern } from "../domain/concern.ts";
import type { ReportBody } from "../domain/report.ts";
import { carry } from "./memory/carry.ts";
import { openAnnouncements, openSightings } from "./memory/carry-destruction.ts";
import { GROUP_MEMBERS, memberRows } from "./report/groups.ts";
import { testedClasses } from "./memory/carry-tested.ts";
import { ANNOUNCEMENTS, CONCERNS, MISSING, TESTED } from "./memory/lists.ts";
import type { RunRecord } from "./report/record.ts";
import { reportBody } from "./report/report-body.ts";
import { filledIn, shortened } from "./report/unchanged.ts";

type Row = Readonly<Record<string, unknown>>;

/** The list of recovery points, where one process saw them all. Where many did, each has its own beside it, `inventory-0001.ndjson.gz`. */
const INVENTORY = "inventory.ndjson.gz";

/** The inventory attachment in the making: rows go through to the store as they are read, and none are kept. */
export interface InventoryWriter {
  readonly write: (rows: readonly Row[]) => Promise<void>;
  /** Undefined where no row was ever written. */
  readonly finish: () => Promise<Attachment | undefined>;
}

export function inventoryWriter(evidence: Pick<Evidence, "attach">, name = INVENTORY): InventoryWriter {
  const channel = new Channel<Row>();
  let attachment: Promise<Attachment> | undefined;
  return {
    write: async (rows) => {
      if (rows.length === 0) return;
      attachment ??= evidence.attach(name, channel);
      // Whichever comes first: rows taken, or a store that failed and will never take them.
      await Promise.race([channel.write(rows), attachment]);
    },
    finish: () => {
      channel.close();
      return attachment ?? Promise.resolve(undefined);
    },
  };
}

/** Publishes what a run knows: attachments first, then the statement that binds them (law 10). */
export async function testify(
  record: RunRecord,
  { evidence, self }: { readonly evidence: Evidence; readonly self: Self },
  now: Date,
): Promise<OwnReport> {
  const left = record.after ?? record.plan;
  if (left) {
    record.attachments.push(await evidence.attach("in-sync.ndjson.gz", inSyncRows(record, left)));
    record.attachments.push(await evidence.attach("unmanaged.ndjson.gz", unmanagedRows(left)));
  }
  const since = (record.memory?.head?.sequence ?? 0) + 1;
  const carried = { ...carry(record, record.calls, since, now), ...(await attachLists(record, evidence)) };
  if (left && left.groups.length > 0)
    record.attachments.push(await evidence.attach(GROUP_MEMBERS, memberRows(left.groups)));
  const { body, concerns } = await withConcerns(reportBody(record, carried, self, now), record, evidence, now);
  const due = nextDueBefore(record, self, now);
  const published = await evidence.publish(shortened(body, since, now), record.revision ?? null, due, record.pack);
  return { ...published, whole: filledIn(published.report, body), said: body, concerns, tested: testedClasses(record) };
}

/** A run over a part of the fleet does not stand in for the one that is due over all of it (design §12). */
const nextDueBefore = ({ run, memory }: RunRecord, { nextReportWithin }: Self, now: Date): Instant =>
  (run.scope && memory?.head?.report.chain.nextDueBefore) ?? instant(new Date(now.getTime() + nextReportWithin));

/** Stores the lists of the signed memory, and binds them by digest. One that is empty is not there. */
async function attachLists(record: RunRecord, evidence: Evidence): Promise<Partial<Carried>> {
  const announcements = await bind(record, evidence, ANNOUNCEMENTS, openAnnouncements(record));
  const missing = await bind(record, evidence, MISSING, openSightings(record));
  const tested = await bind(record, evidence, TESTED, testedClasses(record));
  return {
    ...(announcements ? { announcements } : {}),
    ...(missing ? { missing } : {}),
    ...(tested ? { tested } : {}),
  };
}

async function bind(record: RunRecord, evidence: Evidence, name: string, rows: readonly unknown[]) {
  if (rows.length === 0) return undefined;
  const attachment = await evidence.attach(name, rows);
  record.attachments.push(attachment);
  return { count: rows.length, sha256: attachment.digest.sha256 };
}

/**
 * A body with what is of concern in it: that is drawn from all else that it says, and from what was of concern before. A run that could not
 * read its memory knows of none, and what the last report carries is handed on.
 */
async function withConcerns(
  body: ReportBody,
  record: RunRecord,
  evidence: Evidence,
  now: Date,
): Promise<{ readonly body: ReportBody; readonly concerns: readonly Concern[] }> {
  if (!record.memory) return { body, concerns: [] };
  const surroundings = {
    announcements: openAnnouncements(record),
    notices: record.notices,
    policies: record.desired?.rules ?? [],
  };
  const { list, summary } = concernsAfter(record.memory.concerns, body, surroundings, now);
  const concerns = await bind(record, evidence, CONCERNS, list);
  const carried = { ...body.carried, ...(concerns ? { concerns } : {}) };
  return { body: { ...body, concerns: summary, carried, attachments: [...record.attachments] }, concerns: list };
}

/**
 * Resources by the spec they were last seen in sync with: now, or in an earlier report and not seen so since (rule 13). What a run did not
 * look at it hands on.
 */
function* inSyncRows({ memory, desired, run }: RunRecord, { drift }: Plan): Generator<Row> {
  const wanted = new Set(desired?.resources.map(({ key }) => showKey(key)));
  const looked = new Set(desired?.fleet.targets.map(showTarget));
  const isElsewhere = (key: string): boolean => run.scope !== undefined && !looked.has(targetIn(key));
  const last = new Map([...(memory?.inSync ?? [])].filter(([key]) => wanted.has(key) || isElsewhere(key)));
  for (const one of drift)
    if (one.type === "in-sync" && one.digest !== undefined) last.set(showKey(one.key), one.digest);
  for (const [key, sha256] of [...last].toSorted(([a], [b]) => (a < b ? -1 : 1))) yield { key, sha256 };
}

/** The target that a key, as `showKey` writes it, begins with. */
const targetIn = (key: string): string => key.split("/", 2).join("/");

function* unmanagedRows({ drift }: Plan): Generator<Row> {
  for (const one of drift)
    if (one.type === "unmanaged") yield { key: showKey(one.key), id: one.live.id, ownership: one.live.ownership };
}
