import * as z from "zod";

/** How long a recovery point is kept, as a plan's rule or copy action says. */
export const Lifecycle = z.strictObject({
  deleteAfterDays: z.number().optional(),
  moveToColdStorageAfterDays: z.number().optional(),
  optInToArchiveForSupportedResources: z.boolean().optional(),
});
export type Lifecycle = z.infer<typeof Lifecycle>;

/** In AWS's words. */
export const lifecycleInput = (lifecycle: Lifecycle) => ({
  DeleteAfterDays: lifecycle.deleteAfterDays,
  MoveToColdStorageAfterDays: lifecycle.moveToColdStorageAfterDays,
  OptInToArchiveForSupportedResources: lifecycle.optInToArchiveForSupportedResources,
});
