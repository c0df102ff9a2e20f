/** AWS's own services as callers: in their own name, or in that of a role that lets them. */
import type { ConditionContext } from "./conditions.ts";
import { evaluate } from "./evaluate.ts";
import type { Iam, Identity } from "./registry.ts";

/** A service in its own name, on behalf of an account: what resources' policies give it is all it has. */
export function serviceIdentity(service: string, account: string): Identity {
  return { principal: { account, arn: service, accessKeyId: "" }, userId: service, grant: [], session: false };
}

/** A service in the name of a role; undefined where there is no such role, or it does not trust the service. */
export function asRole(iam: Iam, service: string, roleArn: string, context: ConditionContext): Identity | undefined {
  const role = iam.role(roleArn);
  if (role === undefined) return undefined;
  const { account, arn, name, grant, boundary } = role;
  const principal = { account, arn: service };
  const assuming = { action: "sts:AssumeRole", resource: arn, principal, context };
  if (evaluate([role.trust], assuming) !== "allowed") return undefined;
  const session = `arn:aws:sts::${account}:assumed-role/${name}/${service}`;
  return {
    principal: { account, arn: session, accessKeyId: "", roleArn: arn },
    userId: `${role.id}:${service}`,
    grant,
    ...(boundary === undefined ? {} : { boundary }),
    session: true,
  };
}
