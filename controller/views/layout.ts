/** How text is to be laid out. Below 40 columns nothing is squeezed further. */
export interface TextOptions {
  readonly color: boolean;
  /** Columns of the terminal. */
  readonly width: number;
}

const MINIMUM = 40;
const WIDE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}]|[！-｠]/u;
const NO_WIDTH = /\p{M}/u;

/** Columns that a text takes: combining marks none, East Asian letters and pictographs two. */
export const columnsOf = (text: string): number =>
  Array.from(text).reduce((sum, one) => sum + (NO_WIDTH.test(one) ? 0 : WIDE.test(one) ? 2 : 1), 0);

export const usable = (width: number): number => Math.max(width, MINIMUM);

export const padTo = (text: string, columns: number): string =>
  text + " ".repeat(Math.max(0, columns - columnsOf(text)));

/**
 * Breaks a text at spaces so that each line, indented, stays within the width; further lines are indented by `hanging` more.
 * A word is never broken, for an ARN that can be copied is worth more than a straight margin; nor is a name
 * parted from its value, or a number from what it counts.
 */
export function wrap(text: string, width: number, indent: number, hanging = 0): readonly string[] {
  const lines: string[] = [];
  let line = " ".repeat(indent);
  let empty = true;
  for (const word of text.split(/(?<![:\d]) /)) {
    if (!empty && columnsOf(line) + 1 + columnsOf(word) > usable(width)) {
      lines.push(line);
      line = " ".repeat(indent + hanging);
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  return [...lines, line];
}

/** The first `columns` columns of a text, the last of them an ellipsis where something was cut. */
export function cut(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  let kept = "";
  for (const one of text) {
    if (columnsOf(kept + one) > columns - 1) break;
    kept += one;
  }
  return `${kept}…`;
}
