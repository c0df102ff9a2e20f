import * as z from "zod";

/** By AWS Backup's names of resource types, some of which have spaces: the model's own pattern would forbid them (semantics §6.5). */
const ByType = z
  .record(z.string().min(1).max(50), z.boolean())
  .refine((types) => Object.keys(types).length > 0, { message: "names no resource type" });

/** What a Region's settings should say of the types that are named. Of all others nothing is asked: AWS adds types as it goes. */
export const RegionSettingsSpec = z
  .strictObject({
    optIns: ByType.optional().describe(
      "true: selections by tag reach resources of the type. false: they pass them over without a word. A selection that names a type reaches it either way.",
    ),
    fullManagement: ByType.optional().describe(
      "true: AWS Backup keeps the type's backups itself (advanced features of DynamoDB). false: the service that owns the resource does.",
    ),
  })
  .refine(({ optIns, fullManagement }) => optIns !== undefined || fullManagement !== undefined, {
    message: "say optIns, fullManagement or both",
  });
export type RegionSettingsSpec = z.infer<typeof RegionSettingsSpec>;
