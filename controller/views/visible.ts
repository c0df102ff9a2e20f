/**
 * Characters that could steer a terminal or mislead a reader: controls (C0, DEL, C1), bidirectional overrides and other format
 * characters, lone surrogates, private use, everything invisible, and spaces that are not the plain one.
 */
const MISLEADING = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?! )\p{Zs}/gu;

const SHORT: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

const codePoint = (character: string): string =>
  `\\u{${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0") ?? ""}}`;

/** A text with every misleading character spelled out: `\n`, `\u{202E}`. What is left can be printed anywhere. */
export const visible = (text: string): string =>
  text.replaceAll(MISLEADING, (character) => SHORT[character] ?? codePoint(character));

/**
 * A copy of data with every text in it made visible. Each view calls this once, at its door: names and messages come from AWS and
 * may hold anything, and what is made of them afterwards cannot forget to look.
 */
export const visibleData = <T>(data: T): T => mapTexts(data, visible);

/** A copy of data with every text in it replaced, member names too. */
export function mapTexts<T>(data: T, replace: (text: string) => string): T {
  const copied = (one: unknown): unknown => {
    if (typeof one === "string") return replace(one);
    if (Array.isArray(one)) return one.map(copied);
    if (typeof one !== "object" || one === null) return one;
    return Object.fromEntries(Object.entries(one).map(([name, member]) => [replace(name), copied(member)]));
  };
  // The copy has the shape of what it was given; TypeScript cannot follow a walk over unknown members.
  return copied(data) as T;
}

/** JSON, two spaces deep, ending in a newline. Misleading characters are escaped, so that the value is the same and a terminal is safe. */
export const jsonText = (value: unknown): string =>
  `${JSON.stringify(value, null, 2).replaceAll(MISLEADING, (character) => (character === "\n" ? "\n" : jsonEscape(character)))}\n`;

const jsonEscape = (character: string): string =>
  Array.from(
    { length: character.length },
    (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`,
  ).join("");
