import { code, h, type Child } from "../dom.ts";
import { listed, type Context, type Section } from "../section.ts";
import type { ExceptionRow, Report } from "../shapes.ts";
import { dataTable, type Column } from "../table.ts";
import { badge, instant } from "../words.ts";

export const exceptions: Section = { id: "exceptions", title: "Accepted exceptions, and what was left out", make };

async function make(context: Context): Promise<readonly Child[]> {
  const { scope, run } = context.shown.report;
  return [
    ...(await listed(context, "exceptions", "exceptions", {
      caption: "Exceptions accepted in git",
      columns: columns(run.finishedOn),
      empty: "No exception is accepted.",
    })),
    h("h3", {}, "Left out of scope"),
    dataTable<Report["scope"]["exclusions"][number]>({
      caption: "Exclusions",
      columns: [
        { title: "What", text: ({ selector, account }) => selector ?? `account ${account ?? "unknown"}` },
        { title: "Why", text: ({ reason }) => reason },
      ],
      rows: scope.exclusions,
      empty: "Nothing was left out.",
    }),
  ];
}

const columns = (at: string): readonly Column<ExceptionRow>[] => [
  { title: "Exception", text: ({ id }) => id },
  { title: "What it is about", text: ({ arn }) => arn ?? "–", show: ({ arn }) => (arn === null ? "–" : code(arn)) },
  { title: "Why", text: ({ reason }) => reason },
  { title: "Owner", text: ({ owner }) => owner },
  {
    title: "Ends",
    text: ({ expiresOn }) => instant(expiresOn),
    show: ({ expiresOn }) => [instant(expiresOn), expiresOn <= at ? [" ", badge("bad", "over")] : ""],
  },
  {
    title: "Approved in commit",
    text: ({ approvedIn }) => approvedIn ?? "–",
    show: ({ approvedIn }) => (approvedIn === null ? "–" : code(approvedIn)),
  },
];
