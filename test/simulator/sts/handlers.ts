/** AssumeRole and GetCallerIdentity (semantics §9.3). A role that does not exist and one that does not trust the caller answer alike. */
import { decide, type Need } from "../iam/authorize.ts";
import type { ConditionContext } from "../iam/conditions.ts";
import type { Identity, Role } from "../iam/registry.ts";
import { organizationPath, type Organization } from "../organizations/state.ts";
import { ApiError, type Context, type Handlers } from "../service.ts";
import type { World } from "../world.ts";

export interface StsState {
  readonly world: World;
  readonly identity: Identity;
  /** What every request of this caller carries: who it is, which organization it belongs to. */
  readonly common: ConditionContext;
}

export interface AssumeRoleInput {
  readonly RoleArn: string;
  readonly RoleSessionName: string;
  readonly DurationSeconds?: number;
  readonly ExternalId?: string;
  readonly SourceIdentity?: string;
  readonly Policy?: string;
  readonly PolicyArns?: readonly unknown[];
  readonly Tags?: readonly { readonly Key: string; readonly Value: string }[];
}

const defaultSeconds = 3600;
/** A session that was itself made by a role lasts at most an hour more, whatever the next role allows. */
const chainedSeconds = 3600;

function assumeRole(input: AssumeRoleInput, { now, state }: Context<StsState>): unknown {
  if (input.Policy !== undefined || input.PolicyArns !== undefined) {
    throw new ApiError("NotImplemented", "The simulator does not simulate session policies", {}, 501);
  }
  const role = trustingRole(input, state);
  const seconds = input.DurationSeconds ?? defaultSeconds;
  checkDuration(seconds, role, state.identity);
  const sourceIdentity = input.SourceIdentity ?? state.identity.principal.sourceIdentity;
  const expires = new Date(now.getTime() + seconds * 1000);
  const key = state.world.iam.issueSession({ role, name: input.RoleSessionName, sourceIdentity, expires });
  return {
    Credentials: {
      AccessKeyId: key.accessKeyId,
      SecretAccessKey: key.secretAccessKey,
      SessionToken: key.sessionToken,
      Expiration: key.expires,
    },
    AssumedRoleUser: { AssumedRoleId: key.identity.userId, Arn: key.identity.principal.arn },
    SourceIdentity: sourceIdentity,
  };
}

/** The role, if it exists in an account that is still active, and trusts the caller with everything the request asks for. */
function trustingRole(input: AssumeRoleInput, { world, identity, common }: StsState): Role {
  const role = world.iam.role(input.RoleArn);
  for (const action of requestedActions(input, identity)) {
    const need = trustNeed(action, input, role, world.organization);
    const trusted =
      need !== undefined && world.isActive(role?.account ?? "") && isAllowed(need, { world, identity, common });
    if (!trusted) throw refusal(identity, action, input.RoleArn);
  }
  const carried = identity.principal.sourceIdentity;
  const changed = carried !== undefined && input.SourceIdentity !== undefined && input.SourceIdentity !== carried;
  if (role === undefined || changed) throw refusal(identity, "sts:SetSourceIdentity", input.RoleArn);
  return role;
}

function isAllowed(need: Need, { world, identity, common }: StsState): boolean {
  const decision = decide(need, identity, common);
  world.options.judged(need, identity, common, decision);
  return decision === "allowed";
}

/** AssumeRole, and what naming a source or tagging the session takes besides. */
export function requestedActions(input: AssumeRoleInput, identity: Identity): readonly string[] {
  const named = input.SourceIdentity !== undefined || identity.principal.sourceIdentity !== undefined;
  return [
    "sts:AssumeRole",
    ...(named ? ["sts:SetSourceIdentity"] : []),
    ...(input.Tags?.length ? ["sts:TagSession"] : []),
  ];
}

function trustNeed(
  action: string,
  input: AssumeRoleInput,
  role: Role | undefined,
  organization: Organization,
): Need | undefined {
  if (role === undefined) return undefined;
  return {
    action,
    resource: role.arn,
    policy: { document: role.trust, owner: role.account, rule: "resource" },
    context: {
      "sts:ExternalId": input.ExternalId,
      // There only where the owner of the role is in an organization (IAM User Guide, "AWS global condition context keys").
      "aws:ResourceOrgID": organizationPath(organization, role.account) === undefined ? undefined : organization.id,
      "sts:SourceIdentity": input.SourceIdentity,
      "sts:RoleSessionName": input.RoleSessionName,
      "aws:TagKeys": input.Tags?.map(({ Key }) => Key),
      ...Object.fromEntries((input.Tags ?? []).map(({ Key, Value }) => [`aws:RequestTag/${Key}`, Value])),
    },
  };
}

function refusal(identity: Identity, action: string, resource: string): ApiError {
  const message = `User: ${identity.principal.arn} is not authorized to perform: ${action} on resource: ${resource}`;
  return new ApiError("AccessDenied", message, {}, 403);
}

function checkDuration(seconds: number, role: Role, identity: Identity): void {
  if (identity.session && seconds > chainedSeconds) {
    const message = "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining";
    throw new ApiError("ValidationError", message, {}, 400);
  }
  if (seconds > role.maxSessionSeconds) {
    const message = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.";
    throw new ApiError("ValidationError", message, {}, 400);
  }
}

function getCallerIdentity(_input: unknown, { principal, state }: Context<StsState>): unknown {
  return { UserId: state.identity.userId, Account: principal.account, Arn: principal.arn };
}

export const stsHandlers: Handlers<StsState> = { AssumeRole: assumeRole, GetCallerIdentity: getCallerIdentity };
