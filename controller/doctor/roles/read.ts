import { step, type Call } from "../../aws/operation.ts";
import { getRole, getRolePolicy, listAttachedRolePolicies, listRolePolicies } from "../../aws/owner-operations.ts";
import { markedPages } from "../../aws/pages.ts";
import { lookFor, type Fact } from "../fact.ts";
import { readPolicy, type Said } from "../policies/document.ts";

/** A role as IAM has it. */
export interface LiveRole {
  readonly arn: string;
  readonly trust: readonly Said[];
  /** Its own policies, by name. */
  readonly inline: ReadonlyMap<string, readonly Said[]>;
  /** ARNs of managed policies. */
  readonly attached: readonly string[];
  /** ARN of the managed policy that it can do no more than. */
  readonly boundary: string | undefined;
  /** Seconds that a session may last. */
  readonly sessionSeconds: number;
}

/** What IAM gives a role that says nothing (IAM API Reference, CreateRole). */
const HOUR = 3600;

type RoleCall = Call<typeof getRole | typeof getRolePolicy | typeof listRolePolicies | typeof listAttachedRolePolicies>;

/** A role of the caller's account, by its name; `undefined`: there is none. */
export const readRole = (call: RoleCall, RoleName: string): Promise<Fact<LiveRole | undefined>> =>
  lookFor(async () => {
    const { Role } = await call(getRole, { RoleName });
    const [names, attached] = await Promise.all([inlineNames(call, RoleName), attachedTo(call, RoleName)]);
    const documents = names.map(async (PolicyName) => {
      const { PolicyDocument = "" } = await call(getRolePolicy, { RoleName, PolicyName });
      return [PolicyName, readPolicy(PolicyDocument)] as const;
    });
    return {
      arn: Role?.Arn ?? "",
      trust: readPolicy(Role?.AssumeRolePolicyDocument ?? ""),
      inline: new Map(await Promise.all(documents)),
      attached,
      boundary: Role?.PermissionsBoundary?.PermissionsBoundaryArn,
      sessionSeconds: Role?.MaxSessionDuration ?? HOUR,
    };
  });

async function inlineNames(call: RoleCall, RoleName: string): Promise<readonly string[]> {
  const names: string[] = [];
  const read = (Marker: string | undefined) => call(listRolePolicies, { RoleName, Marker });
  for await (const { PolicyNames = [] } of markedPages(listRolePolicies.name, read)) names.push(...PolicyNames);
  return names;
}

async function attachedTo(call: RoleCall, RoleName: string): Promise<readonly string[]> {
  const arns: string[] = [];
  const read = (Marker: string | undefined) => call(listAttachedRolePolicies, { RoleName, Marker });
  for await (const { AttachedPolicies = [] } of markedPages(listAttachedRolePolicies.name, read))
    for (const { PolicyArn } of AttachedPolicies) if (PolicyArn !== undefined) arns.push(PolicyArn);
  return arns;
}

/** One of the four roles of a member account, as its own observe role may look at it. */
export const memberRole = step("observe")(
  [getRole, getRolePolicy, listRolePolicies, listAttachedRolePolicies],
  (call, _target, name: string) => readRole(call, name),
);

/** Whether the account has the role that AWS Backup makes for itself. */
export const backupsOwnRole = step("observe")([getRole], (call) =>
  lookFor(async () => (await call(getRole, { RoleName: "AWSServiceRoleForBackup" })).Role?.Arn),
);
