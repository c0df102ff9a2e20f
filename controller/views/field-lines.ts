import { passesRatchet } from "../domain/effect.ts";
import { columnsOf, usable, wrap } from "./layout.ts";
import type { Palette } from "./palette.ts";
import { TONE_OF_EFFECT } from "./palette.ts";
import type { Shown, ShownField } from "./shown.ts";
import { differences, leavesOf, type Difference } from "./value-diff.ts";
import { valueText } from "./value-text.ts";
import { HAZARD_WORDS } from "./words.ts";

/** Where lines go: their width, the column they begin in, their colours. */
export interface Place {
  readonly width: number;
  readonly indent: number;
  readonly palette: Palette;
}

/** A resource's fields: `path: live → desired`, or `path: value` where one side is all there is (a create, a prune). */
export function fieldLines({ action, fields }: Pick<Shown, "action" | "fields">, place: Place): readonly string[] {
  if (action === "create" || action === "prune")
    return fields.flatMap(({ path, live, desired }) => valueLines(path, desired ?? live, place));
  // A lone field's effect and hazards are the change's, which have been told.
  const telling = fields.length > 1;
  return fields.flatMap((field) => changeLines(field, noteOf(field, telling, place.palette), place));
}

/** A remark behind a field, as it counts for layout and as it is painted. */
interface Note {
  readonly plain: string;
  readonly painted: string;
}

const NOTHING: Note = { plain: "", painted: "" };

function noteOf({ effect, hazards, on }: ShownField, telling: boolean, palette: Palette): Note {
  const words = [
    ...(telling && !passesRatchet(effect) ? [effect] : []),
    ...(telling ? hazards.map((hazard) => HAZARD_WORDS[hazard]) : []),
    ...(on === "replace" ? ["forces the replacement"] : on === "never" ? ["AWS never changes it"] : []),
  ];
  if (words.length === 0) return NOTHING;
  const plain = `  (${words.join(", ")})`;
  return { plain, painted: palette[TONE_OF_EFFECT[effect]](plain) };
}

/** A value that stands alone: on one line, or its leaves one by one. */
function valueLines(path: string, value: unknown, place: Place): readonly string[] {
  const line = oneLine(`${path}: ${valueText(value)}`, NOTHING, place);
  if (line !== undefined) return [line];
  const leaves = leavesOf(value);
  const [only] = leaves;
  if (leaves.length === 1 && only?.path === "") return leafLines({ path, value }, place);
  const inner = { ...place, indent: place.indent + 2 };
  return [heading(path, NOTHING, place), ...leaves.flatMap((leaf) => leafLines(leaf, inner))];
}

/** A leaf; a list of objects that does not fit on its line has a bullet for each. */
function leafLines({ path, value }: ReturnType<typeof leavesOf>[number], place: Place): readonly string[] {
  const text = `${path}: ${valueText(value)}`;
  const members: readonly unknown[] = Array.isArray(value) ? value : [];
  if (fits(text, place.indent, place) || !members.some((member) => typeof member === "object"))
    return wrap(text, place.width, place.indent, 2);
  const bullets = members.flatMap((member) =>
    leavesOf(member).flatMap((leaf, at) => {
      const label = leaf.path === "" ? "" : `${leaf.path}: `;
      const [head = "", ...rest] = wrap(`${label}${valueText(leaf.value)}`, place.width, place.indent + 2, 2);
      return [`${" ".repeat(place.indent)}${at === 0 ? "· " : "  "}${head.trimStart()}`, ...rest];
    }),
  );
  return [`${" ".repeat(place.indent)}${path}:`, ...bullets];
}

function changeLines({ path, live, desired }: ShownField, note: Note, place: Place): readonly string[] {
  const found = differences(live, desired);
  const [first] = found;
  if (found.length === 1 && first) {
    const at = joined(path, first.path);
    const line = oneLine(`${at}: ${transition(first)}`, note, place);
    return line === undefined ? [heading(at, note, place), ...sides("", first.live, first.desired, place)] : [line];
  }
  return [
    heading(path, note, place),
    ...found.flatMap((one) => {
      const arrow = `~ ${one.path}: ${valueText(one.live)} → ${valueText(one.desired)}`;
      const bothSides = one.live !== undefined && one.desired !== undefined;
      return bothSides && fits(arrow, place.indent + 2, place)
        ? [marked(arrow, place)]
        : sides(one.path === "" ? "" : `${one.path}: `, one.live, one.desired, place);
    }),
  ];
}

const transition = ({ live, desired, element }: Difference): string => {
  if (element) return desired === undefined ? `- ${valueText(live)}` : `+ ${valueText(desired)}`;
  return `${valueText(live)} → ${valueText(desired)}`;
};

/** Both sides of a difference below each other, for what is too long to stand in one line. */
const sides = (label: string, live: unknown, desired: unknown, place: Place): readonly string[] =>
  [
    ...(live === undefined ? [] : [`- ${label}${valueText(live)}`]),
    ...(desired === undefined ? [] : [`+ ${label}${valueText(desired)}`]),
  ].flatMap((text) => {
    const [head = "", ...rest] = wrap(text, place.width, place.indent + 2, 4);
    return [marked(head.trimStart(), place), ...rest];
  });

function marked(text: string, { indent, palette }: Place): string {
  const mark = text.slice(0, 1);
  const tone = mark === "+" ? "good" : mark === "-" ? "bad" : "change";
  return `${" ".repeat(indent + 2)}${palette[tone](mark)}${text.slice(1)}`;
}

const heading = (path: string, note: Note, { indent }: Place): string => `${" ".repeat(indent)}${path}:${note.painted}`;

const fits = (text: string, indent: number, { width }: Place): boolean => indent + columnsOf(text) <= usable(width);

const oneLine = (text: string, note: Note, place: Place): string | undefined =>
  fits(text + note.plain, place.indent, place) ? `${" ".repeat(place.indent)}${text}${note.painted}` : undefined;

const joined = (path: string, rest: string): string => (rest === "" ? path : `${path}.${rest}`);
