/** Event patterns (EventBridge User Guide, "Creating event patterns", "Comparison operators"). One that is not known stops the test. */

/** Names to the values that match, or to a pattern of what is within. */
export interface EventPattern {
  readonly [name: string]: EventPattern | readonly PatternValue[];
}

type PatternValue = string | number | boolean | null | Readonly<Record<string, unknown>>;

/** Every field that the pattern names must match; what it does not name may be anything. */
export function matchesPattern(pattern: EventPattern, event: unknown): boolean {
  const fields = isObject(event) ? event : {};
  return Object.entries(pattern).every(([name, wanted]) => {
    const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
    return isAlternatives(wanted) ? anyMatches(wanted, value) : matchesPattern(wanted, value);
  });
}

function isAlternatives(wanted: EventPattern | readonly PatternValue[]): wanted is readonly PatternValue[] {
  return Array.isArray(wanted);
}

/** Of an array in the event one element is enough. */
function anyMatches(wanted: readonly PatternValue[], value: unknown): boolean {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return wanted.some((one) => (isObject(one) ? comparisonHolds(one, values) : values.includes(one)));
}

function comparisonHolds(comparison: Readonly<Record<string, unknown>>, values: readonly unknown[]): boolean {
  const [[operator, operand] = ["", undefined], ...others] = Object.entries(comparison);
  if (others.length > 0) throw new Error(`an event pattern compares by ${Object.keys(comparison).join(", ")} at once`);
  const texts = values.filter((value) => typeof value === "string");
  const listed: readonly unknown[] = Array.isArray(operand) ? operand : [operand];
  switch (operator) {
    case "exists":
      return values.some((value) => value !== undefined && !isObject(value)) === operand;
    case "prefix":
      return texts.some((text) => text.startsWith(String(operand)));
    case "suffix":
      return texts.some((text) => text.endsWith(String(operand)));
    case "equals-ignore-case":
      return texts.some((text) => text.toLowerCase() === String(operand).toLowerCase());
    case "anything-but":
      if (listed.some(isObject)) throw new Error("anything-but with a comparison within is not simulated");
      return values.some((value) => value !== undefined && !listed.includes(value));
    default:
      throw new Error(`the event pattern's comparison ${operator} is not simulated`);
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
