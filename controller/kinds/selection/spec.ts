import * as z from "zod";

const TagCondition = z.strictObject({ key: z.string().min(1), value: z.string() });
export type TagCondition = z.infer<typeof TagCondition>;

/** Conditions are ANDed over all four operators; keys are `aws:ResourceTag/<tag>` (semantics §3.1). */
export const Conditions = z.strictObject({
  stringEquals: z.array(TagCondition).optional(),
  stringNotEquals: z.array(TagCondition).optional(),
  stringLike: z.array(TagCondition).optional(),
  stringNotLike: z.array(TagCondition).optional(),
});
export type Conditions = z.infer<typeof Conditions>;

/** What a plan protects: (resources ∪ listOfTags) − notResources, of these what meets every condition. Immutable in AWS. */
export const SelectionSpec = z.strictObject({
  iamRoleArn: z
    .string()
    .regex(/^arn:[^:]+:iam::\d{12}:role\/.+$/, "a role's ARN")
    .describe("The role AWS Backup assumes."),
  resources: z.array(z.string().min(1)).optional().describe("ARNs, ARN patterns or *."),
  notResources: z.array(z.string().min(1)).optional().describe("ARNs and patterns to leave out."),
  listOfTags: z.array(TagCondition).optional().describe("Resources with any of these tags; bare tag keys."),
  conditions: Conditions.optional().describe("Tests that every resource must pass; keys begin aws:ResourceTag/."),
});
export type SelectionSpec = z.infer<typeof SelectionSpec>;
