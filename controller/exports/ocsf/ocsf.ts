import { isReadable, type ExportFile } from "../export-report.ts";
import { saysSomething, type ToldReport } from "../csv/table.ts";
import { conditionsOf, mendedBy, type Compliance, type Condition } from "./findings.ts";
import { SEVERITIES, type Severity } from "./severity.ts";

/** The version of the schema that findings are written in: the first whose resources say whether they are backed up. */
export const OCSF_VERSION = "1.5.0";

const ACTIVITIES = { Create: 1, Update: 2, Close: 3 } as const;
type Activity = keyof typeof ACTIVITIES;
const COMPLIANCE: Readonly<Record<Compliance, readonly [number, string]>> = {
  pass: [1, "Pass"],
  warning: [2, "Warning"],
  fail: [3, "Fail"],
};
const COMPLIANCE_FINDING = 2003;

/** What a finding needs of its report beside the condition. */
interface Origin {
  readonly report: ToldReport;
  readonly url: string;
  readonly firstSeen: number;
}

/** Findings in the making. A report's place in the order decides whether one is created, updated or closed. */
export interface OcsfWriter {
  /** NDJSON: one Compliance Finding (class 2003) a line, those of this file. */
  readonly add: (file: ExportFile) => string;
}

/**
 * `url`: where the report with a sequence lies, for `finding_info.src_url`. A trouble that the export has not shown yet is created, one
 * that it has is updated, and it is closed by the change that mended it or by a whole report that does not have it any more. A short "no
 * change" report says nothing new and writes nothing.
 */
export function ocsfWriter(url: (sequence: number) => string): OcsfWriter {
  const open = new Map<string, { readonly condition: Condition; readonly since: number }>();
  return {
    add: (file) => {
      if (!isReadable(file) || !saysSomething(file) || file.told.unchanged) return "";
      const now = Date.parse(file.told.run.finishedOn);
      const here = conditionsOf(file);
      const uids = new Set(here.map(({ uid }) => uid));
      const mended = mendedBy(file).filter(({ uid }) => !uids.has(uid));
      const gone = ended(file, open, new Set([...uids, ...mended.map(({ uid }) => uid)]));
      const lines = [
        ...here.map((condition) => ({
          condition,
          activity: open.has(condition.uid) ? ("Update" as const) : ("Create" as const),
        })),
        ...[...mended, ...gone].map((condition) => ({ condition, activity: "Close" as const })),
      ].map(({ condition, activity }) => {
        const firstSeen = open.get(condition.uid)?.since ?? now;
        return finding(condition, activity, { report: file, url: url(file.sequence), firstSeen });
      });
      for (const condition of here)
        open.set(condition.uid, { condition, since: open.get(condition.uid)?.since ?? now });
      for (const { uid } of [...mended, ...gone]) open.delete(uid);
      return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
    },
  };
}

/** Verdicts of runs that looked at all they had to. What another one does not have may only not have been seen. */
const LOOKED: ReadonlySet<string> = new Set(["CONVERGED", "CORRECTED", "DRIFTED", "HELD"]);

/** What an earlier report had and a whole one has no more. One of a part of the fleet has not looked at the rest. */
function ended(
  { told }: ToldReport,
  open: ReadonlyMap<string, { readonly condition: Condition }>,
  here: ReadonlySet<string>,
): readonly Condition[] {
  if (told.scope.partial || !LOOKED.has(told.result)) return [];
  return [...open.values()]
    .filter(({ condition }) => !here.has(condition.uid))
    .filter(({ condition }) => condition.backedUp === undefined || told.coverage?.complete === true)
    .map(({ condition }) => ({
      ...condition,
      backedUp: undefined,
      compliance: "pass",
      severity: "informational",
      because: "no longer so",
      release: undefined,
    }));
}

function finding(condition: Condition, activity: Activity, { report, url, firstSeen }: Origin): object {
  const { told, payloadSha256, sequence } = report;
  const time = Date.parse(told.run.finishedOn);
  const { resource, account, region } = condition;
  const title = `${resource.type} ${resource.name}: ${condition.what}`;
  return {
    activity_id: ACTIVITIES[activity],
    activity_name: activity,
    category_uid: 2,
    category_name: "Findings",
    class_uid: COMPLIANCE_FINDING,
    class_name: "Compliance Finding",
    type_uid: COMPLIANCE_FINDING * 100 + ACTIVITIES[activity],
    type_name: `Compliance Finding: ${activity}`,
    ...severityFields(condition.severity),
    ...(activity === "Close" ? { status_id: 4, status: "Resolved" } : { status_id: 1, status: "New" }),
    time,
    message: `${title}: ${condition.because}`,
    metadata: {
      version: OCSF_VERSION,
      profiles: ["cloud"],
      product: { name: "Holdfast", vendor_name: "Holdfast", version: told.reporter.version, uid: told.reporter.id },
      log_name: "reconciliation report",
      sequence,
      original_time: told.run.finishedOn,
    },
    cloud: {
      provider: "AWS",
      ...(account === undefined ? {} : { account: { uid: account } }),
      ...(region === undefined ? {} : { region }),
    },
    finding_info: {
      uid: condition.uid,
      uid_alt: payloadSha256,
      src_url: url,
      title,
      desc: condition.because,
      types: [condition.what],
      first_seen_time: firstSeen,
      last_seen_time: time,
    },
    compliance: complianceFields(condition, told.source?.commit ?? undefined),
    ...(condition.release === undefined ? {} : { remediation: { desc: condition.release } }),
    resources: [
      {
        ...resource,
        ...(region === undefined ? {} : { region }),
        ...(condition.backedUp === undefined ? {} : { is_backed_up: condition.backedUp }),
      },
    ],
  };
}

const severityFields = (severity: Severity) => ({
  severity_id: SEVERITIES[severity],
  severity: `${severity.slice(0, 1).toUpperCase()}${severity.slice(1)}`,
});

/** The standard is the organization's own: what it declared in git. A mapping to a framework is the reader's. */
function complianceFields({ compliance, what, because }: Condition, commit: string | undefined): object {
  const [status_id, status] = COMPLIANCE[compliance];
  return {
    standards: [commit === undefined ? "desired state" : `desired state at commit ${commit}`],
    control: what,
    status_id,
    status,
    status_detail: because,
  };
}
