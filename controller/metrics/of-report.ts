import { type Concern, isOpen, type NoticeTrouble } from "../domain/concern.ts";
import type { ChangeRow } from "../domain/report-rows.ts";
import type { ReportBody } from "../domain/report.ts";
import type { TestedClass } from "../domain/tested.ts";
import type { Verdict } from "../domain/verdict.ts";
import type { OwnReport } from "../ports.ts";
import { FINDINGS, OF_POINTS } from "./findings.ts";
import { ofFailureCode } from "./of-failure.ts";
import { metric, type Metric, type MetricName } from "./table.ts";

/** What a run had to say, and when its report says that the next is due. */
export interface Told {
  readonly said: ReportBody;
  readonly nextDueBefore: string;
  /** All that stand open, and what is over since. Absent: nobody drew them up. */
  readonly concerns?: readonly Concern[];
  /** All classes that restores are tested of. Absent: nobody drew them up. */
  readonly tested?: readonly TestedClass[];
}

/** Of a report that this process has published. */
export const toldBy = ({ said, report, concerns, tested }: OwnReport): Told => ({
  said,
  nextDueBefore: report.chain.nextDueBefore,
  concerns,
  ...(tested ? { tested } : {}),
});

/**
 * A report in numbers. What a run did counts whatever it looked at. How things stand is told by runs that looked at all of the fleet and
 * were not broken off: the others do not know, and a zero would say that all is well.
 */
export const metricsOfReport = ({ said, nextDueBefore, concerns, tested = [] }: Told): readonly Metric[] => [
  ...ofRun(said),
  ...ofConcerns(said, concerns),
  ...restoreTestAge(said, tested),
  ...ofChanges(said.changes),
  ...(said.scope.partial ? [] : heartbeat(said, nextDueBefore)),
  ...(said.scope.partial || said.run.failure ? [] : ofState(said)),
];

const ofRun = ({ run, result }: ReportBody): readonly Metric[] => [
  metric("RunTime", secondsBetween(run.startedOn, run.finishedOn)),
  metric("RunsFailed", result === "FAILED" ? 1 : 0),
  metric("RunsBroken", 0),
  metric("RunsStoodDown", 0),
  ...ofFailureCode(run.failure?.code),
];

/** Classes that never were restored well have no age: a finding says so (restore-untested). */
function restoreTestAge({ run }: ReportBody, tested: readonly TestedClass[]): readonly Metric[] {
  const [oldest] = tested.flatMap(({ lastSuccessOn }) => lastSuccessOn ?? []).toSorted();
  return oldest === undefined ? [] : [metric("RestoreTestAge", secondsBetween(oldest, run.finishedOn))];
}

/** Also of a run over a part of the fleet: what it did not look at stands as it stood. `concerns`: the list, where it is at hand. */
const ofConcerns = (said: ReportBody, concerns: readonly Concern[] | undefined): readonly Metric[] => [
  ...(said.concerns
    ? [metric("ConcernsOpen", said.concerns.open), metric("ConcernsCritical", said.concerns.critical)]
    : []),
  ...(concerns
    ? [
        metric("NoticesFailed", openBecause(concerns, "notice-failed")),
        metric("NoticeSecretsOld", openBecause(concerns, "webhook-old")),
      ]
    : []),
];

const openBecause = (concerns: readonly Concern[], cause: NoticeTrouble["cause"]): number =>
  concerns.filter((concern) => concern.cause === cause && isOpen(concern)).length;

const heartbeat = ({ run }: ReportBody, nextDueBefore: string): readonly Metric[] => [
  metric("ReportsPublished", 1),
  metric("NextReportDue", secondsBetween(run.finishedOn, nextDueBefore)),
];

const secondsBetween = (from: string, to: string): number => Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000);

function ofChanges(changes: readonly ChangeRow[]): readonly Metric[] {
  const done = changes.filter(({ result }) => result === "applied" || result === "accepted");
  return [
    metric("ChangesApplied", done.length),
    metric("ChangesFailed", changes.filter(({ result }) => result === "failed").length),
    metric("Destructions", done.filter(({ effect }) => effect === "destroys").length),
  ];
}

const ofState = (said: ReportBody): readonly Metric[] => [
  ...ofTargets(said),
  metric("AccountsUnreachable", unreachable(said).size),
  metric("ResourcesDrifted", said.resources.filter(({ outcome }) => outcome !== "unknown").length),
  metric("ResourcesUnknown", said.resources.filter(({ outcome }) => outcome === "unknown").length),
  metric("ChangesHeld", said.held.length),
  metric("BreakGlassHolds", said.held.filter(isBreakGlass).length),
  metric("DestructionsAnnounced", said.announced?.points ?? 0),
  ...ofFindings(said.tallies ?? []),
  ...(said.coverage.complete ? [metric("ResourcesUnprotected", said.coverage.unprotected.length)] : []),
  ...(said.jobs.complete ? [metric("JobsFailed", said.jobs.failed.length)] : []),
];

/** A run stands down as a whole: no target does. */
const TARGETS: Readonly<Record<Exclude<Verdict, "STOOD_DOWN">, MetricName>> = {
  CONVERGED: "TargetsConverged",
  CORRECTED: "TargetsCorrected",
  SUSPENDED: "TargetsSuspended",
  DRIFTED: "TargetsDrifted",
  HELD: "TargetsHeld",
  INCOMPLETE: "TargetsIncomplete",
  FAILED: "TargetsFailed",
};

const ofTargets = ({ targets }: ReportBody): readonly Metric[] =>
  Object.entries(TARGETS).map(([verdict, name]) =>
    metric(name, targets.filter(({ result }) => result === verdict).length),
  );

const unreachable = ({ listings }: ReportBody): ReadonlySet<string> =>
  new Set(listings.flatMap(({ target, failure }) => (failure?.kind === "unreachable" ? target.account : [])));

/** A manifest may suspend too, which was reviewed and rouses nobody: a tag set by hand is named in the hold's own sentence. */
const isBreakGlass = ({ reason, because }: ReportBody["held"][number]): boolean =>
  reason === "suspended" && because.includes("holdfast:suspend-until");

function ofFindings(tallies: NonNullable<ReportBody["tallies"]>): readonly Metric[] {
  const sum = (name: MetricName, of: "points" | "bytes" = "points") =>
    tallies.filter(({ cause }) => FINDINGS[cause] === name).reduce((total, tally) => total + tally[of], 0);
  const breaching = tallies.filter(({ cause }) => Object.hasOwn(OF_POINTS, cause));
  return [
    metric(
      "PointsBreaching",
      breaching.reduce((total, { points }) => total + points, 0),
    ),
    ...[...new Set(Object.values(FINDINGS))].map((name) => metric(name, sum(name))),
    metric("OrphanBytes", sum("PointsOrphaned", "bytes")),
  ];
}
