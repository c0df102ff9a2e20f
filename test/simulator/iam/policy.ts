/** IAM policy documents as AWS's policy grammar has them: one-or-many everywhere, capital letters, string or structured principals. */

type OneOrMany<T> = T | readonly T[];

/** Operator (`StringEquals`, `ForAnyValue:StringLike`, `NullIfExists`…) → condition key → accepted values. */
export type ConditionBlock = Readonly<Record<string, Readonly<Record<string, OneOrMany<string | number | boolean>>>>>;

export type PrincipalElement = "*" | Readonly<Record<string, OneOrMany<string>>>;

export interface Statement {
  readonly Sid?: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: PrincipalElement;
  readonly NotPrincipal?: PrincipalElement;
  readonly Action?: OneOrMany<string>;
  readonly NotAction?: OneOrMany<string>;
  readonly Resource?: OneOrMany<string>;
  readonly NotResource?: OneOrMany<string>;
  readonly Condition?: ConditionBlock;
}

export interface PolicyDocument {
  readonly Version?: string;
  readonly Id?: string;
  readonly Statement: OneOrMany<Statement>;
}

/** A policy the simulator cannot judge. It stops the test: a guess about permissions would be worth nothing. */
export class UnsupportedPolicyError extends Error {
  override readonly name = "UnsupportedPolicyError";
}

/** The value as a list, whichever way the policy spelled it. */
export function many<T>(value: OneOrMany<T> | undefined): readonly T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}

/** Reads a policy kept as JSON text. Throws `SyntaxError` where it is not JSON, `UnsupportedPolicyError` where it is not a policy. */
export function parsePolicy(text: string): PolicyDocument {
  const parsed: unknown = JSON.parse(text);
  if (typeof parsed !== "object" || parsed === null || !("Statement" in parsed)) {
    throw new UnsupportedPolicyError("a policy document needs a Statement");
  }
  for (const statement of many((parsed as PolicyDocument).Statement)) {
    if (statement.Effect !== "Allow" && statement.Effect !== "Deny") {
      throw new UnsupportedPolicyError(`Effect must be Allow or Deny, not ${JSON.stringify(statement.Effect)}`);
    }
  }
  return parsed as PolicyDocument;
}
