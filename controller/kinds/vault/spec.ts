import * as z from "zod";
import { Tags } from "../tags.ts";

/** A backup vault. It has no update call: key and type are for life, tags have calls of their own (semantics §1.1). */
export const VaultSpec = z.strictObject({
  vaultType: z.literal("standard").default("standard").describe("The vault's type. Air-gapped vaults come later."),
  encryptionKey: z
    .string()
    .regex(/^(alias\/[a-zA-Z0-9:/_-]+|arn:[^:]+:kms:[^:]+:\d{12}:key\/[a-zA-Z0-9-]+)$/, "a key ARN or alias/NAME")
    .optional()
    .describe(
      "KMS key that encrypts fully managed recovery points: an alias (resolved per target) or a key ARN. Absent: aws/backup.",
    ),
  tags: Tags.optional().describe("Tags to keep on the vault. Tags that are not named here are left alone."),
});
export type VaultSpec = z.infer<typeof VaultSpec>;
