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
  JobsFailed: "Count",
} as const satisfies Readonly<Record<string, "Count" | "Seconds" | "Bytes">>;

export type MetricName = keyof typeof METRICS;

export interface Metric {
  readonly name: MetricName;
  readonly unit: (typeof METRICS)[MetricName];
  readonly value: number;
}

export const metric = (name: MetricName, value: number): Metric => ({ name, unit: METRICS[name], value });
