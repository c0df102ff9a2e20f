/** Who may do what with a vault, as far as the vault itself has a say. What the caller's own policies allow is judged before. */
import { evaluate, type PolicyPrincipal } from "../iam/evaluate.ts";
import { parsePolicy } from "../iam/policy.ts";
import type { BackupContext } from "./contract.ts";
import { accessDenied } from "./errors.ts";
import type { Vault } from "./state.ts";

interface Reach {
  /** `BackupVaultAccountId` of the call: the owner of a vault shared through AWS RAM. */
  readonly owner?: string | undefined;
  /** What the action is judged on where that is not the vault but a recovery point in it. */
  readonly resource?: string;
}

/** Finds a vault for one action of the caller, or refuses as AWS does for both an absent and a forbidden one (semantics §1.2). */
export function reachVault(context: BackupContext, name: string, action: string, reach: Reach = {}): Vault {
  const { state, account } = context;
  const owner = reach.owner ?? account;
  const shared = owner !== account;
  const vault = (shared ? state.world.state(owner, state.region) : state)?.vaults.get(name);
  if (vault === undefined || (shared && !vault.sharedWith.has(account))) throw accessDenied();
  if (isReserved(name) && vaultEdits.test(action)) throw accessDenied();
  authorize(vault, action, reach.resource ?? vault.arn, context.principal);
  return vault;
}

/** What may be done to no vault of AWS's own. */
const vaultEdits = /^(?:Put|Delete)BackupVault|^StartBackupJob$/;

/** Names that begin `aws/` belong to AWS services; their vaults are read-only (semantics §1.3). */
export function isReserved(name: string): boolean {
  return name.startsWith("aws/");
}

/** Refuses what the vault's policy explicitly denies the caller. That anyone may call at all is the business of IAM identity policies. */
function authorize(vault: Vault, action: string, resource: string, principal: PolicyPrincipal): void {
  if (decide(vault, action, resource, principal) === "explicitly-denied") throw accessDenied();
}

/** Whether the policy lets another account copy into the vault, the only thing a foreign principal may do whatever it says. */
export function allowsCopyFrom(vault: Vault, principal: PolicyPrincipal, organization: string | undefined): boolean {
  if (vault.accessPolicy === undefined) return false;
  const request = { action: "backup:CopyIntoBackupVault", resource: vault.arn, principal };
  const context = organization === undefined ? {} : { "aws:PrincipalOrgID": organization };
  return evaluate([parsePolicy(vault.accessPolicy)], { ...request, context }) === "allowed";
}

function decide(vault: Vault, action: string, resource: string, principal: PolicyPrincipal) {
  if (vault.accessPolicy === undefined) return "implicitly-denied";
  return evaluate([parsePolicy(vault.accessPolicy)], { action: `backup:${action}`, resource, principal });
}
