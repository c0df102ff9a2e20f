/** Whether a recognised caller may do what a call needs: its own policies and, where the resource has one, the resource's. */
import type { ConditionContext } from "./conditions.ts";
import { evaluate, type AccessRequest, type Decision } from "./evaluate.ts";
import type { PolicyDocument } from "./policy.ts";
import type { Grant, Identity } from "./registry.ts";

/** A policy attached to the resource itself. */
interface ResourcePolicy {
  readonly document: PolicyDocument | undefined;
  /** The account that owns the resource. */
  readonly owner: string;
  /** `either`: within the account the caller's policies suffice (S3). `resource`: the resource's policy must let the account in first
   * (KMS keys, role trust): IAM User Guide, "Identity-based policies and resource-based policies". */
  readonly rule: "either" | "resource";
}

/** One permission a call takes. */
export interface Need {
  readonly action: string;
  readonly resource: string;
  readonly context?: ConditionContext;
  readonly policy?: ResourcePolicy;
  /** The service's handler judges it itself, because its refusal must look like something else. */
  readonly judgedInside?: true;
}

/**
 * Judges one need. `common` is the context that every request of this caller carries. What the caller's boundary does not allow is denied,
 * whatever else allows it: a resource's policy that names the session itself, which AWS lets past, included.
 */
export function decide(need: Need, identity: Identity, common: ConditionContext): Decision {
  const { principal } = identity;
  const request = { action: need.action, resource: need.resource, principal, context: { ...common, ...need.context } };
  const bounded = identity.boundary === undefined ? "allowed" : evaluate([identity.boundary], request);
  if (bounded !== "allowed") return bounded;
  const own = ownDecision(identity.grant, request);
  if (need.policy === undefined || own === "explicitly-denied") return own;
  return withResourcePolicy(own, need.policy, request);
}

function withResourcePolicy(own: Decision, policy: ResourcePolicy, request: AccessRequest): Decision {
  const documents = policy.document === undefined ? [] : [policy.document];
  const named = evaluate(documents, request);
  if (named === "explicitly-denied") return named;
  const both = own === "allowed" && named === "allowed";
  if (request.principal.account !== policy.owner) return both ? "allowed" : "implicitly-denied";
  if (both || (policy.rule === "either" && own === "allowed")) return "allowed";
  return evaluate(documents, { ...request, accountPrincipals: "ignored" });
}

function ownDecision(grant: Grant, request: AccessRequest): Decision {
  return grant === "administrator" ? "allowed" : evaluate(grant, request);
}

/** The sentence AWS puts into a denial (IAM User Guide, "Troubleshoot access denied error messages"). */
export function denialText(need: Need, identity: Identity, decision: Decision): string {
  const why =
    decision === "explicitly-denied"
      ? "with an explicit deny in an identity-based policy"
      : `because no identity-based policy allows the ${need.action} action`;
  const on = need.resource === "*" ? "" : ` on resource: ${need.resource}`;
  return `User: ${identity.principal.arn} is not authorized to perform: ${need.action}${on} ${why}`;
}
