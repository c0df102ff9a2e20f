import * as z from "zod";

/** What the Fleet says of owners, for policies whose findings are told to them. */
export const OwnerTags = z
  .array(z.string())
  .describe("Tag keys whose value is a resource's owner, as the Fleet says; the first that it bears counts.");
