import { ENVELOPE_MEDIA_TYPE } from "../../attest/sealing/envelope.ts";
import { saysSomething, type ToldReport } from "../csv/table.ts";
import { isReadable, type ExportFile } from "../export-report.ts";
import { filledIn } from "../filled-in.ts";
import { namedUuid } from "../named-uuid.ts";
import { conditionsOf, type Condition } from "../ocsf/findings.ts";
import type { Told } from "../told.ts";
import { CONTROLS, statementOf, type Control } from "./controls.ts";
import { metadata, oscalString, prop } from "./document.ts";
import { assessmentPlan, PLAN_FILE, reviewedControls } from "./plan.ts";

export const RESULTS_FILE = "assessment-results.json";

/** A document in the making. What is kept of a report is what the document says of it. */
export interface OscalWriter {
  readonly add: (file: ExportFile) => void;
  /** Undefined where there was no report: a document without results is none. */
  readonly finish: () => { readonly results: object; readonly plan: object } | undefined;
}

/**
 * OSCAL assessment results: one result a report, its conditions as observations whose evidence is the signed report in the back matter,
 * by digest; and the plan that results must name. A short "no change" report is judged by the rows it refers to where the report that has
 * them came before it. `url`: where the report with a sequence lies.
 */
export function oscalWriter(url: (sequence: number) => string): OscalWriter {
  const results: object[] = [];
  const resources: object[] = [];
  const name: string[] = [];
  let full: ToldReport | undefined;
  let on = "";
  return {
    add: (file) => {
      if (!isReadable(file) || !saysSomething(file)) return;
      if (!file.told.unchanged) full = file;
      results.push(resultOf(file, filledIn(file.told, full)));
      resources.push(evidenceOf(file, url(file.sequence)));
      name.push(file.payloadSha256);
      on = file.told.run.finishedOn;
    },
    finish: () => {
      if (results.length === 0) return undefined;
      const document = {
        uuid: namedUuid("assessment-results", ...name),
        metadata: metadata({ title: "Backups as Holdfast's reports found them", on, name }),
        "import-ap": { href: PLAN_FILE },
        results,
        "back-matter": { resources },
      };
      return { results: { "assessment-results": document }, plan: assessmentPlan({ on, name }) };
    },
  };
}

/** `filled`: the report with the rows that it refers to. Conditions that have not changed are not told anew. */
function resultOf(report: ToldReport, filled: Told): object {
  const { told, payloadSha256, sequence } = report;
  const judged = CONTROLS.flatMap((control) => {
    const judgement = control.judge(filled);
    return judgement ? [{ control, ...judgement }] : [];
  });
  const conditions = told.unchanged ? [] : conditionsOf(report);
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
