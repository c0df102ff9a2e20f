/** IAM, as far as one asks whether a role is there, whom it trusts and what it may do (IAM API Reference). */
import type { PolicyDocument } from "../iam/policy.ts";
import { startFrom, takePage } from "../paging.ts";
import { ApiError, type Context, type Handlers } from "../service.ts";
import type { World } from "../world.ts";

/** The role that AWS Backup makes for itself; its account cannot change it. */
const serviceLinked = { name: "AWSServiceRoleForBackup", path: "/aws-service-role/backup.amazonaws.com/" } as const;

/** Dates of roles are not kept. */
const created = new Date("2025-01-01T00:00:00Z");

interface Told {
  readonly arn: string;
  readonly id: string;
  readonly trust: unknown;
  readonly maxSessionSeconds: number;
  readonly boundary?: PolicyDocument | undefined;
  readonly boundaryArn?: string;
  readonly inline: ReadonlyMap<string, PolicyDocument>;
  readonly attached: readonly string[];
}

interface Named {
  readonly RoleName: string;
}

function present({ RoleName }: Named, { account, state }: Context<World>): Told {
  const role = roleNamed(state, account, RoleName);
  if (role !== undefined) return role;
  throw new ApiError("NoSuchEntityException", `The role with name ${RoleName} cannot be found.`);
}

/** As IAM gives documents: JSON, percent-encoded. */
const encoded = (document: unknown): string => encodeURIComponent(JSON.stringify(document));

function getRole(input: Named, context: Context<World>): unknown {
  const role = present(input, context);
  const [, path = "/"] = /:role(\/(?:.*\/)?)/.exec(role.arn) ?? [];
  return {
    Role: {
      Path: path,
      RoleName: input.RoleName,
      RoleId: role.id,
      Arn: role.arn,
      CreateDate: created,
      AssumeRolePolicyDocument: encoded(role.trust),
      MaxSessionDuration: role.maxSessionSeconds,
      // Left out of ListRoles, and here where a role has none (IAM API Reference, GetRole).
      PermissionsBoundary: role.boundary && {
        PermissionsBoundaryType: "Policy",
        PermissionsBoundaryArn: role.boundaryArn,
      },
    },
  };
}

function getRolePolicy(input: Named & { readonly PolicyName: string }, context: Context<World>): unknown {
  const { RoleName, PolicyName } = input;
  const document = present(input, context).inline.get(PolicyName);
  if (document === undefined)
    throw new ApiError("NoSuchEntityException", `The role policy with name ${PolicyName} cannot be found.`);
  return { RoleName, PolicyName, PolicyDocument: encoded(document) };
}

interface Listed extends Named {
  readonly Marker?: string;
  readonly MaxItems?: number;
}

function listRolePolicies(input: Listed, context: Context<World>): unknown {
  const { items, ...rest } = pageOf([...present(input, context).inline.keys()], input, context);
  return { PolicyNames: items, ...rest };
}

function listAttachedRolePolicies(input: Listed, context: Context<World>): unknown {
  const { items, ...rest } = pageOf(present(input, context).attached, input, context);
  return {
    AttachedPolicies: items.map((arn) => ({ PolicyArn: arn, PolicyName: arn.slice(arn.lastIndexOf("/") + 1) })),
    ...rest,
  };
}

function pageOf(
  rows: readonly string[],
  { RoleName, Marker, MaxItems = 100 }: Listed,
  { account, state }: Context<World>,
) {
  const listing = JSON.stringify(["iam", account, RoleName]);
  const from = startFrom(Marker, listing, () => new ApiError("ValidationError", "Invalid Marker.", {}, 400));
  const { items, next } = takePage(rows, { from, listing, limit: Math.min(MaxItems, state.options.pageSize) });
  return { items, IsTruncated: next !== undefined, Marker: next };
}

/** Names are unique in an account whatever the path. */
export function roleNamed(world: World, account: string, name: string): Told | undefined {
  if (name !== serviceLinked.name) {
    return world.iam.roles().find((role) => role.account === account && role.name === name);
  }
  if (!world.backupWorld.serviceLinkedRoleExists(account)) return undefined;
  const Principal = { Service: "backup.amazonaws.com" };
  return {
    arn: `arn:aws:iam::${account}:role${serviceLinked.path}${serviceLinked.name}`,
    id: `AROA${account}LINKED`,
    trust: { Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal, Action: "sts:AssumeRole" }] },
    maxSessionSeconds: 3600,
    inline: new Map(),
    attached: ["arn:aws:iam::aws:policy/aws-service-role/AWSBackupServiceLinkedRolePolicyForBackup"],
  };
}

export const iamHandlers: Handlers<World> = {
  GetRole: getRole,
  GetRolePolicy: getRolePolicy,
  ListRolePolicies: listRolePolicies,
  ListAttachedRolePolicies: listAttachedRolePolicies,
};
