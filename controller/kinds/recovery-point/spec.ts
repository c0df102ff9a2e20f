import * as z from "zod";

/** Which recovery points a policy judges, and how long they must and may be kept (rule 5). */
export const RecoveryPointRuleSpec = z.strictObject({
  match: z
    .strictObject({
      vaults: z
        .array(z.string().min(1))
        .min(1)
        .optional()
        .describe("Vault names; * and ? are wildcards. Absent: every vault."),
      resourceTypes: z
        .array(z.string().min(1))
        .min(1)
        .optional()
        .describe("AWS Backup's resource types. Absent: every type."),
    })
    .describe("A matching policy is the adoption of a recovery point (rule 19)."),
  retention: z
    .strictObject({
      atLeastDays: z
        .int()
        .min(1)
        .max(36_500)
        .optional()
        .describe("Days from creation that a point is kept at least. Absent: what the rule that made it says."),
      atMostDays: z
        .int()
        .min(1)
        .max(36_500)
        .optional()
        .describe("Days after which it should go. Without it nothing is ever shortened."),
    })
    .refine((r) => (r.atLeastDays ?? 0) <= (r.atMostDays ?? Infinity), {
      path: ["atLeastDays"],
      message: "atLeastDays is greater than atMostDays",
    }),
});
export type RecoveryPointRuleSpec = z.infer<typeof RecoveryPointRuleSpec>;
