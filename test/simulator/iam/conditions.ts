import { many, UnsupportedPolicyError, type ConditionBlock } from "./policy.ts";
import { matchesArn, matchesWildcard } from "./wildcard.ts";

/** Values of condition keys for one request. A list is a multivalued key (`aws:TagKeys`); an absent key is simply not there. */
export type ConditionContext = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** Compares one value the request carries with one the policy names. */
type Test = (given: string, wanted: string) => boolean;

const numeric =
  (test: (a: number, b: number) => boolean): Test =>
  (given, wanted) =>
    test(Number(given), Number(wanted));
const instant =
  (test: (a: number, b: number) => boolean): Test =>
  (given, wanted) =>
    test(epoch(given), epoch(wanted));
const sameText: Test = (given, wanted) => given === wanted;
const sameTextAnyCase: Test = (given, wanted) => given.toLowerCase() === wanted.toLowerCase();
const likeText: Test = (given, wanted) => matchesWildcard(wanted, given);
const likeArn: Test = (given, wanted) => matchesArn(wanted, given);

/** The positive operators. A negative one is the same test, required of no value the policy names. */
const positive: Readonly<Record<string, Test>> = {
  StringEquals: sameText,
  StringEqualsIgnoreCase: sameTextAnyCase,
  StringLike: likeText,
  ArnEquals: likeArn,
  ArnLike: likeArn,
  Bool: sameTextAnyCase,
  NumericEquals: numeric((a, b) => a === b),
  NumericLessThan: numeric((a, b) => a < b),
  NumericLessThanEquals: numeric((a, b) => a <= b),
  NumericGreaterThan: numeric((a, b) => a > b),
  NumericGreaterThanEquals: numeric((a, b) => a >= b),
  DateEquals: instant((a, b) => a === b),
  DateLessThan: instant((a, b) => a < b),
  DateLessThanEquals: instant((a, b) => a <= b),
  DateGreaterThan: instant((a, b) => a > b),
  DateGreaterThanEquals: instant((a, b) => a >= b),
};
const negative: Readonly<Record<string, Test>> = {
  StringNotEquals: sameText,
  StringNotEqualsIgnoreCase: sameTextAnyCase,
  StringNotLike: likeText,
  ArnNotEquals: likeArn,
  ArnNotLike: likeArn,
  NumericNotEquals: numeric((a, b) => a === b),
  DateNotEquals: instant((a, b) => a === b),
};

/** Whether every operator of the block, and every key under it, holds. Throws `UnsupportedPolicyError` for an operator not simulated. */
export function conditionsHold(block: ConditionBlock | undefined, context: ConditionContext): boolean {
  if (block === undefined) return true;
  const values = lowerCased(context);
  return Object.entries(block).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) =>
      operatorHolds(operator, values.get(key.toLowerCase()), many(wanted).map(String), values),
    ),
  );
}

function operatorHolds(
  spelled: string,
  given: readonly string[] | undefined,
  wanted: readonly string[],
  values: ReadonlyMap<string, readonly string[]>,
): boolean {
  const [qualifier, base] = spelled.includes(":") ? (spelled.split(":", 2) as [string, string]) : [undefined, spelled];
  if (base === "Null") return wanted.some((value) => (value.toLowerCase() === "true") === (given === undefined));
  const ifExists = base.endsWith("IfExists");
  const operator = ifExists ? base.slice(0, -"IfExists".length) : base;
  const one = valueTest(
    operator,
    wanted.map((text) => substituted(text, values)),
  );

  if (given === undefined) return ifExists || holdsOfNothing(qualifier, operator);
  switch (qualifier) {
    case "ForAllValues":
      return given.every(one);
    case "ForAnyValue":
      return given.some(one);
    case undefined:
      return operator in negative ? given.every(one) : given.some(one);
    default:
      throw new UnsupportedPolicyError(`condition qualifier ${qualifier} is not simulated`);
  }
}

/** What a condition says of a key the request does not carry: all of no values, none of any value, not anything. */
function holdsOfNothing(qualifier: string | undefined, operator: string): boolean {
  if (qualifier === "ForAllValues") return true;
  return qualifier !== "ForAnyValue" && operator in negative;
}

function valueTest(operator: string, wanted: readonly string[]): (given: string) => boolean {
  const holds = positive[operator];
  if (holds !== undefined) return (given) => wanted.some((value) => holds(given, value));
  const fails = negative[operator];
  if (fails !== undefined) return (given) => !wanted.some((value) => fails(given, value));
  throw new UnsupportedPolicyError(`condition operator ${operator} is not simulated`);
}

/** Replaces IAM policy variables (`${aws:PrincipalAccount}`). One whose key the request does not carry matches nothing. */
export function substituted(text: string, values: ReadonlyMap<string, readonly string[]>): string {
  return text.replace(/\$\{([^}]+)\}/g, (whole, name: string) => {
    if (name === "*" || name === "?" || name === "$") return name;
    const value = values.get(name.toLowerCase());
    return value?.length === 1 ? value[0]! : whole;
  });
}

/** Condition keys are compared without regard to case; values become lists of text. */
export function lowerCased(context: ConditionContext): ReadonlyMap<string, readonly string[]> {
  const values = new Map<string, readonly string[]>();
  for (const [key, value] of Object.entries(context)) {
    if (value !== undefined) values.set(key.toLowerCase(), Array.isArray(value) ? value : [String(value)]);
  }
  return values;
}

function epoch(text: string): number {
  return /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text);
}
