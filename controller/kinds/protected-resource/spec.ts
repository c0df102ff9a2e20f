import * as z from "zod";
import { REGION } from "../../domain/identity.ts";
import { Duration } from "../duration.ts";
import { OwnerTags } from "../owner-tags.ts";

/** One value, or one of several; * and ? are wildcards. */
const Values = z.union([z.string(), z.array(z.string()).min(1)]);
const TagTests = z.record(z.string().min(1).max(128), Values);

const ArnPattern = z.string().regex(/^(arn:\S+|\*)$/, "an ARN, with * and ? for wildcards");

const Match = z
  .strictObject({
    resourceTypes: z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .describe("AWS Backup's resource types. Absent: every type."),
    tags: z
      .strictObject({
        all: TagTests.optional().describe("Every one of these must be there."),
        any: TagTests.optional().describe("One of these at least must be there."),
      })
      .refine(({ all, any }) => all !== undefined || any !== undefined, { message: "give all, any or both" })
      .optional()
      .describe("Tags by key: a value, or a list of which one must fit; * and ? are wildcards. Case counts."),
    resources: z.array(ArnPattern).min(1).optional().describe("ARNs; * and ? are wildcards. Absent: every resource."),
    exclude: z
      .strictObject({
        tags: TagTests.optional().describe("Resources with any of these tags."),
        resources: z.array(ArnPattern).min(1).optional().describe("ARNs; * and ? are wildcards."),
      })
      .refine(({ tags, resources }) => tags !== undefined || resources !== undefined, {
        message: "give tags, resources or both",
      })
      .optional()
      .describe("Left out, whatever else matches them."),
  })
  .describe("Which resources must be protected: those that fit every member given.");
export type Match = z.infer<typeof Match>;

const Copy = z.strictObject({
  to: z
    .strictObject({
      account: z
        .string()
        .regex(/^\d{12}$/, "twelve digits")
        .optional(),
      region: z.string().regex(REGION, "a Region such as eu-west-1").optional(),
      vault: z
        .string()
        .regex(/^[a-zA-Z0-9\-_]{2,50}$/, "2 to 50 letters, digits, - and _")
        .optional(),
    })
    .refine((to) => Object.values(to).some((one) => one !== undefined), {
      message: "say which account, Region or vault, or several of them",
    })
    .describe("Where a recovery point must lie too: any vault of the fleet that fits every member given."),
  within: Duration.default("24h").describe("How long after its point a copy may take."),
});
export type RequiredCopy = z.infer<typeof Copy>;

/** Which resources must be protected, and how well (design §5): measured by their recovery points, not by what plans say. */
export const ProtectedResourceRuleSpec = z.strictObject({
  match: Match,
  rpo: Duration.describe("How old the newest usable recovery point may be: a number with h or d, such as 24h or 7d."),
  copies: z.array(Copy).min(1).max(5).optional().describe("Places that must hold a recovery point too. Absent: none."),
  immutable: z
    .enum(["airGapped", "locked", "either"])
    .optional()
    .describe(
      "A recovery point that nobody can delete, by rpo and a day: in an air-gapped vault, or one whose lock nobody can take off (compliance mode, past its grace time). Absent: not asked for.",
    ),
  overlaps: z
    .literal("report")
    .optional()
    .describe(
      "Report resources that several plans back up, which is paid for several times. Absent: they are counted.",
    ),
  remedy: z
    .enum(["notify", "backUpNow"])
    .default("notify")
    .describe(
      "notify: report it. backUpNow: start the backup that a plan's rule should have made, once a resource and period of the rule.",
    ),
  ownerTags: OwnerTags.optional(),
});
export type ProtectedResourceRuleSpec = z.infer<typeof ProtectedResourceRuleSpec>;
