import { announcedSummary } from "../domain/announcement.ts";
import { instant } from "../domain/identity.ts";
import type { Plan } from "../domain/plan.ts";
import type { Carried, ReportBody } from "../domain/report.ts";
import { worstVerdict, type Verdict } from "../domain/verdict.ts";
import { openAnnouncements } from "./carry-destruction.ts";
import type { RunRecord } from "./record.ts";
import { groupRow } from "./groups.ts";
import { actionRows, changeRow, deletionRow, failureRow, findingRow, holdRow, resourceRow } from "./rows.ts";
import { type Section, sectionCounts } from "./sections.ts";
import { targetVerdicts } from "./verdicts.ts";

type Told = Pick<Plan, "waves" | "held" | "drift" | "groups" | "tallies">;
const EMPTY_PLAN: Told = { waves: [], held: [], drift: [], groups: [], tallies: [] };

/** What a run has to say for itself, whatever became of it. The chain adds its place and its signature. */
export function reportBody(record: RunRecord, carried: Carried, now: Date): ReportBody {
  const left = record.after ?? record.plan;
  const targets = left && record.desired ? targetVerdicts(record.desired.fleet.targets, left, record.outcomes) : [];
  const body = {
    schema: "0.1" as const,
    reporter: { ...record.run.reporter, principal: null },
    source: sourceOf(record),
    scope: scopeOf(record),
    run: {
      id: record.run.id,
      trigger: record.run.trigger,
      mode: "apply" as const,
      startedOn: instant(record.startedOn),
      finishedOn: instant(now),
      ...(record.failure ? { failure: record.failure } : {}),
    },
    result: runVerdict(
      record,
      targets.map(({ result }) => result),
    ),
    targets: [...targets],
    ...rowsOf(record, left ?? EMPTY_PLAN),
    ...announcedOf(record, now),
    ...observationsOf(record),
    standDowns: (record.memory?.standDowns ?? []).map(({ run, on, holder }) => ({ run, on, holder })),
    carried,
    attachments: [...record.attachments],
    limitations: [...LIMITATIONS],
  };
  return { ...body, summary: summaryOf(body, left, record) };
}

const LIMITATIONS = [
  "A signature proves who said this and that it was not altered since, not that it is true: match request ids with CloudTrail.",
  "Effects on resources that selections resolve to are judged by the selections' structure.",
];

const runVerdict = (record: RunRecord, targets: readonly Verdict[]): Verdict =>
  record.failure
    ? "FAILED"
    : worstVerdict([
        ...targets,
        ...(record.recovered.some(({ result }) => result === "uncertain") ? ["DRIFTED" as const] : []),
      ]);

function rowsOf({ plan, outcomes, recovered }: RunRecord, left: Told) {
  const open = [...left.held.flatMap(({ change }) => change ?? []), ...left.waves.flat()];
  const findings = open.flatMap((change) => (change.action === "amend" ? [findingRow(change)] : []));
  return {
    resources: [...left.drift.flatMap((drift) => resourceRow(drift) ?? []), ...findings],
    held: left.held.map(holdRow),
    changes: outcomes.map(changeRow),
    actions: outcomes.flatMap(actionRows),
    recovered: [...recovered],
    deletions: (plan?.followUps ?? []).map(deletionRow),
    groups: left.groups.map(groupRow),
    tallies: left.tallies.map((tally) => ({ ...tally })),
  };
}

function announcedOf(record: RunRecord, now: Date): Pick<ReportBody, "announced"> {
  const announcements = openAnnouncements(record);
  return announcements.length > 0 ? { announced: announcedSummary(announcements, now) } : {};
}

function sourceOf({ revision }: RunRecord): ReportBody["source"] {
  if (!revision) return null;
  const { uri, commit, tree, digest, dirty, sequence, fastForward, previousCommit } = revision;
  return { uri, commit, tree, digest, dirty, sequence, fastForward, previousCommit };
}

function scopeOf({ desired, run }: RunRecord): ReportBody["scope"] {
  const targets = desired?.fleet.targets ?? [];
  return {
    fleet: desired?.fleet.name ?? null,
    accounts: [...new Set(targets.map(({ account }) => account))].toSorted(),
    regions: [...new Set(targets.map(({ region }) => region))].toSorted(),
    partial: run.scope !== undefined,
    exclusions: (desired?.fleet.excluded ?? []).map(({ account, reason }) => ({ account, reason })),
  };
}

function observationsOf({ before }: RunRecord): Pick<ReportBody, "observations" | "governed"> {
  return {
    observations: (before?.listings ?? []).map((listing) => ({
      target: listing.target,
      kind: listing.kind,
      items: listing.items.length,
      complete: listing.status === "complete" && listing.unread.length === 0,
      ...(listing.status === "incomplete" ? { failure: failureRow(listing.failure) } : {}),
    })),
    governed: (before?.governed ?? []).map(({ target, kind, partition, status, counts }) => ({
      target,
      kind,
      partition,
      complete: status === "complete",
      counts: { ...counts },
    })),
  };
}

/** Counts of every list, so that a shortened one shows, and of what is only in attachments. */
function summaryOf(body: Pick<ReportBody, Section>, left: Plan | undefined, record: RunRecord): Record<string, number> {
  const ofType = (type: string) => left?.drift.filter((drift) => drift.type === type).length ?? 0;
  return {
    ...sectionCounts(body),
    inSync: ofType("in-sync"),
    unmanaged: ofType("unmanaged"),
    unknown: ofType("unknown"),
    deferred: left?.deferred ?? 0,
    announced: openAnnouncements(record).length,
    targets: record.desired?.fleet.targets.length ?? 0,
  };
}
