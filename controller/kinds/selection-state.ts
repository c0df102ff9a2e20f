import * as z from "zod";

const LiveTag = z.strictObject({ key: z.string(), value: z.string() });
const LiveTags = z.array(LiveTag).optional();
const Strings = z.array(z.string()).optional();

/** A selection as AWS reports it, wider than a manifest's, with the facts beside it that tell whose it is and where. */
export const SelectionState = z.strictObject({
  planId: z.string(),
  /** SelectionName: the selection's own name, or that of a successor. */
  selectionName: z.string(),
  /** How many times the selection was made, as its request id says; 0 where that is not ours. */
  generation: z.int().min(0),
  creatorRequestId: z.string().optional(),
  iamRoleArn: z.string(),
  resources: Strings,
  notResources: Strings,
  listOfTags: LiveTags,
  conditions: z
    .strictObject({ stringEquals: LiveTags, stringNotEquals: LiveTags, stringLike: LiveTags, stringNotLike: LiveTags })
    .optional(),
});
export type SelectionState = z.infer<typeof SelectionState>;
