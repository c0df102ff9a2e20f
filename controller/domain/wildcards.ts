/**
 * Whether a name fits a pattern from end to end: `*` stands for any stretch, `?` for any one character, everything else for itself. Case
 * counts. Patterns come from manifests and names from whoever tags things, so neither may make the other costly: a stretch is as short
 * as what follows lets it be, since a longer one leaves no more to those behind it, and only the last one is ever stretched further.
 * Thus no answer takes longer than the one's length times the other's; a regular expression would try every way to share stretches out.
 */
export function fits(pattern: string, name: string): boolean {
  let at = 0;
  let from = 0;
  /** The last stretch: what follows it in the pattern, and how far it reaches in the name. */
  let after: number | undefined;
  let to = 0;
  while (from < name.length) {
    const wanted = pattern.charCodeAt(at);
    if (wanted === STRETCH) {
      at += 1;
      if (at === pattern.length) return true;
      after = at;
      to = from;
    } else if (wanted === ANY || wanted === name.charCodeAt(from)) {
      at += 1;
      from += 1;
    } else if (after !== undefined) {
      at = after;
      to += 1;
      from = to;
    } else return false;
  }
  while (pattern.charCodeAt(at) === STRETCH) at += 1;
  return at === pattern.length;
}
const STRETCH = "*".charCodeAt(0);
const ANY = "?".charCodeAt(0);

/** The same for one of several patterns. */
export const fitsAny =
  (patterns: readonly string[]) =>
  (name: string): boolean =>
    patterns.some((pattern) => fits(pattern, name));
