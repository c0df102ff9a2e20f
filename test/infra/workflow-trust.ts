/** Whether a role's trust lets in a workflow with those claims in its token. */
import type { ConditionContext } from "../simulator/iam/conditions.ts";
import { evaluate } from "../simulator/iam/evaluate.ts";
import { many, type PolicyDocument, type Statement } from "../simulator/iam/policy.ts";

export const claims = (sub: string, aud = "sts.amazonaws.com"): ConditionContext => ({
  "token.actions.githubusercontent.com:sub": sub,
  "token.actions.githubusercontent.com:aud": aud,
});

/** The evaluator knows no federated callers: tests look apart at who vouches for one, and what they vouch for is judged here. */
export function admits(
  trust: PolicyDocument,
  principal: { readonly account: string; readonly arn: string },
  context: ConditionContext,
) {
  const conditions = many(trust.Statement).map((statement): Statement => {
    const { Principal: _, ...rest } = statement;
    return rest;
  });
  const action = "sts:AssumeRoleWithWebIdentity";
  return evaluate([{ Statement: conditions }], { action, resource: "*", principal, context });
}
