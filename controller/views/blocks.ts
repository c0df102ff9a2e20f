import type { HoldReason } from "../domain/change.ts";
import { showTarget } from "../domain/identity.ts";
import { A_FEW, DETAIL, detailLines, groupLines, titleLines, titleOf, type Frame } from "./group-lines.ts";
import { columnsOf, usable, wrap, type TextOptions } from "./layout.ts";
import { paletteOf } from "./palette.ts";
import { EACH_ID, sizeOf, type Entry } from "./entries.ts";
import type { Section } from "./sections.ts";
import { countOf, failureHeadline, HELD, placeOf, shortList, UNKNOWN } from "./words.ts";

/** A section's heading and its blocks, each ended by an empty line. Its texts must have been made visible. */
export function sectionLines(section: Section, { color, width }: TextOptions): readonly string[] {
  const frame: Frame = { width, palette: paletteOf(color), at: 0, named: A_FEW };
  return [...headingLines(section, frame), "", ...blockLines(section.entries, { color, width })];
}

/** Blocks alone, each ended by an empty line. */
export function blockLines(entries: readonly Entry[], { color, width }: TextOptions): readonly string[] {
  const frame: Frame = { width, palette: paletteOf(color), at: 0, named: A_FEW };
  return entries.flatMap((entry) => [...entryLines(entry, frame), ""]);
}

/** A rule over the whole width that names the target and counts what follows. */
function headingLines({ targets, entries }: Section, { width, palette }: Frame): readonly string[] {
  const names = targets.map(showTarget);
  const title = names.length === 1 ? names.join() : `the same in ${names.length} targets`;
  const contents = contentsOf(entries);
  const fill = "─".repeat(Math.max(2, usable(width) - columnsOf(title) - columnsOf(contents) - 8));
  return [
    `${palette.faint("──")} ${palette.strong(title)} ${palette.faint(`${fill} ${contents} ──`)}`,
    ...(names.length === 1 ? [] : wrap(shortList(names), width, 0).map(palette.faint)),
  ];
}

/** `2 changes, 3 held, 1 unknown`: what a section holds, counted. */
export function contentsOf(entries: readonly Entry[]): string {
  const count = (type: Entry["type"]): number =>
    entries.filter((entry) => entry.type === type).reduce((sum, entry) => sum + sizeOf(entry), 0);
  const [changes, held, unknown] = [count("change"), count("hold"), count("unknown")];
  return [
    ...(changes > 0 ? [countOf(changes, "change")] : []),
    ...(held > 0 ? [`${held} held`] : []),
    ...(unknown > 0 ? [`${unknown} unknown`] : []),
  ].join(", ");
}

function entryLines(entry: Entry, frame: Frame): readonly string[] {
  switch (entry.type) {
    case "change":
      return groupLines(entry.group, frame);
    case "hold":
      return holdLines(entry, frame);
    case "unknown":
      return unknownLines(entry, frame);
    default:
      return entry satisfies never;
  }
}

/** What is held comes first where it is one thing; where it is several, the reason does, and is told once. */
function holdLines(entry: Extract<Entry, { type: "hold" }>, outer: Frame): readonly string[] {
  // A hold that consent by id would release names every id, however many; findings are approved by group.
  const governed = entry.groups.some(([first]) => first.subject !== undefined);
  const frame = entry.release.includes(EACH_ID) && !governed ? { ...outer, named: Infinity } : outer;
  const { palette, width, at } = frame;
  const said = (label: string, text: string) => wrap(`${label}: ${text}`, width, at + DETAIL, 2);
  const why = [
    ...said("because", entry.because),
    ...said("released by", entry.release),
    ...(entry.also.length > 0 ? said("also held by", alsoText(entry)) : []),
  ];
  const [only, ...others] = entry.groups;
  const mark = { mark: HELD, tone: palette.hold };
  if (only && others.length === 0) {
    const title = `${titleOf(only)}, held: ${entry.reason}`;
    return [...titleLines({ ...mark, title, of: only[0] }, frame), ...detailLines(only, frame, entry.because), ...why];
  }
  const title = `held: ${entry.reason}, ${countOf(sizeOf(entry), "change")}`;
  const inner = { ...frame, at: at + DETAIL };
  return [
    ...titleLines({ ...mark, title, of: {} }, frame),
    ...why,
    ...entry.groups.flatMap((group) => groupLines(group, inner)),
  ];
}

/** What an approval, time or a larger budget lets go. Where a hold asks for consent, whatever else holds it is told apart. */
const PASSING: ReadonlySet<string> = new Set<HoldReason>([
  "hazard",
  "needs-approval",
  "not-announced",
  "in-grace",
  "over-budget",
  "frozen",
]);

function alsoText({ reason, also }: Extract<Entry, { type: "hold" }>): string {
  const lasting = also.filter((one) => !PASSING.has(one));
  const asksConsent = reason === "needs-approval" || reason === "hazard";
  if (!asksConsent || lasting.length === 0) return also.join(", ");
  const passing = also.filter((one) => PASSING.has(one));
  return `${[...passing, ...lasting].join(", ")} (approving the change does not release ${lasting.join(", ")})`;
}

function unknownLines({ about }: Extract<Entry, { type: "unknown" }>, frame: Frame): readonly string[] {
  const { palette, width, at } = frame;
  const [{ failure }] = about;
  const code = failure.code === undefined ? "" : ` (${failure.code})`;
  const releases = new Set(about.flatMap(({ release }) => release ?? []));
  const told = (text: string) => wrap(text, width, at + DETAIL, 2);
  const title = `unknown: ${failureHeadline(failure)}`;
  return [
    ...titleLines({ mark: UNKNOWN, tone: palette.unknown, title, of: {} }, frame),
    ...told(`${failure.message}${code}`),
    ...told(`not judged: ${unjudged(about).join(", ")}`),
    ...[...releases].flatMap((release) => told(`released by: ${release}`)),
  ];
}

/** What was not judged, once each; `*` stands for a whole listing. */
const unjudged = (about: Extract<Entry, { type: "unknown" }>["about"]): readonly string[] => [
  ...new Set(
    about.map(({ key, manifest }) =>
      key.name === "*" ? `every ${key.kind}` : `${key.kind} ${key.name}${manifest ? ` (${placeOf(manifest)})` : ""}`,
    ),
  ),
];
