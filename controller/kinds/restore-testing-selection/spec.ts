import * as z from "zod";

/** Resource types whose restores AWS Backup tests (semantics §6.1). */
export const TESTABLE_TYPES = [
  "Aurora",
  "DocumentDB",
  "DynamoDB",
  "EBS",
  "EC2",
  "EFS",
  "FSx",
  "Neptune",
  "RDS",
  "S3",
] as const;

const TagCondition = z.strictObject({
  key: z.string().regex(/^aws:ResourceTag\/(?!aws:).+$/, "aws:ResourceTag/<key>, and no tag of AWS's own"),
  value: z.string(),
});
export type TagCondition = z.infer<typeof TagCondition>;

const Conditions = z.strictObject({
  stringEquals: z.array(TagCondition).optional().describe("Tags that a resource must have."),
  stringNotEquals: z.array(TagCondition).optional().describe("Tags that it must not have."),
});
export type Conditions = z.infer<typeof Conditions>;

/** What a restore testing plan restores: resources of one type, all of them or those named or tagged so. */
export const RestoreTestingSelectionSpec = z.strictObject({
  protectedResourceType: z.enum(TESTABLE_TYPES).describe("Cannot be changed later: another type is another selection."),
  iamRoleArn: z
    .string()
    .regex(/^arn:[^:]+:iam::\d{12}:role\/.+$/, "a role's ARN")
    .describe("The role that AWS Backup restores with."),
  protectedResourceArns: z
    .array(z.string().regex(/^(\*|arn:[^:]+:.+)$/, "an ARN, or * alone"))
    .min(1)
    .max(30)
    .optional()
    .describe('ARNs, or ["*"] for every resource of the type. Absent: every one that meets the conditions.'),
  protectedResourceConditions: Conditions.optional().describe("Narrows * by tags."),
  restoreMetadataOverrides: z
    .record(z.string().min(1), z.string())
    .optional()
    .describe("How it is restored, where AWS's guess will not do: subnets of a file system, say."),
  validationWindowHours: z
    .int()
    .min(0)
    .max(168)
    .optional()
    .describe("Hours for which what was restored is kept, so that it can be looked at. Absent: 0."),
});
export type RestoreTestingSelectionSpec = z.infer<typeof RestoreTestingSelectionSpec>;

const LiveTags = z.array(z.strictObject({ key: z.string(), value: z.string() })).optional();

/** The same as AWS reports it, whatever it holds. */
export const RestoreTestingSelectionState = z.strictObject({
  planName: z.string(),
  selectionName: z.string(),
  protectedResourceType: z.string(),
  iamRoleArn: z.string(),
  protectedResourceArns: z.array(z.string()).optional(),
  protectedResourceConditions: z.strictObject({ stringEquals: LiveTags, stringNotEquals: LiveTags }).optional(),
  /** Values as digests: AWS marks them as sensitive, and reports are read by many. */
  restoreMetadataOverrides: z.record(z.string(), z.string()).optional(),
  validationWindowHours: z.number().optional(),
});
export type RestoreTestingSelectionState = z.infer<typeof RestoreTestingSelectionState>;
