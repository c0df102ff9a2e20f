import * as z from "zod";
import { VaultLockSpec } from "../../kinds/vault-lock/spec.ts";
import { VaultNotificationsSpec } from "../../kinds/vault-notifications/spec.ts";
import { VaultPolicySpec } from "../../kinds/vault-policy/spec.ts";
import { VaultSpec } from "../../kinds/vault/spec.ts";
import { vaultLimits } from "../limits/vault.ts";
import { adoptable, placed } from "./common.ts";
import { defineManifest, type Part } from "./manifest-kind.ts";

const none = z.literal("none");

/** A vault and, as sections, the three things AWS hangs on it. A section that is absent is not managed; `none` should be absent (rule 16). */
export const BackupVaultSpec = z.strictObject({
  ...placed,
  ...adoptable,
  ...VaultSpec.shape,
  lock: z.union([none, VaultLockSpec]).optional().describe("Vault Lock, or none. Absent: not managed."),
  accessPolicy: z
    .union([none, VaultPolicySpec.shape.policy])
    .optional()
    .describe("The vault's resource policy in IAM's own words, or none. Absent: not managed."),
  notifications: z
    .union([none, VaultNotificationsSpec])
    .optional()
    .describe("Where the vault announces its jobs, or none. Absent: not managed."),
});
export type BackupVaultSpec = z.infer<typeof BackupVaultSpec>;

function* parts(name: string, spec: BackupVaultSpec): Generator<Part> {
  const { vaultType, encryptionKey, tags, lock, accessPolicy, notifications } = spec;
  yield { kind: "vault", name, path: [], want: "present", spec: { vaultType, encryptionKey, tags } };
  const satellite = { name, within: { kind: "vault", name } };
  if (lock !== undefined) yield { ...satellite, kind: "vault-lock", path: ["lock"], ...wanted(lock) };
  if (accessPolicy !== undefined)
    yield {
      ...satellite,
      kind: "vault-policy",
      path: ["accessPolicy"],
      ...wanted(accessPolicy === "none" ? accessPolicy : { policy: accessPolicy }),
    };
  if (notifications !== undefined)
    yield { ...satellite, kind: "vault-notifications", path: ["notifications"], ...wanted(notifications) };
}

const wanted = (section: unknown) =>
  section === "none" ? ({ want: "absent" } as const) : ({ want: "present", spec: section } as const);

export const backupVault = defineManifest<BackupVaultSpec>({
  kind: "BackupVault",
  declares: "A backup vault with its key and tags, and if it says so its lock, access policy and notifications.",
  name: z
    .string()
    .regex(/^(?!aws\/)/, "a name of your own: vaults whose names begin aws/ are AWS's")
    .regex(/^[a-zA-Z0-9\-_]{2,50}$/, "2 to 50 letters, digits, - and _"),
  spec: BackupVaultSpec,
  limits: vaultLimits,
  parts,
  smallest: `apiVersion: holdfast/v1
kind: BackupVault
metadata: { name: nightly }
spec:
  targets: { groups: [everywhere] }
`,
});
