import { passing, type TagTest, testsOf } from "./conditions.ts";
import { passesOptIn } from "./opt-in.ts";
import { isDocumented, matches } from "./pattern.ts";
import type { SelectionSpec, TagCondition } from "./spec.ts";

/**
 * Proofs that one selection takes in everything another does. A selection is (resources or listOfTags), less notResources, of
 * these what meets every condition (semantics §3.2), so it grows with the first and shrinks with the other two: each part is
 * proven by itself, and where a proof is not found the answer is no.
 */

/** Whether everything that `live` could pick, `desired` could. */
export const candidatesCovered = (live: SelectionSpec, desired: SelectionSpec): boolean =>
  (live.resources ?? []).every((pattern) => (desired.resources ?? []).some((wider) => patternCovers(wider, pattern))) &&
  (live.listOfTags ?? []).every(
    // Tags and the lone * both follow the Region's opt-in (semantics §3.4), so the one covers the other.
    (tag) => (desired.resources ?? []).includes("*") || (desired.listOfTags ?? []).some((other) => sameTag(tag, other)),
  );

/** Whether `desired` leaves out nothing but what `live` left out. */
export const exclusionsCovered = (live: SelectionSpec, desired: SelectionSpec): boolean =>
  (desired.notResources ?? []).every((pattern) => (live.notResources ?? []).some((wider) => takesIn(wider, pattern)));

/** Whether every test of `desired` is passed by all that passes those of `live`. */
export const conditionsCovered = (live: SelectionSpec, desired: SelectionSpec): boolean =>
  testsOf(desired.conditions).every((test) => testsOf(live.conditions).some((known) => implies(known, test)));

const sameTag = (a: TagCondition, b: TagCondition): boolean => a.key === b.key && a.value === b.value;

/**
 * A pattern that names a resource's type takes it in whether the Region opted in or not; a service, tags or * take in only what
 * is opted in (semantics §3.4). So `*` does not cover `arn:aws:ec2:*:*:volume/*`.
 */
const patternCovers = (wider: string, pattern: string): boolean =>
  wider === pattern || (takesIn(wider, pattern) && (passesOptIn(wider) === "yes" || passesOptIn(pattern) === "no"));

/** Of a pattern whose meaning AWS does not give, only that it is itself is proven. */
const takesIn = (wider: string, pattern: string): boolean =>
  wider === pattern || (isDocumented(wider) && matches(wider, pattern));

/** Whether passing one test proves passing another. A resource without the tag passes the two Not tests and fails the others. */
function implies(known: TagTest, test: TagTest): boolean {
  if (known.key !== test.key) return false;
  if (known.operator === test.operator && known.value === test.value) return true;
  switch (known.operator) {
    case "stringEquals":
      return passing(test)(known.value);
    case "stringLike":
      // Every value it lets through matches its pattern; one that does not match it is therefore none of them.
      if (test.operator === "stringNotEquals") return !matches(known.value, test.value);
      return test.operator === "stringLike" && matches(test.value, known.value);
    case "stringNotLike":
      return (
        (test.operator === "stringNotEquals" || test.operator === "stringNotLike") && matches(known.value, test.value)
      );
    case "stringNotEquals":
      return test.operator === "stringNotLike" && test.value === known.value && !test.value.includes("*");
    default:
      return known.operator satisfies never;
  }
}
