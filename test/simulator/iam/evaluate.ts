/**
 * A small IAM policy evaluator: enough of AWS's logic to run a controller under the policies it will really have.
 * Source: IAM User Guide, "Policy evaluation logic" and "IAM JSON policy elements". What it does not know it refuses loudly.
 */
import { conditionsHold, lowerCased, substituted, type ConditionContext } from "./conditions.ts";
import { many, UnsupportedPolicyError, type PolicyDocument, type PrincipalElement, type Statement } from "./policy.ts";
import { matchesWildcard } from "./wildcard.ts";

/** Who asks, as policies see a caller. */
export interface PolicyPrincipal {
  readonly account: string;
  /** The caller's ARN: a user, a role session (`arn:aws:sts::A:assumed-role/R/S`), a service principal or an account root. */
  readonly arn: string;
  /** The role behind a session, path included. Absent: read from the session's ARN, which has no path. */
  readonly roleArn?: string;
}

export interface AccessRequest {
  /** As IAM spells it: `backup:CreateBackupVault`. */
  readonly action: string;
  /** The ARN acted upon; `*` where the action has no resource. */
  readonly resource: string;
  readonly principal: PolicyPrincipal;
  readonly context?: ConditionContext;
  /** Whether a resource policy that names the caller's whole account names the caller. It does, unless one asks who was named directly. */
  readonly accountPrincipals?: "count" | "ignored";
}

/** An explicit denial overrules everything; an implicit one is only the absence of an Allow. */
export type Decision = "allowed" | "explicitly-denied" | "implicitly-denied";

/** Judges a request by policies that stand side by side. An explicit Deny in any wins, then an Allow in any. Statements with a Principal
 * (resource policies) must also name the caller; statements without one (identity policies) are taken as attached to the caller. */
export function evaluate(policies: readonly PolicyDocument[], request: AccessRequest): Decision {
  let decision: Decision = "implicitly-denied";
  for (const policy of policies) {
    for (const statement of many(policy.Statement)) {
      if (!applies(statement, request)) continue;
      if (statement.Effect === "Deny") return "explicitly-denied";
      decision = "allowed";
    }
  }
  return decision;
}

/** The context every request carries whatever the service: who the caller is. */
function principalContext(principal: PolicyPrincipal): ConditionContext {
  return {
    "aws:PrincipalAccount": principal.account,
    "aws:PrincipalArn": principalArns(principal)[0] ?? principal.arn,
  };
}

function applies(statement: Statement, request: AccessRequest): boolean {
  const context = { ...principalContext(request.principal), ...request.context };
  return (
    actionMatches(statement, request.action) &&
    resourceMatches(statement, request.resource, context) &&
    principalMatches(statement, request) &&
    conditionsHold(statement.Condition, context)
  );
}

function actionMatches(statement: Statement, action: string): boolean {
  const named = (patterns: readonly string[]) => patterns.some((pattern) => matchesWildcard(pattern, action, false));
  return statement.NotAction === undefined ? named(many(statement.Action)) : !named(many(statement.NotAction));
}

/** A trust policy has no Resource at all; then any resource is meant. */
function resourceMatches(statement: Statement, resource: string, context: ConditionContext): boolean {
  const values = lowerCased(context);
  const named = (patterns: readonly string[]) =>
    patterns.some((pattern) => matchesWildcard(substituted(pattern, values), resource));
  if (statement.NotResource !== undefined) return !named(many(statement.NotResource));
  return statement.Resource === undefined || named(many(statement.Resource));
}

function principalMatches(statement: Statement, request: AccessRequest): boolean {
  if (statement.NotPrincipal !== undefined) return !principalNamed(statement.NotPrincipal, request);
  return statement.Principal === undefined || principalNamed(statement.Principal, request);
}

function principalNamed(element: PrincipalElement, request: AccessRequest): boolean {
  if (element === "*") return true;
  return Object.entries(element).some(([type, names]) => {
    switch (type) {
      case "AWS":
        return many(names).some((name) => awsPrincipalNamed(name, request));
      case "Service":
        return many(names).includes(request.principal.arn);
      case "Federated":
      case "CanonicalUser":
        return false;
      default:
        throw new UnsupportedPolicyError(`principal type ${type} is not simulated`);
    }
  });
}

/** An account id or its root names everyone in that account; any other ARN names exactly itself, or the sessions of that role. */
function awsPrincipalNamed(name: string, { principal, accountPrincipals }: AccessRequest): boolean {
  if (name === "*") return true;
  const account = /^(?:arn:[^:]+:iam::)?(\d{12})(?::root)?$/.exec(name)?.[1];
  if (account !== undefined) return account === principal.account && accountPrincipals !== "ignored";
  return principalArns(principal).includes(name);
}

/** The ARNs that a policy may know the caller by, the one `aws:PrincipalArn` has first. */
function principalArns(principal: PolicyPrincipal): readonly string[] {
  if (principal.roleArn !== undefined) return [principal.roleArn, principal.arn];
  const session = /^arn:([^:]+):sts::(\d{12}):assumed-role\/([^/]+)\//.exec(principal.arn);
  if (session === null) return [principal.arn];
  return [`arn:${session[1]}:iam::${session[2]}:role/${session[3]}`, principal.arn];
}
