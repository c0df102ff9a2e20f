/** OCSF's `severity_id` with its caption. */
export const SEVERITIES = { informational: 1, low: 2, medium: 3, high: 4 } as const;
export type Severity = keyof typeof SEVERITIES;

/**
 * How bad a condition is. It follows from what it does to protection, and from nothing else a report says:
 *
 * - high: a resource without any recovery point; protection that is weaker than declared and was not mended;
 * - medium: what could not be read, and what a person has to settle (two controllers, a name that is not ours, a hold);
 * - low: a recovery point that breaks its rule, or something that is there and should not be;
 * - informational: mended.
 */
export function severityOf({
  drift,
  effect,
  held,
}: {
  readonly drift: string;
  /** Of the change that would mend it. */
  readonly effect: string | undefined;
  readonly held: boolean;
}): Severity {
  if (drift === "unknown") return "medium";
  if (effect === "strengthens") return "high";
  if (LOW.has(drift) && !held) return "low";
  return "medium";
}

const LOW: ReadonlySet<string> = new Set(["surplus", "superseded", "unmanaged", "finding"]);
