import { code, h, type Child } from "../dom.ts";
import { attached, graceEnd } from "../rows.ts";
import { facts, missingAttachment, type Context, type Section } from "../section.ts";
import type { AnnouncementRow } from "../shapes.ts";
import { dataTable, number, type Column } from "../table.ts";
import { badge, bytes, instant, targetText } from "../words.ts";

const LIST = "announcements.ndjson.gz";

export const announcements: Section = { id: "announcements", title: "What stands announced for deletion", make };

async function make({ evidence, shown }: Context): Promise<readonly Child[]> {
  const { announced } = shown.report;
  if (!announced)
    return [h("p", { class: "empty" }, "Nothing stands announced: no backup is going to be deleted or shortened.")];
  const list = await attached(evidence, shown, LIST);
  return [
    h(
      "p",
      {},
      "A backup is never deleted unannounced. Each row may go no earlier than its grace ends, and only if its cause still holds, no one objects and the budget allows.",
    ),
    facts([
      [
        "Recovery points",
        `${number(announced.points)} (${bytes(announced.bytes)}), ${number(announced.fresh)} of them announced by this run`,
      ],
      ["Paused", `${number(announced.paused)}: nobody can tell whether their cause still holds`],
      [
        "First",
        announced.first ? [code(announced.first.subject), ` not before ${instant(announced.first.notBefore)}`] : "–",
      ],
    ]),
    list?.rows
      ? dataTable({ caption: "Announcements", columns: COLUMNS, rows: list.rows, empty: "The list is empty." })
      : list && missingAttachment(LIST, list),
  ];
}

const COLUMNS: readonly Column<AnnouncementRow>[] = [
  {
    title: "Grace ends",
    text: (row) => instant(graceEnd(row)),
    show: (row) => (row.pausedOn ? badge("unknown", "paused") : instant(graceEnd(row))),
  },
  { title: "Recovery point", text: ({ subject }) => subject, show: ({ subject }) => code(subject) },
  {
    title: "What happens",
    text: ({ deleteOn }) => (deleteOn === null ? "deleted" : `deleted on ${instant(deleteOn)}`),
  },
  { title: "Cause", text: ({ cause }) => cause },
  { title: "Policy", text: ({ policy }) => policy },
  { title: "Vault", text: ({ partition, key }) => `${partition} in ${targetText(key.target)}` },
  { title: "Announced on", text: ({ announcedOn }) => instant(announcedOn) },
  { title: "Change", text: ({ change }) => change, show: ({ change }) => code(change) },
];
