import { Validations } from "aws-cdk-lib";
import type { IConstruct } from "constructs";
import type { PolicyDocument } from "./policy-document.ts";

/**
 * Lets a finding of cdk-nag stand, for a reason that the validation report repeats. Findings are named with their pack, as synthesis knows
 * them: by the short name cdk-nag would leave a finding out of the report altogether.
 */
export const acknowledge = (construct: IConstruct, finding: string, reason: string): void =>
  Validations.of(construct).acknowledge({ id: `AwsSolutions::AwsSolutions-${finding}`, reason });

/** Lets the wildcards of a reviewed policy stand, each resource by itself: for the reasons of the statements that have it. */
export function acknowledgeWildcards(
  construct: IConstruct,
  policy: PolicyDocument,
  reasonOf: (sid: string) => string,
): void {
  for (const [resource, sids] of wildcards(policy))
    acknowledge(construct, `IAM5[Resource::${resource}]`, sids.map(reasonOf).join(" "));
}

/** Resources with a wildcard that something is allowed on, as cdk-nag writes them, and the statements that have them. */
function wildcards({ Statement }: PolicyDocument): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const { Sid, Effect, Resource = [] } of Statement)
    for (const resource of Resource) {
      if (Effect === "Deny" || !resource.includes("*")) continue;
      const name = resource.replaceAll(/\$\{([\w:]+)\}/g, "<$1>");
      found.set(name, [...(found.get(name) ?? []), Sid]);
    }
  return found;
}
