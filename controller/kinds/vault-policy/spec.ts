import * as z from "zod";

const Text = z.union([z.string(), z.array(z.string()).min(1)]);
const Principal = z.union([z.literal("*"), z.record(z.string(), Text)]);
const Actions = Text.refine(
  (value) => [value].flat().every((action) => action === "*" || !action.includes("*")),
  "a vault policy takes no wildcard inside an action: list every one (semantics §1.4)",
);

const Statement = z
  .strictObject({
    Sid: z.string().optional(),
    Effect: z.enum(["Allow", "Deny"]),
    Principal: Principal.optional(),
    NotPrincipal: Principal.optional(),
    Action: Actions.optional(),
    NotAction: Actions.optional(),
    Resource: Text.optional(),
    NotResource: Text.optional(),
    Condition: z
      .record(z.string(), z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())])))
      .optional(),
  })
  .refine((s) => (s.Principal === undefined) !== (s.NotPrincipal === undefined), {
    message: "give Principal or NotPrincipal",
  })
  .refine((s) => (s.Action === undefined) !== (s.NotAction === undefined), { message: "give Action or NotAction" });
export type PolicyStatement = z.infer<typeof Statement>;

/** A vault's access policy: an IAM resource policy, put as a whole, compared by structure (semantics §1.4). */
export const VaultPolicySpec = z.strictObject({
  policy: z.strictObject({
    Version: z.enum(["2012-10-17", "2008-10-17"]).default("2012-10-17"),
    Id: z.string().optional(),
    Statement: z.array(Statement).min(1),
  }),
});
export type VaultPolicySpec = z.infer<typeof VaultPolicySpec>;
