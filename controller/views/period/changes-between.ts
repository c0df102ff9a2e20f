import { showKey } from "../../domain/identity.ts";
import type { ResourceRow } from "../../domain/report-rows.ts";
import type { Report } from "../../domain/report.ts";

/** One end of a comparison. */
export interface End {
  readonly sequence: number;
  readonly finishedOn: string;
  readonly result: string;
  readonly commit: string | null;
}

/** Rows of one list that are in one report and not in the other, or say something else there. `was` and `is`: what they say. */
export interface ListChanges {
  readonly list: string;
  readonly came: readonly { readonly name: string; readonly is: string }[];
  readonly went: readonly { readonly name: string; readonly was: string }[];
  readonly changed: readonly { readonly name: string; readonly was: string; readonly is: string }[];
  /** Rows that both have alike. */
  readonly same: number;
}

export interface ReportDiff {
  readonly from: End;
  readonly to: End;
  /** Numbers that are not the same in both. Null: the report does not say. */
  readonly numbers: readonly { readonly name: string; readonly from: number | null; readonly to: number | null }[];
  readonly lists: readonly ListChanges[];
  /** Changes that the reports after the one and up to the other carried out, each once, oldest first. */
  readonly done: readonly {
    readonly sequence: number;
    readonly change: string;
    readonly action: string;
    readonly on: string;
    readonly result: string;
  }[];
}

/** What changed from one report to a later one. All their rows must be here. `since`: the reports after the one, up to and with the other. */
export const changesBetween = (from: Report, to: Report, since: readonly Report[]): ReportDiff => ({
  from: endOf(from),
  to: endOf(to),
  numbers: NUMBERS.map(([name, of]) => ({ name, from: of(from), to: of(to) })).filter((one) => one.from !== one.to),
  lists: LISTS.map(([list, rows]) => listChanges(list, rows(from), rows(to))),
  done: since.flatMap(({ chain: { sequence }, changes }) =>
    changes.map(({ change, action, key, subject, result }) => ({
      sequence,
      change,
      action,
      on: subject ?? showKey(key),
      result,
    })),
  ),
});

const endOf = ({ chain, run, result, source }: Report): End => ({
  sequence: chain.sequence,
  finishedOn: run.finishedOn,
  result,
  commit: source?.commit ?? null,
});

type Rows = ReadonlyMap<string, string>;

const NUMBERS: readonly (readonly [string, (report: Report) => number | null])[] = [
  ["targets", ({ targets }) => targets.length],
  ["in sync", ({ summary }) => summary["inSync"] ?? null],
  ["unmanaged", ({ summary }) => summary["unmanaged"] ?? null],
  ["announced", ({ summary }) => summary["announced"] ?? null],
  // What was not read to its end is not a number to compare.
  ["resources that could be protected", ({ coverage }) => (coverage.complete ? coverage.population : null)],
  ["protected", ({ coverage }) => (coverage.complete ? coverage.protected : null)],
];

const LISTS: readonly (readonly [string, (report: Report) => Rows])[] = [
  [
    "verdicts",
    ({ targets }) =>
      rowsOf(
        targets,
        ({ target }) => `${target.account}/${target.region}`,
        ({ result }) => result,
      ),
  ],
  ["drift", ({ resources }) => rowsOf(resources, nameOfResource, stateOfResource)],
  [
    "held",
    ({ held }) =>
      rowsOf(
        held,
        ({ change, key, subject, action }) =>
          [action ?? "look at", subject ?? showKey(key), ...(change ? [`(${change})`] : [])].join(" "),
        ({ reason }) => reason,
      ),
  ],
  [
    "unprotected",
    ({ coverage }) =>
      rowsOf(
        coverage.unprotected,
        ({ arn }) => arn,
        ({ reason }) => reason,
      ),
  ],
  [
    "failed jobs",
    ({ jobs }) =>
      rowsOf(
        jobs.failed,
        ({ jobId, arn }) => `${jobId} of ${arn}`,
        ({ state }) => state,
      ),
  ],
  [
    "restore tests",
    ({ restoreTests }) =>
      rowsOf(
        restoreTests,
        ({ jobId, resource }) => `${jobId} of ${resource ?? "unknown"}`,
        ({ status, validationStatus, rtoSeconds, rtoTargetSeconds }) =>
          [
            status,
            ...(validationStatus ? [validationStatus] : []),
            ...(rtoSeconds !== null && rtoTargetSeconds !== undefined
              ? [`${rtoSeconds} s of ${rtoTargetSeconds} s allowed`]
              : []),
          ].join(", "),
      ),
  ],
  [
    "vaults",
    ({ vaults }) =>
      rowsOf(
        vaults,
        ({ arn }) => arn,
        ({ type, locked, minDays, maxDays, kmsKeyArn, policySha256 }) =>
          [
            type,
            locked ? `locked ${minDays ?? "-"} to ${maxDays ?? "-"} days` : "not locked",
            `key ${kmsKeyArn ?? "unknown"}`,
            policySha256 ? `policy ${policySha256.slice(0, 12)}` : "no policy",
          ].join(", "),
      ),
  ],
  [
    "exceptions",
    ({ exceptions }) =>
      rowsOf(
        exceptions,
        ({ id }) => id,
        ({ expiresOn, owner }) => `until ${expiresOn}, ${owner}`,
      ),
  ],
];

const rowsOf = <Row>(rows: readonly Row[], name: (row: Row) => string, state: (row: Row) => string): Rows =>
  new Map(rows.map((row) => [name(row), state(row)]));

const nameOfResource = ({ key, drift, id, finding }: ResourceRow): string =>
  drift === "finding" && id !== undefined ? `${id}, ${finding?.cause ?? "finding"}` : showKey(key);

const stateOfResource = ({ drift, outcome, differences }: ResourceRow): string =>
  [drift, outcome, ...differences.map(({ path, live, desired }) => `${path}: ${short(live)} → ${short(desired)}`)].join(
    ", ",
  );

const short = (value: unknown): string => (value === undefined ? "none" : JSON.stringify(value));

function listChanges(list: string, from: Rows, to: Rows): ListChanges {
  const names = (rows: Rows) => [...rows].toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const both = names(to).flatMap(([name, is]) => {
    const was = from.get(name);
    return was === undefined ? [] : [{ name, was, is }];
  });
  return {
    list,
    came: names(to).flatMap(([name, is]) => (from.has(name) ? [] : [{ name, is }])),
    went: names(from).flatMap(([name, was]) => (to.has(name) ? [] : [{ name, was }])),
    changed: both.filter(({ was, is }) => was !== is),
    same: both.filter(({ was, is }) => was === is).length,
  };
}
