import * as z from "zod";
import { partitionOf, type ResourceKey } from "../../domain/identity.ts";
import type { FleetView } from "../../domain/judging.ts";
import { letsCopiesIn, type PolicyStatement as Statement } from "../copy-permission.ts";
import { statementsLost } from "./policy-document.ts";

/** What jobs and our own roles must still be able to do in a vault after a Deny has come. */
const NEEDED: ReadonlySet<string> = new Set([
  "backup:CopyIntoBackupVault",
  "backup:StartBackupJob",
  "backup:ListRecoveryPointsByBackupVault",
  "backup:GetBackupVaultAccessPolicy",
  "backup:PutBackupVaultAccessPolicy",
  "backup:DeleteBackupVaultAccessPolicy",
  "backup:GetBackupVaultNotifications",
  "backup:PutBackupVaultNotifications",
  "backup:PutBackupVaultLockConfiguration",
]);

/** Whether a new Deny reaches something that jobs or our roles need. A NotAction or a `*` reaches everything (rule 16). */
export const locksUsOut = (live: readonly Statement[], desired: readonly Statement[]): boolean =>
  statementsLost(desired, live).some(
    (statement) =>
      statement.Effect === "Deny" &&
      (statement["Action"] === undefined ||
        texts(statement["Action"]).some((action) => action === "*" || action === "backup:*" || NEEDED.has(action))),
  );

const CopySources = z.object({
  rules: z.array(z.object({ copyActions: z.array(z.object({ destinationBackupVaultArn: z.string() })).optional() })),
});

/** Whether some plan of another account copies into this vault and the policy would not let that account in (semantics §4.8). */
export function failsInboundCopies(vault: ResourceKey, desired: readonly Statement[], view: FleetView): boolean {
  const { account, region } = vault.target;
  const arn = `arn:${partitionOf(region)}:backup:${region}:${account}:backup-vault:${vault.name}`;
  const sources = [
    ...view.wanted("plan").map(({ key, spec }) => ({ account: key.target.account, body: spec })),
    ...view.live("plan").map(({ key, state }) => ({ account: key.target.account, body: state })),
  ].filter(({ body }) => copiesInto(body, arn));
  return sources.some((source) => source.account !== account && !letsCopiesIn(desired, source.account));
}

const copiesInto = (body: unknown, arn: string): boolean => {
  const plan = CopySources.safeParse(body);
  return (
    plan.success &&
    plan.data.rules.some((rule) => rule.copyActions?.some((copy) => copy.destinationBackupVaultArn === arn))
  );
};

const texts = (value: unknown): readonly string[] => [value].flat().filter((one) => typeof one === "string");
