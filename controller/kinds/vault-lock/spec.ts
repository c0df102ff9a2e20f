import * as z from "zod";

const Days = z.int().min(1).max(36_500);

/** Vault Lock. Governance can be taken back; compliance never, from its LockDate on (semantics §1.6). */
export const VaultLockSpec = z
  .strictObject({
    mode: z
      .enum(["governance", "compliance"])
      .describe("governance can be removed; compliance cannot, by anyone, once immutable."),
    minRetentionDays: Days.optional().describe("Shortest retention a job may bring, in days. Checked when a job runs."),
    maxRetentionDays: Days.optional().describe(
      "Longest retention a job may bring, in days. Keeping for ever breaks any maximum.",
    ),
    immutableFrom: z.iso
      .date()
      .optional()
      .describe(
        "compliance only: the day (UTC) from which the lock can never be changed; at least 14 days ahead when put.",
      ),
  })
  .refine((lock) => (lock.minRetentionDays ?? 0) <= (lock.maxRetentionDays ?? Infinity), {
    path: ["minRetentionDays"],
    message: "minRetentionDays is greater than maxRetentionDays",
  })
  .refine((lock) => (lock.mode === "compliance") === (lock.immutableFrom !== undefined), {
    path: ["immutableFrom"],
    message: "immutableFrom goes with mode: compliance, and only with it",
  });
export type VaultLockSpec = z.infer<typeof VaultLockSpec>;
