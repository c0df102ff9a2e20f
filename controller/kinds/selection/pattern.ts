/** Whether a text fits a pattern from end to end. */
export type Fits = (text: string) => boolean;

const SPACE = /\s/;

/**
 * A pattern made ready for many texts. `*` stands for any number of characters that are not white space, none included
 * (Developer Guide, "Assign resources with AWS CLI"); no other character is special.
 */
export function fitting(pattern: string): Fits {
  const [head = "", ...rest] = pattern.split("*");
  const tail = rest.pop();
  if (tail === undefined) return (text) => text === pattern;
  return (text) => {
    const end = text.length - tail.length;
    if (end < head.length || !text.startsWith(head) || !text.endsWith(tail)) return false;
    let at = head.length;
    // Each part where it first comes: a later place leaves no more to those after it, and spans what this one spans.
    for (const part of rest) {
      const found = text.indexOf(part, at);
      if (found < 0 || found + part.length > end || SPACE.test(text.slice(at, found))) return false;
      at = found + part.length;
    }
    return !SPACE.test(text.slice(at, end));
  };
}

/**
 * Whether a pattern matches a text. Given a pattern as text, its `*` is a character that only a `*` matches: then a match proves
 * that everything the second pattern matches, the first does too, and no match proves nothing.
 */
export const matches = (pattern: string, text: string): boolean => fitting(pattern)(text);

/**
 * Whether AWS says what a pattern for ARNs means: `*` alone, as a whole Region or account, and once at the end. Of a `*` elsewhere
 * the API's page says that it is not supported, and the Developer Guide that it may stand in the middle (semantics §3.3).
 */
export const isDocumented = (pattern: string): boolean =>
  pattern === "*" || (pattern.startsWith("arn:") && !/\*./.test(pattern.replace(PLACE, "$<service>::")));

const PLACE = /^(?<service>arn:[^:*]+:[^:*]+:)(\*|[^:*]*):(\*|[^:*]*):/;
