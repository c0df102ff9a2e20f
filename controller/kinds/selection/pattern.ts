/** What one `*` of a pattern may stand for. */
type Stretch = "anything" | "no-space";

/**
 * Whether a pattern matches a text from end to end; `*` stands for any stretch of characters, the empty one included. Exact for
 * texts. Given a pattern as text, its `*` is a character that only a `*` matches: then a match proves that everything the
 * second pattern matches, the first does too, and no match proves nothing.
 */
export function matches(pattern: string, text: string, stretch: Stretch = "anything"): boolean {
  // Row by row: whether the pattern so far matches the first n characters of the text.
  let reached = Array.from({ length: text.length + 1 }, (_, length) => length === 0);
  for (const symbol of pattern) {
    const next: boolean[] = [];
    for (let length = 0; length <= text.length; length++) {
      const last = text[length - 1];
      next[length] =
        symbol === "*"
          ? reached[length] === true || (next[length - 1] === true && last !== undefined && spans(stretch, last))
          : symbol === last && reached[length - 1] === true;
    }
    reached = next;
  }
  return reached[text.length] === true;
}

/** AWS Backup's `*` in conditions stands for characters that are not white space (semantics §3.2). */
const spans = (stretch: Stretch, character: string): boolean => stretch === "anything" || !/\s/.test(character);
