const patterns = new Map<string, RegExp>();

/** `*` is any run of characters, `?` any one; everything else is itself. ARNs are matched whole, as IAM does for Resource. */
export function matchesWildcard(pattern: string, text: string, caseSensitive = true): boolean {
  if (pattern === "*") return true;
  if (!/[*?]/.test(pattern)) return caseSensitive ? pattern === text : pattern.toLowerCase() === text.toLowerCase();
  const key = `${caseSensitive ? "s" : "i"}${pattern}`;
  let compiled = patterns.get(key);
  if (compiled === undefined) {
    const source = pattern
      .replace(/[.+^${}()|[\]\\]/g, "\\$&")
      .replaceAll("*", "[^]*")
      .replaceAll("?", "[^]");
    compiled = new RegExp(`^${source}$`, caseSensitive ? "" : "i");
    patterns.set(key, compiled);
  }
  return compiled.test(text);
}

/** ArnLike: each of the six colon-separated parts is matched by itself, so that a `*` never crosses a colon before the last part. */
export function matchesArn(pattern: string, arn: string): boolean {
  const wanted = arnParts(pattern);
  const given = arnParts(arn);
  if (wanted === undefined || given === undefined) return pattern === "*";
  return wanted.every((part, index) => matchesWildcard(part, given[index] ?? ""));
}

function arnParts(arn: string): readonly string[] | undefined {
  const parts = arn.split(":");
  return parts.length < 6 ? undefined : [...parts.slice(0, 5), parts.slice(5).join(":")];
}
