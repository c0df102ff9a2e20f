import * as z from "zod";

/** AWS's tag limits (semantics §0.6): 50 a resource, keys of 1–128 and values of 0–256 characters, `aws:` reserved. `holdfast:` is ours. */
export const Tags = z
  .record(
    z
      .string()
      .min(1)
      .max(128)
      .regex(/^(?!aws:)/i, "the prefix aws: is AWS's own")
      .regex(/^(?!holdfast:)/i, "the prefix holdfast: is kept for ownership marks"),
    z.string().max(256),
  )
  .refine((tags) => Object.keys(tags).length <= 48, "AWS allows 50 tags, of which two are ownership marks");
export type Tags = z.infer<typeof Tags>;

/** The two marks that make a taggable resource ours, both set in the create call itself (rule 19). */
export const FLEET_TAG = "holdfast:fleet";
export const RESOURCE_TAG = "holdfast:resource";
/** Break glass: a person's instant, at most 72 h ahead, until which we write nothing here (rule 27). */
export const SUSPEND_TAG = "holdfast:suspend-until";
