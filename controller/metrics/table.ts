/**
 * The metrics of a run, by name with their unit: the handler emits them, alarms and the dashboard read them, and no name stands anywhere
 * else. One dimension, the fleet: CloudWatch charges for each combination, and accounts, Regions and vaults are for the report to tell apart.
 */
export const NAMESPACE = "Holdfast";

/** The dimension's name is Powertools' own, and its value POWERTOOLS_SERVICE_NAME: the fleet. */
export const FLEET_DIMENSION = "service";

export const METRICS = {
  /** The heartbeat. A run over a part of the fleet does not beat: it does not stand in for the one that is due (design §12). */
  ReportsPublished: "Count",
  /** A report was published, and says FAILED. */
  RunsFailed: "Count",
  /** A run ended without a report. One that Lambda cut short tells nothing: Lambda's own Errors count it. */
  RunsBroken: "Count",
  RunsStoodDown: "Count",
  RunTime: "Seconds",
  /** From this report until the next is due. */
  NextReportDue: "Seconds",
  /** Messages of AWS Backup's events that are done with: looked at, found to be seen already, or with nothing to look at. */
  EventsHandled: "Count",
  /** Messages that nobody can make anything of, on their way to the dead letters. */
  EventsRefused: "Count",
  /** Messages that stay in the queue for another run. */
  EventsReturned: "Count",
  ColdStarts: "Count",
  ApiCalls: "Count",
  ApiThrottles: "Count",

  /** A report, or what it rests on, does not verify. */
  EvidenceAltered: "Count",
  /** What was found out could not be signed or stored. */
  EvidenceRefused: "Count",
  /** The published desired state is not what its trusted keys signed. */
  DesiredStateUnverified: "Count",

  TargetsConverged: "Count",
  TargetsCorrected: "Count",
  TargetsSuspended: "Count",
  TargetsDrifted: "Count",
  TargetsHeld: "Count",
  TargetsIncomplete: "Count",
  TargetsFailed: "Count",
  AccountsUnreachable: "Count",

  ResourcesDrifted: "Count",
  ResourcesUnknown: "Count",
  ChangesHeld: "Count",
  /** A person's tag keeps us from writing (rule 27). */
  BreakGlassHolds: "Count",
  ChangesApplied: "Count",
  ChangesFailed: "Count",
  /** Deletions and shortened lives that AWS took on. */
  Destructions: "Count",
  DestructionsAnnounced: "Count",

  /** Recovery points that break a policy, and by what is wrong with them. */
  PointsBreaching: "Count",
  PointsOrphaned: "Count",
  PointsMiskept: "Count",
  PointsUncopied: "Count",
  PointsMisencrypted: "Count",
  PointsMisplaced: "Count",
  /** The newest point of a resource expires and nothing will come after it (rule 1). */
  LastPointsExpiring: "Count",
  OrphanBytes: "Bytes",
  ResourcesUnprotected: "Count",
  /** What a CoveragePolicy asks for and is not so: no usable point at all, the newest too old, no copy that it asks for. */
  RequiredUnprotected: "Count",
  RpoBreaches: "Count",
  RequiredUncopied: "Count",
  /** Resources that more than one plan backs up. */
  PlansOverlapping: "Count",
  /** Restore tests that failed, or whose validator said so; what was not tested or not validated in time; what took longer than its target. */
  RestoreTestsFailed: "Count",
  RestoreTestsOverdue: "Count",
  RestoreTestsSlow: "Count",
  /** Resources that a test restored and nobody removed. */
  RestoreLeftovers: "Count",
  /** Since the class that was last restored well the longest ago. */
  RestoreTestAge: "Seconds",
  JobsFailed: "Count",

  /** What is wrong with protection and not over yet. */
  ConcernsOpen: "Count",
  ConcernsCritical: "Count",
  /** Routes that could not be told. */
  NoticesFailed: "Count",
  /** Addresses that notices are sent to, secrets that nothing renews by itself, and that nobody has renewed for a year (rule 29). */
  NoticeSecretsOld: "Count",
} as const satisfies Readonly<Record<string, "Count" | "Seconds" | "Bytes">>;

export type MetricName = keyof typeof METRICS;

export interface Metric {
  readonly name: MetricName;
  readonly unit: (typeof METRICS)[MetricName];
  readonly value: number;
}

export const metric = (name: MetricName, value: number): Metric => ({ name, unit: METRICS[name], value });
