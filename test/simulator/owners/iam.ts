/** IAM, as far as one asks whether a role is there and whom it trusts (IAM API Reference, GetRole). */
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
}

function getRole(input: { readonly RoleName: string }, { account, state }: Context<World>): unknown {
  const role = roleNamed(state, account, input.RoleName);
  if (role === undefined) {
    throw new ApiError("NoSuchEntityException", `The role with name ${input.RoleName} cannot be found.`);
  }
  const [, path = "/"] = /:role(\/(?:.*\/)?)/.exec(role.arn) ?? [];
  return {
    Role: {
      Path: path,
      RoleName: input.RoleName,
      RoleId: role.id,
      Arn: role.arn,
      CreateDate: created,
      // As IAM gives it: JSON, percent-encoded.
      AssumeRolePolicyDocument: encodeURIComponent(JSON.stringify(role.trust)),
      MaxSessionDuration: role.maxSessionSeconds,
    },
  };
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
  };
}

export const iamHandlers: Handlers<World> = { GetRole: getRole };
