import { showTarget } from "../domain/identity.ts";
import { fieldLines } from "./field-lines.ts";
import { columnsOf, padTo, usable, wrap } from "./layout.ts";
import { TONE_OF_ACTION, TONE_OF_EFFECT, type Palette } from "./palette.ts";
import type { Group } from "./entries.ts";
import type { Shown } from "./shown.ts";
import { bytesText, countOf, HAZARD_WORDS, markOf, placeOf, verbOf } from "./words.ts";

/** Width, colours, and the column that a block's mark stands in. */
export interface Frame {
  readonly width: number;
  readonly palette: Palette;
  readonly at: number;
  /** Of resources that look alike, at most so many are named one by one. */
  readonly named: number;
}

/** From the mark's column to the title's, and to the details'. */
const TITLE = 4;
export const DETAIL = 6;

/** How many of a group are named where their names are only for information. */
export const A_FEW = 6;

/** One change, or several that look alike: a title, what it does, its fields, and which they are. */
export function groupLines(group: Group, frame: Frame): readonly string[] {
  const [first] = group;
  const tone = frame.palette[TONE_OF_ACTION[first.step === "delete" ? "prune" : (first.action ?? "")] ?? "strong"];
  const mark = markOf(first.action, first.step);
  return [...titleLines({ mark, tone, title: titleOf(group), of: first }, frame), ...detailLines(group, frame)];
}

/** `update plan daily`, or `lengthen 12 recovery points in nightly (96.0 GiB)` where nobody named them one by one. */
export function titleOf(group: Group): string {
  const [first] = group;
  const { key, subject, partition } = first;
  const word = verbOf(first);
  const verb = word === undefined ? "" : `${word} `;
  if (subject === undefined) return `${verb}${key.kind} ${key.name}`;
  const bytes = group.reduce((sum, one) => sum + (one.bytes ?? 0), 0);
  const which = group.length === 1 ? `${key.kind} ${subject}` : countOf(group.length, key.kind);
  return `${verb}${which}${partition === undefined ? "" : ` in ${partition}`}${bytes > 0 ? ` (${bytesText(bytes)})` : ""}`;
}

interface Title {
  readonly mark: string;
  readonly tone: (text: string) => string;
  readonly title: string;
  readonly of: Pick<Shown, "manifest">;
}

/** A mark and a title, with the manifest's line at the right margin, or below where there is no room. */
export function titleLines({ mark, tone, title, of }: Title, { width, palette, at }: Frame): readonly string[] {
  const [head = "", ...tail] = wrap(title, width, at + TITLE, 2).map((line) => line.trimStart());
  const lines = [
    `${" ".repeat(at)}${tone(padTo(mark, TITLE))}${palette.strong(head)}`,
    ...tail.map((line) => `${" ".repeat(at + DETAIL)}${palette.strong(line)}`),
  ];
  if (!of.manifest) return lines;
  const place = placeOf(of.manifest);
  const lastColumn = at + (tail.length > 0 ? DETAIL : TITLE) + columnsOf(tail.at(-1) ?? head);
  const gap = usable(width) - lastColumn - columnsOf(place);
  return gap >= 2
    ? [...lines.slice(0, -1), `${lines.at(-1) ?? ""}${" ".repeat(gap)}${palette.faint(place)}`]
    : [...lines, `${" ".repeat(at + DETAIL)}${palette.faint(place)}`];
}

/** All below a title. `said`: a sentence that is told elsewhere, and not twice. */
export function detailLines(group: Group, frame: Frame, said?: string): readonly string[] {
  const [first] = group;
  const { width, palette } = frame;
  const indent = frame.at + DETAIL;
  const many = group.length > 1;
  return [
    ...factLines(first, many, frame),
    ...(first.because === undefined || first.because === said ? [] : wrap(first.because, width, indent, 2)),
    // A deletion's one field says what its title has said.
    ...(first.step === "delete" ? [] : fieldLines(first, { width, palette, indent })),
    ...consentLines(first, frame),
    ...(first.result ? resultLines(first.result, frame) : []),
    ...(many ? memberLines(group, frame) : callLines(first, frame)),
  ];
}

