import { code, h } from "../dom.ts";
import { listed, type Section } from "../section.ts";
import type { HoldRow, ResourceRow } from "../shapes.ts";
import type { Column } from "../table.ts";
import { badge, differencesList, differencesText, instant, placeText, targetText, type Tone } from "../words.ts";

/** What is held, why, and what would let it go. */
export const held: Section = {
  id: "held",
  title: "What is held, why, and what releases it",
  make: (context) =>
    listed(context, "held", "what is held", {
      caption: "Held changes",
      columns: HOLDS,
      empty: "Nothing is held: no change waits for a decision.",
    }),
};

const HOLDS: readonly Column<HoldRow>[] = [
  {
    title: "Held for",
    text: ({ reason, also }) => [reason, ...(also ?? [])].join(", "),
    show: ({ reason, also }) => [badge("hold", reason), also && also.length > 0 ? ` also ${also.join(", ")}` : ""],
  },
  { title: "Action", text: ({ action }) => action ?? "–" },
  {
    title: "Resource",
    text: ({ key, subject }) => `${key.kind} ${subject ?? key.name}`,
    show: ({ key, subject }) => [key.kind, " ", h("b", {}, subject ?? key.name)],
  },
  { title: "Where", text: ({ key }) => targetText(key.target) },
  { title: "Effect", text: ({ effect }) => effect ?? "–" },
  { title: "Because", text: ({ because }) => because },
  { title: "Released by", text: ({ release }) => release },
  { title: "Manifest", text: ({ manifest }) => placeText(manifest) },
  {
    title: "Change",
    text: ({ change }) => change ?? "–",
    show: ({ change }) => (change === undefined ? "–" : code(change)),
  },
];

/** What the run left other than declared. */
export const resources: Section = {
  id: "resources",
  title: "What is not as declared at the end of the run",
  make: async (context) => {
    const inSync = context.shown.report.attachments?.find(({ name }) => name === "in-sync.ndjson.gz");
    return [
      inSync &&
        h(
          "p",
          {},
          "Resources in sync are listed in the attachment ",
          code("in-sync.ndjson.gz"),
          ", SHA-256 ",
          code(inSync.digest.sha256),
          ".",
        ),
      ...(await listed(context, "resources", "resources", {
        caption: "Resources not in sync",
        columns: RESOURCES,
        empty: "Everything that was looked at is as declared.",
      })),
    ];
  },
};

const RESOURCES: readonly Column<ResourceRow>[] = [
  { title: "State", text: stateOf, show: (row) => badge(TONES[stateOf(row)] ?? "change", stateOf(row)) },
  {
    title: "Resource",
    text: ({ key, id }) => `${key.kind} ${key.name} ${id ?? ""}`,
    show: ({ key }) => [key.kind, " ", h("b", {}, key.name)],
  },
  { title: "Where", text: ({ key }) => targetText(key.target) },
  {
    title: "What differs",
    text: (row) => differencesText(row.differences ?? row.fields ?? []),
    show: (row) => differencesList(row.differences ?? row.fields ?? []),
  },
  {
    title: "Why",
    text: ({ because, finding, failure }) =>
      [finding && `${finding.cause} (${finding.policy})`, because, failure?.message].filter(Boolean).join("; ") || "–",
  },
  { title: "Manifest", text: ({ manifest }) => placeText(manifest) },
  { title: "Checked on", text: ({ checkedOn }) => (checkedOn === undefined ? "–" : instant(checkedOn)) },
];

function stateOf({ outcome, drift }: ResourceRow): string {
  return [outcome, drift].filter((word) => word !== undefined).join(", ") || "–";
}

const TONES: Readonly<Record<string, Tone>> = {
  "unknown, unknown": "unknown",
  unknown: "unknown",
  "failed, different": "bad",
  "failed, missing": "bad",
};
