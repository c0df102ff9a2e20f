/**
 * What none of a member account's four roles can exceed, whatever is attached to it later: IAM grants a role what its policies and its
 * boundary both allow, and a refusal in either stands (IAM User Guide, "Permissions boundaries for IAM entities"). Resources and
 * conditions are limited by the roles' own policies; a managed policy has no room to say them all again.
 */
import { type Role, ROLES } from "../controller/domain/outcome.ts";
import { PLACE, type PolicyDocument, policyDocument, ROLE_PATH, type Statement } from "./policy-document.ts";
import { type Guard, GUARDS } from "./policy-scopes.ts";
import { memberRoleName } from "./roles.ts";

const roleArn = (role: Role) => `arn:${PLACE.partition}:iam::${PLACE.account}:role${ROLE_PATH}${memberRoleName(role)}`;

/** Of the four policies as they are generated: their actions and no others, each that writes in its own roles alone, and every guard. */
export function boundaryPolicy(policies: Readonly<Record<Role, PolicyDocument>>): PolicyDocument {
  const holders = holdersOf(policies);
  return policyDocument([
    ...GUARDS.map(guard),
    ...[...writersOf(holders)].map(([sid, { roles, actions }]) => reserve(sid, roles, actions)),
    { Sid: "AtMost", Effect: "Allow", Action: [...holders.keys()].toSorted(), Resource: ["*"] },
  ]);
}

/** The roles that each action is granted to. */
function holdersOf(policies: Readonly<Record<Role, PolicyDocument>>): ReadonlyMap<string, readonly Role[]> {
  const holders = new Map<string, Role[]>();
  for (const role of ROLES) {
    for (const { Effect, Action } of policies[role].Statement) {
      if (Effect === "Deny") continue;
      for (const action of Action) holders.set(action, [...new Set([...(holders.get(action) ?? []), role])]);
    }
  }
  return holders;
}

interface Reserved {
  readonly roles: readonly Role[];
  readonly actions: readonly string[];
}

/** What changes something, by the roles that may. Reading is nobody's own. */
function writersOf(holders: ReadonlyMap<string, readonly Role[]>): ReadonlyMap<string, Reserved> {
  const writers = new Map<string, Reserved>();
  for (const [action, roles] of holders) {
    if (/:(Describe|Get|List)/.test(action) || roles.length === ROLES.length) continue;
    const sid = `Only${roles.map((role) => `${role[0]?.toUpperCase()}${role.slice(1)}`).join("And")}`;
    writers.set(sid, { roles, actions: [...(writers.get(sid)?.actions ?? []), action].toSorted() });
  }
  return writers;
}

const reserve = (Sid: string, roles: readonly Role[], Action: readonly string[]): Statement => ({
  Sid,
  Effect: "Deny",
  Action,
  Resource: ["*"],
  Condition: { ArnNotEquals: { "aws:PrincipalArn": roles.map(roleArn) } },
});

/** A guard of some roles is a guard of those alone here too. */
const guard = ({ sid, roles, actions, resources, condition }: Guard): Statement => ({
  Sid: sid,
  Effect: "Deny",
  Action: actions,
  Resource: resources,
  Condition: {
    ...condition,
    ...(roles.length === ROLES.length ? {} : { ArnEquals: { "aws:PrincipalArn": roles.map(roleArn) } }),
  },
});
