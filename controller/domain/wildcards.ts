/** Whether a name fits a pattern: `*` stands for any stretch, `?` for any one character, everything else for itself. */
export const fits = (pattern: string, name: string): boolean => compiled(pattern).test(name);

/** The same for one of several patterns, made ready for many names. */
export function fitsAny(patterns: readonly string[]): (name: string) => boolean {
  const ready = patterns.map(compiled);
  return (name) => ready.some((one) => one.test(name));
}

const compiled = (pattern: string): RegExp =>
  new RegExp(`^${pattern.replaceAll(/\*+|\W/g, (symbol) => WILDCARDS[symbol.charAt(0)] ?? `\\${symbol}`)}$`, "s");
const WILDCARDS: Readonly<Record<string, string>> = { "*": ".*", "?": "." };
