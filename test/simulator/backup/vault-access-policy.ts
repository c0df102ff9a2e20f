/** A vault's resource policy: what may be put, what is read back, and what it forbids (semantics §1.4). */
import type {
  DeleteBackupVaultAccessPolicyInput,
  GetBackupVaultAccessPolicyInput,
  GetBackupVaultAccessPolicyOutput,
  PutBackupVaultAccessPolicyInput,
} from "@aws-sdk/client-backup";
import { many, parsePolicy, type PolicyDocument, type PrincipalElement } from "../iam/policy.ts";
import type { BackupContext, Checked } from "./contract.ts";
import { digestOf } from "./digest.ts";
import { invalidParameter, notFound } from "./errors.ts";
import { reachVault } from "./vault-permission.ts";
import type { BackupWorld } from "./world.ts";

/** AWS publishes no maximum; this is the simulator's choice, in bytes. */
const mostBytes = 20_480;

export function putBackupVaultAccessPolicy(
  input: Checked<PutBackupVaultAccessPolicyInput>,
  context: BackupContext,
): void {
  const vault = reachVault(context, input.BackupVaultName, "PutBackupVaultAccessPolicy");
  if (input.Policy === undefined) throw invalidParameter("Policy is required");
  checkPolicy(input.Policy, context.state.world);
  vault.accessPolicy = input.Policy;
}

export function getBackupVaultAccessPolicy(
  input: Checked<GetBackupVaultAccessPolicyInput>,
  context: BackupContext,
): GetBackupVaultAccessPolicyOutput {
  const vault = reachVault(context, input.BackupVaultName, "GetBackupVaultAccessPolicy");
  if (vault.accessPolicy === undefined) throw notFound(`Backup vault ${vault.name} has no access policy`);
  return {
    BackupVaultName: vault.name,
    BackupVaultArn: vault.arn,
    Policy: asReadBack(vault.accessPolicy, context.state.world),
  };
}

export function deleteBackupVaultAccessPolicy(
  input: Checked<DeleteBackupVaultAccessPolicyInput>,
  context: BackupContext,
): void {
  const vault = reachVault(context, input.BackupVaultName, "DeleteBackupVaultAccessPolicy");
  if (vault.accessPolicy === undefined && context.state.world.options.deleteAbsent === "not-found") {
    throw notFound(`Backup vault ${vault.name} has no access policy`);
  }
  vault.accessPolicy = undefined;
}

function checkPolicy(text: string, world: BackupWorld): void {
  if (Buffer.byteLength(text) > mostBytes) throw invalidParameter(`Policy is larger than ${mostBytes} bytes`);
  const policy = parsed(text);
  for (const statement of many(policy.Statement)) {
    if (many(statement.Action).some((action) => action.includes("*")) || statement.NotAction !== undefined) {
      throw invalidParameter("Policy actions must be listed one by one; wildcards are not supported");
    }
    if (!many(statement.Action).every((action) => action.startsWith("backup:")) || statement.Action === undefined) {
      throw invalidParameter("Policy statements must name AWS Backup actions");
    }
    const principals = statement.Principal ?? statement.NotPrincipal;
    if (principals === undefined) throw invalidParameter("Policy statements must name a principal");
    if (!awsPrincipals(principals).every((arn) => arn === "*" || world.principalExists(arn))) {
      throw invalidParameter("Provided principal is not valid");
    }
  }
}

function parsed(text: string): PolicyDocument {
  try {
    return parsePolicy(text);
  } catch (cause) {
    throw Object.assign(invalidParameter("Provided policy is not a valid policy document"), { cause });
  }
}

function awsPrincipals(element: PrincipalElement): readonly string[] {
  return element === "*" ? ["*"] : many(element["AWS"]);
}

/** IAM stores a policy, not its text: lists of one come back as one, account ids as roots, deleted principals as their unique ids. */
function asReadBack(text: string, world: BackupWorld): string {
  return JSON.stringify(JSON.parse(text), (key, value: unknown) => {
    const list = Array.isArray(value) ? (value as unknown[]) : undefined;
    const one = list?.length === 1 && key !== "Statement" ? list[0] : value;
    if (key === "AWS")
      return Array.isArray(one) ? one.map((arn) => principalReadBack(arn, world)) : principalReadBack(one, world);
    return one;
  });
}

function principalReadBack(principal: unknown, world: BackupWorld): unknown {
  if (typeof principal !== "string" || principal === "*") return principal;
  if (/^\d{12}$/.test(principal)) return `arn:aws:iam::${principal}:root`;
  if (world.principalExists(principal)) return principal;
  const prefix = principal.includes(":user/") ? "AIDA" : "AROA";
  return `${prefix}${digestOf(principal).slice(0, 17).toUpperCase()}`;
}
