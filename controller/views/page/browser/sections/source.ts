import { code, h, type Child } from "../dom.ts";
import { attached } from "../rows.ts";
import { facts, listed, missingAttachment, notLookedAt, type Context, type Section } from "../section.ts";
import type { AttachmentRow, ListingRow, ObservationRow, Report, Subject } from "../shapes.ts";
import { dataTable, number, type Column } from "../table.ts";
import { badge, bytes, instant, plural, seconds, span } from "../words.ts";

/** What the run took for its desired state. */
export const source: Section = { id: "source", title: "The desired state: commit and manifests", make: makeSource };

function makeSource({ shown: { report, subject } }: Context): readonly Child[] {
  const { source: from } = report;
  if (!from) return [h("p", { class: "empty" }, "No desired state was read.")];
  const manifests = subject.filter(({ name }) => name !== undefined);
  return [
    facts([
      ["Repository", from.uri],
      ["Branch or tag", from.ref ?? "not told"],
      ["Commit", from.commit === null ? "none" : code(from.commit)],
      ["Tree of the manifests", [code(from.tree), from.manifestRoot ? ` in ${from.manifestRoot}` : ""]],
      ["Commit before", from.previousCommit === null ? "none" : code(from.previousCommit)],
      ["History", historyText(from.fastForward)],
      ["Commit's signature", signatureText(from.commitSignature)],
      ["Edits that no commit has", from.dirty ? badge("bad", "yes") : "none"],
      ["Git pack", from.pack ? [`${bytes(from.pack.size)}, SHA-256 `, code(from.pack.sha256)] : "none"],
    ]),
    dataTable({
      caption: "Manifests that the report is about",
      columns: SUBJECTS,
      rows: manifests,
      empty: "No manifest is named.",
    }),
  ];
}

const historyText = (fastForward: boolean | null): Child =>
  fastForward === null
    ? "not looked at"
    : fastForward
      ? "grew from the commit before"
      : badge("bad", "rewritten: the commit before is not in it");

const signatureText = (signature: NonNullable<Report["source"]>["commitSignature"]): string =>
  !signature || signature.format === "none"
    ? "none"
    : `${signature.format}, ${signature.status}${signature.signer === null ? "" : `, by ${signature.signer}`}`;

const SUBJECTS: readonly Column<Subject>[] = [
  { title: "Manifest", text: ({ name }) => name ?? "–" },
  {
    title: "SHA-256",
    text: ({ digest }) => digest["sha256"] ?? "–",
    show: ({ digest }) => code(digest["sha256"] ?? "–"),
  },
  {
    title: "Git blob",
    text: ({ digest }) => digest["gitBlob"] ?? "–",
    show: ({ digest }) => code(digest["gitBlob"] ?? "–"),
  },
];

/** The auditor's "which query, which parameters, how many, is that all". */
export const observations: Section = { id: "observations", title: "What was asked of AWS", make: makeObservations };

const LIST = "observations.ndjson.gz";

async function makeObservations({ evidence, shown }: Context): Promise<readonly Child[]> {
  const asked = await attached(evidence, shown, LIST);
  return [
    asked?.rows
      ? dataTable({
          caption: "Queries, with their parameters and how much they brought",
          columns: QUERIES,
          rows: asked.rows,
          empty: "Nothing was asked.",
        })
      : asked
        ? missingAttachment(LIST, asked)
        : notLookedAt("single queries"),
    h("h3", {}, "Listings of declared kinds"),
    ...(await listed({ evidence, shown }, "listings", "listings of declared kinds", {
      caption: "Listings",
      columns: LISTINGS,
      empty: "Nothing was listed.",
    })),
  ];
}

const complete = (is: boolean): HTMLElement => (is ? badge("good", "complete") : badge("unknown", "incomplete"));

const QUERIES: readonly Column<ObservationRow>[] = [
  { title: "Query", text: ({ api }) => api, show: ({ api }) => code(api) },
  { title: "Where", text: ({ accountId, region }) => `${accountId}/${region}` },
  {
    title: "Parameters",
    text: ({ parameters }) => JSON.stringify(parameters),
    show: ({ parameters }) => code(JSON.stringify(parameters)),
  },
  { title: "Pages", text: ({ pages }) => pages, numeric: true },
  { title: "Items", text: ({ items }) => items, numeric: true },
  {
    title: "To its end?",
    text: (row) => (row.complete ? "complete" : "incomplete"),
    show: (row) => complete(row.complete),
  },
  { title: "Asked on", text: ({ from, to }) => `${instant(from)}, ${span(seconds(from, to))}` },
  {
    title: "Request ids",
    text: ({ requestIds }) => requestIds.join(" "),
    show: ({ requestIds }) => requestIds.map((id) => [code(id), " "]),
  },
];

const LISTINGS: readonly Column<ListingRow>[] = [
  { title: "Where", text: ({ target }) => `${target.account}/${target.region}` },
  { title: "Kind", text: ({ kind }) => kind },
  { title: "Items", text: ({ items }) => items, numeric: true },
  {
    title: "To its end?",
    text: (row) => (row.complete ? "complete" : "incomplete"),
    show: (row) => complete(row.complete),
  },
  { title: "What went wrong", text: ({ failure }) => failure?.message ?? "–" },
];

/** What a report is not. */
export const limits: Section = { id: "limitations", title: "What this does not prove", make: makeLimits };

function makeLimits({ evidence, shown: { report } }: Context): readonly Child[] {
  return [
    h("p", {}, "The report says of itself, and the verification of what it looked at:"),
    h(
      "ul",
      {},
      [...new Set([...(report.limitations ?? []), ...evidence.verification.limitations, ...OF_THE_PAGE])].map((text) =>
        h("li", {}, text),
      ),
    ),
  ];
}

const OF_THE_PAGE = [
  "A page that was made to deceive can show anything, this verdict too. Verify the same files with a viewer or a tool that you got separately.",
  "Physical security of media, policy documents, training and management review are outside of what Holdfast sees.",
];

/** Everything else that the report binds by its digest. */
export const files: Section = { id: "files", title: "Attachments, by their digests", make: makeFiles };

function makeFiles({ evidence, shown: { report } }: Context): readonly Child[] {
  const rows = report.attachments ?? [];
  return [
    h(
      "p",
      {},
      `${plural(rows.length, "attachment")}, ${number(rows.filter(({ digest }) => evidence.has(digest.sha256)).length)} of them on this page. A digest that is signed holds wherever the bytes are.`,
    ),
    dataTable<AttachmentRow>({
      caption: "Attachments",
      columns: [
        { title: "Name", text: ({ name }) => name },
        { title: "Media type", text: ({ mediaType }) => mediaType },
        { title: "Size", text: ({ size }) => size, show: ({ size }) => bytes(size), numeric: true },
        { title: "Here?", text: ({ digest }) => (evidence.has(digest.sha256) ? "on this page" : "not here") },
        { title: "SHA-256", text: ({ digest }) => digest.sha256, show: ({ digest }) => code(digest.sha256) },
      ],
      rows,
      empty: "There are none.",
    }),
  ];
}
