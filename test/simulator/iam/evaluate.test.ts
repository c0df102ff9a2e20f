import { describe, expect, it } from "vitest";
import type { ConditionContext } from "./conditions.ts";
import { evaluate, type Decision } from "./evaluate.ts";
import { parsePolicy, UnsupportedPolicyError, type PolicyDocument, type Statement } from "./policy.ts";

const principal = {
  account: "111122223333",
  arn: "arn:aws:sts::111122223333:assumed-role/holdfast-apply/run-1",
};
const vault = "arn:aws:backup:eu-west-1:111122223333:backup-vault:nightly";

function policy(...statements: Statement[]): PolicyDocument {
  return { Version: "2012-10-17", Statement: statements };
}

function allow(over: Partial<Statement>): Statement {
  return { Effect: "Allow", Action: "backup:*", Resource: "*", ...over };
}

interface Case {
  readonly because: string;
  readonly statements: readonly Statement[];
  readonly action?: string;
  readonly resource?: string;
  readonly context?: ConditionContext;
  readonly expected: Decision;
}

const cases: Readonly<Record<string, Case>> = {
  "denies what nothing allows": {
    because: "the default is an implicit deny",
    statements: [],
    expected: "implicitly-denied",
  },
  "allows what one statement allows": { because: "one Allow is enough", statements: [allow({})], expected: "allowed" },
  "lets a Deny win over an Allow": {
    because: "an explicit deny overrules",
    statements: [allow({}), { Effect: "Deny", Action: "backup:Delete*", Resource: "*" }],
    action: "backup:DeleteBackupVault",
    expected: "explicitly-denied",
  },
  "reads actions without regard to case": {
    because: "IAM actions are case-insensitive",
    statements: [allow({ Action: "BACKUP:deletebackupvault" })],
    action: "backup:DeleteBackupVault",
    expected: "allowed",
  },
  "reads resources with regard to case": {
    because: "resource names are case-sensitive",
    statements: [allow({ Resource: vault.replace("nightly", "Nightly") })],
    expected: "implicitly-denied",
  },
  "covers what NotAction leaves": {
    because: "NotAction is every other action",
    statements: [allow({ NotAction: ["iam:*"], Action: [] })],
    expected: "allowed",
  },
  "spares what NotResource names": {
    because: "NotResource is every other resource",
    statements: [allow({}), { Effect: "Deny", Action: "*", NotResource: "arn:aws:backup:*:*:backup-vault:nightly" }],
    expected: "allowed",
  },
  "knows a role by its session": {
    because: "a role ARN as principal names the sessions of the role",
    statements: [allow({ Principal: { AWS: "arn:aws:iam::111122223333:role/holdfast-apply" } })],
    expected: "allowed",
  },
  "knows everyone of an account by its root": {
    because: "the account principal delegates to the account",
    statements: [allow({ Principal: { AWS: "arn:aws:iam::111122223333:root" } })],
    expected: "allowed",
  },
  "does not know a stranger": {
    because: "a resource policy must name the caller",
    statements: [allow({ Principal: { AWS: "444455556666" } })],
    expected: "implicitly-denied",
  },
  "holds a string condition": {
    because: "StringEquals compares exactly",
    statements: [allow({ Condition: { StringEquals: { "aws:ResourceTag/holdfast:fleet": "prod" } } })],
    context: { "aws:ResourceTag/holdfast:fleet": "prod" },
    expected: "allowed",
  },
  "fails a string condition on an absent key": {
    because: "a positive operator needs the key",
    statements: [allow({ Condition: { StringEquals: { "aws:ResourceTag/holdfast:fleet": "prod" } } })],
    expected: "implicitly-denied",
  },
  "holds a negative condition on an absent key": {
    because: "StringNotEquals is true of what is not there",
    statements: [allow({ Condition: { StringNotEquals: { "aws:PrincipalOrgID": "o-other" } } })],
    expected: "allowed",
  },
  "holds IfExists on an absent key": {
    because: "IfExists asks only when the key is there",
    statements: [allow({ Condition: { StringEqualsIfExists: { "aws:PrincipalOrgID": "o-a" } } })],
    expected: "allowed",
  },
  "asks with Null whether a key is there": {
    because: "Null false denies exactly the calls that carry the key: how compliance locks are stopped",
    statements: [
      allow({}),
      {
        Effect: "Deny",
        Action: "backup:*",
        Resource: "*",
        Condition: { Null: { "backup:ChangeableForDays": "false" } },
      },
    ],
    context: { "backup:ChangeableForDays": 3 },
    expected: "explicitly-denied",
  },
  "compares numbers as numbers": {
    because: "9 is less than 14 though '9' sorts after '14'",
    statements: [allow({ Condition: { NumericLessThan: { "backup:MinRetentionDays": "14" } } })],
    context: { "backup:MinRetentionDays": 9 },
    expected: "allowed",
  },
  "compares truth as text": {
    because: "Bool takes true and false",
    statements: [allow({ Condition: { Bool: { "aws:SecureTransport": false } } })],
    context: { "aws:SecureTransport": "false" },
    expected: "allowed",
  },
  "wants all tag keys from a set": {
    because: "ForAllValues holds when each given value is accepted",
    statements: [allow({ Condition: { "ForAllValues:StringEquals": { "aws:TagKeys": ["a", "b"] } } })],
    context: { "aws:TagKeys": ["a", "c"] },
    expected: "implicitly-denied",
  },
  "is content with any tag key from a set": {
    because: "ForAnyValue holds when one given value is accepted",
    statements: [allow({ Condition: { "ForAnyValue:StringLike": { "aws:TagKeys": "hold*" } } })],
    context: { "aws:TagKeys": ["x", "holdfast:fleet"] },
    expected: "allowed",
  },
  "finds no tag key among none, not even an unwanted one": {
    because: "ForAnyValue is false of an absent key, negative operators included",
    statements: [allow({ Condition: { "ForAnyValue:StringNotEquals": { "aws:TagKeys": ["a"] } } })],
    expected: "implicitly-denied",
  },
  "finds all of no tag keys acceptable": {
    because: "ForAllValues is true of an absent key, which is why AWS advises a Null check beside it",
    statements: [allow({ Condition: { "ForAllValues:StringEquals": { "aws:TagKeys": ["a"] } } })],
    expected: "allowed",
  },
  "keeps a star within its part of an ARN": {
    because: "ArnLike matches part by part",
    statements: [allow({ Condition: { ArnLike: { "aws:SourceArn": "arn:aws:backup:*:backup-vault:*" } } })],
    context: { "aws:SourceArn": vault },
    expected: "implicitly-denied",
  },
  "fills in policy variables": {
    because: "${aws:PrincipalAccount} is the caller's account",
    statements: [allow({ Resource: "arn:aws:backup:*:${aws:PrincipalAccount}:backup-vault:*" })],
    expected: "allowed",
  },
};

describe("evaluate", () => {
  it.each(Object.entries(cases))("%s", (_sentence, one) => {
    const decision = evaluate([policy(...one.statements)], {
      action: one.action ?? "backup:DescribeBackupVault",
      resource: one.resource ?? vault,
      principal,
      ...(one.context === undefined ? {} : { context: one.context }),
    });
    expect({ decision, because: one.because }).toEqual({ decision: one.expected, because: one.because });
  });

  it("refuses to judge an operator it does not know", () => {
    const strange = policy(allow({ Condition: { IpAddress: { "aws:SourceIp": "10.0.0.0/8" } } }));
    const request = { action: "backup:ListBackupVaults", resource: "*", principal };
    expect(() => evaluate([strange], request)).toThrow(UnsupportedPolicyError);
  });

  it("refuses a document that is no policy", () => {
    expect(() => parsePolicy(`{"Version":"2012-10-17"}`)).toThrow(UnsupportedPolicyError);
    expect(() => parsePolicy(`{"Statement":{"Effect":"allow"}}`)).toThrow(UnsupportedPolicyError);
  });
});
