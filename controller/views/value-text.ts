const LOOKS_LIKE_ANOTHER_TYPE = /^(true|false|null|[-+]?\d+(\.\d+)?(e[-+]?\d+)?)$/i;
const NEEDS_QUOTES = /^$|^\s|\s$|^\(not set\)$|["[\]{}]|: | → /;

/** A value on one line, in the flow style of the manifests. A text is quoted only where it could be taken for something else. */
export function valueText(value: unknown): string {
  if (value === undefined) return "(not set)";
  if (typeof value === "string") return NEEDS_QUOTES.test(value) ? quoted(value) : scalarText(value);
  if (Array.isArray(value)) return `[${value.map(memberText).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    return `{${members.map(([name, member]) => `${memberText(name)}: ${memberText(member)}`).join(", ")}}`;
  }
  return JSON.stringify(value) ?? typeof value;
}

const scalarText = (text: string): string => (LOOKS_LIKE_ANOTHER_TYPE.test(text) ? quoted(text) : text);

/** Inside brackets a comma separates, so a text with one is quoted there. */
const memberText = (value: unknown): string =>
  typeof value === "string" && value.includes(",") ? quoted(value) : valueText(value);

/** Misleading characters have been spelled out with backslashes already, so backslashes stay as they are. */
const quoted = (text: string): string => `"${text.replaceAll('"', '\\"')}"`;
