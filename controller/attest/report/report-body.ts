import { announcedSummary } from "../../domain/announcement.ts";
import { instant } from "../../domain/identity.ts";
import type { Plan } from "../../domain/plan.ts";
import type { Carried } from "../../domain/carried.ts";
import type { ReportBody } from "../../domain/report.ts";
import { worstVerdict, type Verdict } from "../../domain/verdict.ts";
import { openAnnouncements } from "../memory/carry-destruction.ts";
import type { Self } from "../../ports.ts";
import type { RunRecord } from "./record.ts";
import { groupRow } from "./groups.ts";
import { actionRows, changeRow, deletionRow, failureRow, findingRow, holdRow, resourceRow } from "./rows.ts";
import { sectionCounts } from "./sections.ts";
import { sourceSection } from "./source-section.ts";
import { surveyed, surveyLimitations } from "./surveyed.ts";
import { treatments } from "./treatments.ts";
import { targetVerdicts } from "./verdicts.ts";

type Told = Pick<Plan, "waves" | "held" | "drift" | "groups" | "tallies">;
const EMPTY_PLAN: Told = { waves: [], held: [], drift: [], groups: [], tallies: [] };

/** What a run has to say for itself, whatever became of it. The chain adds its place and its signature. */
export function reportBody(record: RunRecord, carried: Carried, self: Self, now: Date): ReportBody {
  const left = record.after ?? record.plan;
  const targets = left && record.desired ? targetVerdicts(record.desired.fleet.targets, left, record.outcomes) : [];
  const body: Omit<ReportBody, "summary"> = {
    schema: "1.0",
    reporter: reporterOf(record, self),
    source: record.revision ? sourceSection(record.revision) : null,
    scope: scopeOf(record),
    run: {
      id: record.run.id,
      trigger: record.run.trigger,
      mode: "apply",
      startedOn: instant(record.startedOn),
      finishedOn: instant(now),
      attempts: 1,
      clock: { ...self.clock },
      ...(record.failure ? { failure: record.failure } : {}),
    },
    result: runVerdict(
      record,
      targets.map(({ result }) => result),
    ),
    targets: [...targets],
    ...rowsOf(record, left ?? EMPTY_PLAN),
    ...announcedOf(record, now),
    ...surveyed(record, now),
    ...(record.coverageEffect ? { coverageEffect: record.coverageEffect } : {}),
    ...(record.misnamed ? { misnamed: [...record.misnamed] } : {}),
    exceptions: exceptionsOf(record),
    ...listingsOf(record),
    standDowns: (record.memory?.standDowns ?? []).map(({ run, on, holder }) => ({ run, on, holder })),
    carried,
    attachments: [...record.attachments],
    limitations: [...LIMITATIONS, ...surveyLimitations(record), ...record.limitations],
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

function rowsOf(record: RunRecord, left: Told) {
  const { plan, outcomes, recovered } = record;
  const treatmentOf = treatments(record, left);
  const open = [...left.held.flatMap(({ change }) => change ?? []), ...left.waves.flat()];
  const findings = open.flatMap((change) => (change.action === "amend" ? [findingRow(change, treatmentOf)] : []));
  return {
    resources: [...left.drift.flatMap((drift) => resourceRow(drift, treatmentOf) ?? []), ...findings],
    held: left.held.map(holdRow),
    changes: outcomes.map(changeRow),
    actions: outcomes.flatMap((outcome) => actionRows(outcome)),
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

function scopeOf({ desired, run }: RunRecord): ReportBody["scope"] {
  const targets = desired?.fleet.targets ?? [];
  return {
    fleet: desired?.fleet.name ?? null,
    accounts: [...new Set(targets.map(({ account }) => account))].toSorted(),
    regions: [...new Set(targets.map(({ region }) => region))].toSorted(),
    resourceTypes: [...new Set(desired?.rules.flatMap(({ resourceTypes }) => resourceTypes ?? ["*"]))].toSorted(),
    partial: run.scope !== undefined,
    exclusions: (desired?.fleet.excluded ?? []).map(({ account, reason, manifest }) => ({
      selector: account,
      reason,
      manifest: manifest ?? null,
    })),
  };
}

const reporterOf = ({ run, caller }: RunRecord, self: Self): ReportBody["reporter"] => ({
  ...run.reporter,
  imageDigest: self.imageDigest,
  configSha256: self.configSha256,
  principalArn: caller?.arn ?? null,
  accountId: caller?.account ?? null,
  region: self.region,
});

/** Exceptions that somebody accepted, in git and with an end. */
const exceptionsOf = ({ desired }: RunRecord): ReportBody["exceptions"] =>
  (desired?.waivers ?? []).map(({ name, owner, reason, expiresOn, findings, source: { path, line, column } }) => ({
    id: name,
    arn: [...(findings?.recoveryPoints ?? []), ...(findings?.resources ?? [])].join(" ") || null,
    reason,
    approvedIn: desired?.revision.commit ?? null,
    owner,
    expiresOn,
    manifest: { path, line, column },
  }));

function listingsOf({ before }: RunRecord): Pick<ReportBody, "listings" | "governed"> {
  return {
    listings: (before?.listings ?? []).map((listing) => ({
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
function summaryOf(
  body: Omit<ReportBody, "summary">,
  left: Plan | undefined,
  record: RunRecord,
): Record<string, number> {
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
