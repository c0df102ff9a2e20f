import { code, h, type Child } from "../dom.ts";
import { rowsOf } from "../rows.ts";
import { note, notLookedAt, type Context, type Section } from "../section.ts";
import type { ActionRow, ChangeRow, DeletionRow, RecoveredRow } from "../shapes.ts";
import { dataTable, type Column } from "../table.ts";
import { bytes, differencesList, differencesText, instant, placeText, targetText, when, wordBadge } from "../words.ts";

export const changes: Section = { id: "changes", title: "What had drifted, and was mended", make };

async function make({ evidence, shown }: Context): Promise<readonly Child[]> {
  const [made, calls, recovered, deletions] = await Promise.all([
    rowsOf(evidence, shown, "changes"),
    rowsOf(evidence, shown, "actions"),
    rowsOf(evidence, shown, "recovered"),
    rowsOf(evidence, shown, "deletions"),
  ]);
  return [
    ...(made
      ? [
          note(made.note),
          dataTable({
            caption: "Changes of this run",
            columns: CHANGES,
            rows: made.rows,
            empty: "Nothing was changed: there was nothing to mend, or nothing that might be mended unasked.",
          }),
        ]
      : [notLookedAt("changes")]),
    ...(deletions && deletions.rows.length > 0
      ? [
          h("h3", {}, "Deletions asked for earlier, and what became of them"),
          note(deletions.note),
          dataTable({ caption: "Deletions followed up", columns: DELETIONS, rows: deletions.rows, empty: "" }),
        ]
      : []),
    ...(recovered && recovered.rows.length > 0
      ? [
          h("h3", {}, "Writes of a run that died, judged by looking"),
          dataTable({ caption: "Recovered writes", columns: RECOVERED, rows: recovered.rows, empty: "" }),
        ]
      : []),
    ...(calls
      ? [
          h("h3", {}, "Every call that wrote, for CloudTrail"),
          h(
            "p",
            {},
            "Each row is one try. CloudTrail has it in the account's own trail, with the same requestID: what is not there was not done.",
          ),
          note(calls.note),
          dataTable({
            caption: "Calls that wrote",
            columns: CALLS,
            rows: calls.rows,
            empty: "No call that writes was made.",
          }),
        ]
      : []),
  ];
}

const CHANGES: readonly Column<ChangeRow>[] = [
  { title: "Result", text: ({ result }) => result, show: ({ result }) => wordBadge(result) },
  { title: "Action", text: ({ action, finding }) => finding?.step ?? action },
  {
    title: "Resource",
    text: ({ key, subject }) => `${key.kind} ${key.name} ${subject ?? ""}`,
    show: ({ key, subject, finding }) => [
      key.kind,
      " ",
      h("b", {}, subject ?? key.name),
      finding ? ` in ${finding.partition} (${bytes(finding.bytes)})` : "",
    ],
  },
  { title: "Where", text: ({ key }) => targetText(key.target) },
  {
    title: "What differed",
    text: (row) => differencesText(differencesOf(row)),
    show: (row) => differencesList(differencesOf(row)),
  },
  { title: "Effect", text: ({ effect }) => effect ?? "–" },
  {
    title: "Why, and by whose consent",
    text: (row) =>
      [
        row.finding?.because,
        row.because,
        row.consent &&
          `approved by ${row.consent.approval}${row.consent.ticket === undefined ? "" : ` (${row.consent.ticket})`}`,
      ]
        .filter(Boolean)
        .join("; ") || "–",
  },
  { title: "Manifest", text: ({ manifest }) => placeText(manifest) },
  { title: "Change", text: ({ change }) => change, show: ({ change }) => code(change) },
];

/** v0 called them fields. */
const differencesOf = ({ differences, fields }: ChangeRow) => differences ?? fields ?? [];

const CALLS: readonly Column<ActionRow>[] = [
  { title: "Called on", text: ({ calledOn }) => instant(calledOn) },
  { title: "Operation", text: ({ operation }) => operation, show: ({ operation }) => code(operation) },
  { title: "Where", text: ({ key }) => targetText(key.target) },
  { title: "Resource", text: ({ key, subject }) => `${key.kind} ${subject ?? key.name}` },
  {
    title: "Answer",
    text: ({ outcome, failure }) => `${outcome} ${failure?.message ?? ""}`,
    show: ({ outcome, failure }) => [wordBadge(outcome), failure?.message ? ` ${failure.message}` : ""],
  },
  {
    title: "Request id",
    text: ({ requestId }) => requestId ?? "none",
    show: ({ requestId }) => (requestId === undefined ? "none" : code(requestId)),
  },
  { title: "Role", text: ({ role }) => role ?? "–" },
  { title: "Change", text: ({ change }) => change, show: ({ change }) => code(change) },
];

const DELETIONS: readonly Column<DeletionRow>[] = [
  { title: "Result", text: ({ result }) => result, show: ({ result }) => wordBadge(result) },
  { title: "Recovery point", text: ({ subject }) => subject, show: ({ subject }) => code(subject) },
  { title: "Where", text: ({ key }) => targetText(key.target) },
  { title: "Accepted on", text: ({ acceptedOn }) => when(acceptedOn) },
  { title: "Refusals", text: ({ refusals }) => refusals, numeric: true },
  { title: "Change", text: ({ change }) => change, show: ({ change }) => code(change) },
];

const RECOVERED: readonly Column<RecoveredRow>[] = [
  { title: "Result", text: ({ result }) => result, show: ({ result }) => wordBadge(result) },
  { title: "Run", text: ({ run }) => run },
  { title: "Action", text: ({ action }) => action },
  { title: "Resource", text: ({ key, subject }) => `${key.kind} ${subject ?? key.name}` },
  { title: "Where", text: ({ key }) => targetText(key.target) },
  { title: "Change", text: ({ change }) => change, show: ({ change }) => code(change) },
];
