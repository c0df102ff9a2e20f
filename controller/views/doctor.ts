import { padTo, usable, wrap, columnsOf, type TextOptions } from "./layout.ts";
import { code, table } from "./markdown.ts";
import { paletteOf, type Palette } from "./palette.ts";
import { jsonText, visibleData } from "./visible.ts";
import { countOf, shortList } from "./words.ts";

/** One check and what it came to, as it is shown. */
export interface ShownFinding {
  readonly about: string;
  readonly check: string;
  readonly place?: string;
  readonly health: ShownHealth;
  readonly says: string;
  readonly why?: string;
  readonly fix?: string;
}
export type ShownHealth = "ok" | "warn" | "unknown" | "wrong";

/** A mark in column one, and a word that says the same without colour. */
const MARKS: Readonly<
  Record<ShownHealth, { readonly mark: string; readonly word: string; readonly tone: keyof Palette }>
> = {
  ok: { mark: " ", word: "ok", tone: "good" },
  warn: { mark: "~", word: "warning", tone: "change" },
  unknown: { mark: "?", word: "unknown", tone: "unknown" },
  wrong: { mark: "!", word: "WRONG", tone: "bad" },
};
const WORD_WIDTH = 9;
const INDENT = 2 + WORD_WIDTH;

/** The same thing found in several places is told once. */
interface Told extends ShownFinding {
  readonly places: readonly string[];
}

/** What doctor found, thing by thing, and how many of each health in one line at the end. */
export function doctorText(given: readonly ShownFinding[], { color, width }: TextOptions): string {
  const palette = paletteOf(color);
  const groups = Map.groupBy(together(visibleData(given)), ({ about }) => about);
  return [
    ...[...groups].flatMap(([about, told]) => [
      heading(about, width, palette),
      ...told.flatMap((one) => findingLines(one, width, palette)),
      "",
    ]),
    palette.strong(total(given)),
    "",
  ].join("\n");
}

function together(findings: readonly ShownFinding[]): readonly Told[] {
  const same = Map.groupBy(findings, ({ place: _place, ...rest }) => JSON.stringify(rest));
  return [...same.values()].flatMap((all) => {
    const [first] = all;
    return first ? [{ ...first, places: all.flatMap(({ place }) => place ?? []) }] : [];
  });
}

const heading = (about: string, width: number, palette: Palette): string =>
  `${palette.strong(about)} ${palette.faint("─".repeat(Math.max(2, usable(width) - columnsOf(about) - 1)))}`;

function findingLines({ health, says, why, fix, places }: Told, width: number, palette: Palette): readonly string[] {
  const { mark, word, tone } = MARKS[health];
  const [head = "", ...more] = wrap(withPlaces(says, places), width, INDENT);
  const further = (label: string, text: string | undefined) =>
    text === undefined ? [] : wrap(`${label}: ${text}`, width, INDENT, 2);
  return [
    `${palette[tone](`${mark} ${padTo(word, WORD_WIDTH)}`)}${head.trimStart()}`,
    ...more,
    ...further("why", why).map(palette.faint),
    ...further("fix", fix),
  ];
}

const withPlaces = (says: string, places: readonly string[]): string =>
  places.length === 0 ? says : `${shortList(places)}: ${says}`;

/** `28 checks: 1 wrong, 2 unknown, 1 warning, 24 ok`. */
export function total(findings: readonly Pick<ShownFinding, "health">[]): string {
  const count = (health: ShownHealth) => findings.filter((one) => one.health === health).length;
  const parts = [
    [count("wrong"), "wrong"],
    [count("unknown"), "unknown"],
    [count("warn"), count("warn") === 1 ? "warning" : "warnings"],
    [count("ok"), "ok"],
  ] as const;
  const told = parts.filter(([many]) => many > 0).map(([many, word]) => `${many} ${word}`);
  return `${countOf(findings.length, "check")}${told.length > 0 ? `: ${told.join(", ")}` : ""}`;
}

/** `{ schema, wrong, unknown, warnings, ok, findings }`: every finding by itself, in the same order, for machines. */
export function doctorJson(findings: readonly ShownFinding[]): string {
  const count = (health: ShownHealth) => findings.filter((one) => one.health === health).length;
  return jsonText({
    schema: "holdfast-doctor/1",
    wrong: count("wrong"),
    unknown: count("unknown"),
    warnings: count("warn"),
    ok: count("ok"),
    findings,
  });
}

/** What is not well as a table, for a ticket; what is well in one line. */
export function doctorMarkdown(given: readonly ShownFinding[]): string {
  const told = together(visibleData(given)).filter(({ health }) => health !== "ok");
  const rows = told.map(({ about, health, says, why, fix, places }) => [
    MARKS[health].word,
    code(about),
    withPlaces(says, places),
    why ?? "",
    fix === undefined ? "" : code(fix),
  ]);
  return [
    `**${total(given)}**`,
    "",
    ...(rows.length > 0 ? [table(["health", "of", "found", "why it matters", "what to do"], rows), ""] : []),
  ].join("\n");
}
