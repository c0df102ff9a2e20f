import * as z from "zod";

const TagKey = z
  .string()
  .min(1)
  .max(128)
  .regex(/^(?!(aws|holdfast):)/i, "aws: and holdfast: name no owner");

/** Which tags say whose a resource is, and who pays. Keys are compared letter by letter, as AWS compares them. */
export const Ownership = z
  .strictObject({
    tags: z
      .array(TagKey)
      .min(1)
      .describe("Tag keys whose value is a resource's owner. Of several that a resource bears the first counts."),
    costTags: z
      .array(TagKey)
      .min(1)
      .optional()
      .describe("Tag keys that bills are split by. They go to recovery points with the owner's."),
  })
  .describe(
    "Whose resources are, by their tags: for messages, for points (tagsFromResource) and for orphans (unowned).",
  );
export type Ownership = z.infer<typeof Ownership>;
