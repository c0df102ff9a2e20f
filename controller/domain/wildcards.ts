/** Whether a name fits a pattern: `*` stands for any stretch, `?` for any one character, everything else for itself. */
export const fits = (pattern: string, name: string): boolean =>
  new RegExp(`^${pattern.replaceAll(/\*+|\W/g, (symbol) => WILDCARDS[symbol.charAt(0)] ?? `\\${symbol}`)}$`, "s").test(
    name,
  );
const WILDCARDS: Readonly<Record<string, string>> = { "*": ".*", "?": "." };
