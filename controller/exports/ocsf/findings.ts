import { holdsBy } from "../../domain/holds-by.ts";
import type { ToldReport } from "../csv/table.ts";
import type { Told, ToldChange, ToldHold, ToldResource } from "../told.ts";
import { severityOf, type Severity } from "./severity.ts";

/** What a compliance check came to, as OCSF's `compliance.status_id` parts it. */
export type Compliance = "pass" | "warning" | "fail";

/** One resource of which something is to be said, before it is put in OCSF's words. */
export interface Condition {
  /** The same for as long as it is the same trouble with the same resource, so that a SIEM updates one finding and opens no second. */
  readonly uid: string;
  readonly account: string | undefined;
  readonly region: string | undefined;
  readonly resource: { readonly uid: string; readonly name: string; readonly type: string };
  /** False: AWS Backup has no recovery point of it. Undefined: the report does not say. */
  readonly backedUp: boolean | undefined;
  readonly compliance: Compliance;
  readonly severity: Severity;
  /** One word: the drift, the finding's cause, or why it is not protected. */
  readonly what: string;
  readonly because: string;
  /** What would end it. */
  readonly release: string | undefined;
}

/** What is wrong, held or not known as a report tells it: one condition a resource, or one a finding of it. In order of uid. */
export function conditionsOf({ told }: ToldReport): readonly Condition[] {
  const chain = told.chain.id;
  const holds = new Map(told.held.map((hold) => [holdUid(chain, hold), hold]));
  const holdOf = holdsBy(told.held);
  const rows = told.resources.map((row) => {
    const hold = row.change === undefined ? holds.get(placeUid(chain, row)) : holdOf(row);
    return { condition: resourceCondition(rowUid(chain, row), row, hold), hold };
  });
  const shown = new Set(rows.map(({ hold }) => hold));
  const others = told.held.filter((hold) => !shown.has(hold)).map((hold) => holdCondition(holdUid(chain, hold), hold));
  const all = [...rows.map(({ condition }) => condition), ...others, ...unprotected(chain, told)];
  return [...new Map(all.map((one) => [one.uid, one])).values()].toSorted((a, b) => (a.uid < b.uid ? -1 : 1));
}

/** What this run's changes mended, as conditions that hold no more. */
export const mendedBy = ({ told }: ToldReport): readonly Condition[] =>
  told.changes
    .filter(({ result }) => result === "applied")
    .map((change) => ({
      ...common(ofFinding(holdUid(told.chain.id, change), change.finding), change.key, change.subject),
      compliance: "pass",
      severity: "informational",
      what: "corrected",
      because: change.because ?? `${change.action} was applied`,
      release: undefined,
    }));

const resourceCondition = (uid: string, row: ToldResource, hold: ToldHold | undefined): Condition => {
  const unknown = row.drift === "unknown";
  return {
    ...common(uid, row.key, row.arn ?? row.id),
    compliance: unknown ? "warning" : "fail",
    severity: severityOf({ drift: row.drift, effect: hold?.effect ?? effectOf(row), held: hold !== undefined }),
    what: row.finding?.cause ?? row.drift,
    because:
      sentence(row.failure?.message, row.because, row.finding?.because, hold && `held: ${hold.because}`) ?? row.drift,
    release: hold?.release,
  };
};

const holdCondition = (uid: string, hold: ToldHold): Condition => ({
  ...common(uid, hold.key, hold.subject),
  compliance: "fail",
  severity: severityOf({ drift: "held", effect: hold.effect, held: true }),
  what: hold.reason,
  because: hold.because,
  release: hold.release,
});

const unprotected = (chain: string, { coverage }: Told): readonly Condition[] =>
  (coverage?.unprotected ?? []).map(({ arn, type, reason }) => ({
    uid: `${chain}/unprotected/${arn}`,
    region: partOfArn(arn, 3),
    account: partOfArn(arn, 4),
    resource: { uid: arn, name: arn, type },
    backedUp: false,
    compliance: "fail",
    severity: "high",
    what: reason,
    because: "AWS Backup could protect this resource and has no recovery point of it",
    release: "declare a selection that covers it, or an exception",
  }));

const common = (uid: string, { target, kind, name }: ToldHold["key"], id: string | undefined) => ({
  uid,
  account: target.account,
  region: target.region,
  resource: { uid: id ?? `${target.account}/${target.region}/${kind}/${name}`, name, type: kind },
  backedUp: undefined,
});

const holdUid = (chain: string, { key, subject }: Pick<ToldHold | ToldChange, "key" | "subject">): string =>
  uidOf(chain, key, subject);

/** A governed resource may break several rules at once, each in several ways; a declared one is in one state. */
const rowUid = (chain: string, row: ToldResource): string => ofFinding(placeUid(chain, row), row.finding);
const placeUid = (chain: string, { key, id, finding }: ToldResource): string => uidOf(chain, key, finding && id);
const ofFinding = (uid: string, finding: ToldResource["finding"]): string =>
  finding ? `${uid}/${finding.policy}/${finding.cause}` : uid;

const uidOf = (chain: string, { target, kind, name }: ToldHold["key"], subject: string | undefined): string =>
  [chain, target.account, target.region, kind, name, ...(subject === undefined ? [] : [subject])].join("/");

/** What the worst of a row's differences is to protection. */
const effectOf = ({ differences, fields }: ToldResource): string | undefined => {
  const effects = (differences ?? fields ?? []).map(({ effect }) => effect);
  return effects.includes("strengthens") ? "strengthens" : effects[0];
};

const sentence = (...parts: readonly (string | undefined)[]): string | undefined => {
  const said = parts.filter((part) => part !== undefined && part !== "");
  return said.length === 0 ? undefined : said.join("; ");
};

const partOfArn = (arn: string, at: number): string | undefined => {
  const part = arn.split(":")[at];
  return part === undefined || part === "" ? undefined : part;
};
