import { type Fits, fitting } from "./pattern.ts";
import type { Conditions, SelectionSpec, TagCondition } from "./spec.ts";

/** Conditions' four lists as one; where several of their tests are looked at, in this order. */
const OPERATORS = [
  "stringEquals",
  "stringNotEquals",
  "stringLike",
  "stringNotLike",
] as const satisfies readonly (keyof Conditions)[];

export interface TagTest extends TagCondition {
  readonly operator: keyof Conditions;
}

export const testsOf = (conditions: Conditions | undefined): readonly TagTest[] =>
  OPERATORS.flatMap((operator) => (conditions?.[operator] ?? []).map((tag) => ({ ...tag, operator })));

/** Whether a selection is among those "that use tags", of which AWS allows a plan few (semantics §0.6); it may count conditions too. */
export const usesTags = ({ listOfTags = [], conditions }: Pick<SelectionSpec, "listOfTags" | "conditions">): boolean =>
  listOfTags.length > 0 || testsOf(conditions).length > 0;

/** Whether a value passes, or the lack of one. Without the tag a resource fails the first two and passes their negations, as in IAM (semantics §3.2). */
export type Passes = (found: string | undefined) => boolean;

export function passing({ operator, value }: Pick<TagTest, "operator" | "value">): Passes {
  const fits: Fits = fitting(value);
  switch (operator) {
    case "stringEquals":
      return (found) => found === value;
    case "stringNotEquals":
      return (found) => found !== value;
    case "stringLike":
      return (found) => found !== undefined && fits(found);
    case "stringNotLike":
      return (found) => found === undefined || !fits(found);
    default:
      return operator satisfies never;
  }
}