function factLines({ effect, hazards, restores, id }: Shown, many: boolean, { palette, at }: Frame): readonly string[] {
  const facts = [
    ...(effect === undefined ? [] : [palette[TONE_OF_EFFECT[effect]](effect)]),
    ...(hazards.length > 0 ? [palette.change(`hazards: ${hazards.map((one) => HAZARD_WORDS[one]).join(", ")}`)] : []),
    ...(restores === true ? ["restores what the last report found in sync"] : []),
    ...(id === undefined || many ? [] : [`change ${id}`]),
  ];
  return facts.length > 0 ? [`${" ".repeat(at + DETAIL)}${facts.join(palette.faint(" · "))}`] : [];
}

const consentLines = ({ consent }: Shown, { width, at }: Frame): readonly string[] =>
  consent
    ? wrap(
        `by approval ${consent.approval}${consent.ticket === undefined ? "" : `, ticket ${consent.ticket}`}`,
        width,
        at + DETAIL,
        2,
      )
    : [];

function resultLines(
  { word, because = RESULT_MEANS[word] }: NonNullable<Shown["result"]>,
  { width, palette, at }: Frame,
): readonly string[] {
  const tone = word === "applied" ? palette.good : word === "failed" ? palette.bad : palette.change;
  return wrap(because === undefined ? word : `${word}: ${because}`, width, at + DETAIL, 2).map(tone);
}

/** What a result means where the word alone promises too much. */
const RESULT_MEANS: Readonly<Record<string, string>> = {
  accepted: "AWS does it later, and a later report says whether it did",
};

const callLines = ({ calls }: Shown, { width, palette, at }: Frame): readonly string[] =>
  (calls ?? []).flatMap((call) => wrap(call, width, at + DETAIL, 2)).map(palette.faint);

/** Where each of a group is, what its change is called and which calls were made for it: below, where there is no room beside. */
function memberLines(group: Group, { palette, width, at, named: most }: Frame): readonly string[] {
  const indent = at + DETAIL;
  const named = group.length > most ? group.slice(0, most - 1) : group;
  const severalOwners = new Set(group.map(({ of }) => of)).size > 1;
  const severalPlaces = new Set(group.map(({ key }) => showTarget(key.target))).size > 1;
  const nameOf = ({ key, subject }: Shown) =>
    [...(severalPlaces ? [showTarget(key.target)] : []), ...(subject === undefined ? [] : [subject])].join(" ");
  const widest = Math.max(...named.map((one) => columnsOf(nameOf(one))));
  const rest = group.length - named.length;
  return [
    ...named.flatMap((one) => {
      const traces = tracesOf(one, severalOwners).join(" · ");
      const room = usable(width) - indent - widest - 2 - columnsOf(traces);
      return widest === 0 || room >= 0
        ? [`${" ".repeat(indent)}${padTo(nameOf(one), widest)}  ${palette.faint(traces)}`]
        : [`${" ".repeat(indent)}${nameOf(one)}`, ...wrap(traces, width, indent + 2, 2).map(palette.faint)];
    }),
    ...(rest > 0
      ? [`${" ".repeat(indent)}${palette.faint(`… and ${rest} more like these (-o json lists each)`)}`]
      : []),
  ];
}

/** A resource that is judged itself is of nothing else. */
const tracesOf = ({ id, subject, of, calls }: Shown, severalOwners: boolean): readonly string[] => [
  ...(id === undefined ? [] : [`change ${id}`]),
  ...(severalOwners && of !== undefined && of !== subject ? [`of ${lastPartOf(of)}`] : []),
  ...(calls ?? []),
];

/** `volume/vol-1` of an ARN: what people know a resource by. */
const lastPartOf = (arn: string): string => arn.split(":").slice(5).join(":") || arn;
