import * as z from "zod";
import { Target } from "./identity.ts";

/** Resources that something happens to: how many, and the first of them by name. */
const Affected = z.strictObject({
  count: z.int().min(0),
  first: z.array(z.strictObject({ target: Target, arn: z.string(), type: z.string() })),
});
export type Affected = z.infer<typeof Affected>;

const Effects = {
  /** Taken in from now on, and by nothing before. */
  gained: Affected,
  /** Taken in so far, and by nothing from now on. */
  lost: Affected,
  /** Nobody can tell: tags, opt-ins or selections could not be read, or AWS does not say what they come to. */
  unknown: Affected,
};

/**
 * What a plan's changes of selections and opt-ins do to the resources that they take in, were all of them made, the held ones too.
 * Judged from live resources and tags: beside the manifests' own words, which decide, it decides nothing.
 */
export const CoverageEffect = z.strictObject({
  /** Whether all targets with such changes were looked at, and every listing of their resources was read to its end. */
  complete: z.boolean(),
  /** Over all plans of a target: a resource that another plan takes in neither gains nor loses protection. */
  ...Effects,
  /** By backup plan, the ones it makes a difference to. */
  byPlan: z.array(z.strictObject({ target: Target, plan: z.string(), ...Effects })),
  /** Targets whose resources nobody could tell all of, and why. */
  unread: z.array(z.strictObject({ target: Target, because: z.string() })),
});
export type CoverageEffect = z.infer<typeof CoverageEffect>;
