import { ENVELOPE_MEDIA_TYPE } from "../../attest/envelope.ts";
import { saysSomething, type ToldReport } from "../csv/table.ts";
import { isReadable, type ExportFile } from "../export-report.ts";
import { namedUuid } from "../named-uuid.ts";
import { conditionsOf, type Condition } from "../ocsf/findings.ts";
import { CONTROLS, statementOf, type Control } from "./controls.ts";
import { metadata, oscalString, prop } from "./document.ts";
import { PLAN_FILE, reviewedControls } from "./plan.ts";

export const RESULTS_FILE = "assessment-results.json";

/**
 * OSCAL assessment results: one result a report, its conditions as observations whose evidence is the signed report in the back matter,
 * by digest. Undefined where there is no report: a document without results is none. A short "no change" report is a result with the
 * findings it makes anew; what it leaves out is in the report it names.
 */
export function assessmentResults(files: readonly ExportFile[], url: (sequence: number) => string): object | undefined {
  const reports = files.filter(isReadable).filter(saysSomething);
  const newest = reports.at(-1);
  if (!newest) return undefined;
  const name = reports.map(({ payloadSha256 }) => payloadSha256);
  return {
    "assessment-results": {
      uuid: namedUuid("assessment-results", ...name),
      metadata: metadata({ title: "Backups as Holdfast's reports found them", on: newest.told.run.finishedOn, name }),
      "import-ap": { href: PLAN_FILE },
      results: reports.map(resultOf),
      "back-matter": { resources: reports.map((report) => evidenceOf(report, url(report.sequence))) },
    },
  };
}

function resultOf(report: ToldReport): object {
  const { told, payloadSha256, sequence } = report;
  const judged = CONTROLS.flatMap((control) => {
    const judgement = control.judge(report);
    return judgement ? [{ control, ...judgement }] : [];
  });
  const conditions = conditionsOf(report);
  return {
    uuid: namedUuid("result", payloadSha256),
    title: `Report ${sequence}: ${told.result}`,
    description: `What run ${told.run.id} found and did, as report ${sequence} of chain ${told.chain.id} says.`,
    start: told.chain.window?.from ?? told.run.startedOn,
    end: told.run.finishedOn,
    props: [
      prop("sequence", sequence),
      prop("payload-sha256", payloadSha256),
      prop("verdict", told.result),
      ...(told.source?.commit ? [prop("commit", told.source.commit)] : []),
      ...(told.unchanged ? [prop("unchanged-since", told.unchanged.since.sequence)] : []),
    ],
    "reviewed-controls": reviewedControls(),
    observations: [
      ...judged.map(({ control, because }) => observation(report, control.id, `${control.title}: ${because}`, [])),
      ...conditions.map((condition) => observation(report, condition.uid, sentenceOf(condition), propsOf(condition))),
    ],
    findings: judged.map(({ control, satisfied, because }) => findingOf(report, control, satisfied, because)),
  };
}

const sentenceOf = ({ resource, what, because }: Condition): string =>
  `${resource.type} ${resource.name}: ${what}. ${because}`;

const propsOf = ({ resource, account, region, severity }: Condition) => [
  prop("resource", resource.uid),
  prop("severity", severity),
  ...(account === undefined ? [] : [prop("account", account)]),
  ...(region === undefined ? [] : [prop("region", region)]),
];

const observation = (
  { payloadSha256, sequence, told }: ToldReport,
  name: string,
  description: string,
  props: readonly object[],
) => ({
  uuid: namedUuid("observation", payloadSha256, name),
  description: oscalString(description),
  ...(props.length === 0 ? {} : { props }),
  methods: ["TEST"],
  types: ["control-objective"],
  "relevant-evidence": [
    { href: `#${namedUuid("report", payloadSha256)}`, description: `Signed reconciliation report ${sequence}` },
  ],
  collected: told.run.finishedOn,
});

const findingOf = ({ payloadSha256 }: ToldReport, control: Control, satisfied: boolean, because: string): object => ({
  uuid: namedUuid("finding", payloadSha256, control.id),
  title: control.title,
  description: oscalString(because),
  target: {
    type: "statement-id",
    "target-id": statementOf(control),
    status: { state: satisfied ? "satisfied" : "not-satisfied", reason: satisfied ? "pass" : "fail" },
  },
  "related-observations": [{ "observation-uuid": namedUuid("observation", payloadSha256, control.id) }],
});

/** Hashed is the file as it lies in a pack; the payload's own hash, which is the report's identity, is a prop. */
const evidenceOf = ({ sequence, payloadSha256, envelopeSha256 }: ToldReport, href: string): object => ({
  uuid: namedUuid("report", payloadSha256),
  title: `Reconciliation report ${sequence}`,
  props: [prop("payload-sha256", payloadSha256)],
  rlinks: [
    {
      href,
      "media-type": ENVELOPE_MEDIA_TYPE,
      hashes: [{ algorithm: "SHA-256", value: envelopeSha256 }],
    },
  ],
});
