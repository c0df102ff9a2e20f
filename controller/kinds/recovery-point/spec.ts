import * as z from "zod";
import { REGION } from "../../domain/identity.ts";
import { Duration, durationMs } from "../duration.ts";

const Days = z.int().min(1).max(36_500);

/** Of the causes by which a point is an orphan, those that a policy acts on (rule 2). */
export const ORPHAN_CAUSES = ["planDeleted", "resourceDeleted", "expired", "unowned"] as const;
export type OrphanCause = (typeof ORPHAN_CAUSES)[number];

const Match = z
  .strictObject({
    vaults: z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .describe("Vault names; * and ? are wildcards. Absent: every vault."),
    resourceTypes: z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .describe("AWS Backup's resource types. Absent: every type."),
  })
  .describe("A matching policy is the adoption of a recovery point (rule 19).");

const Retention = z
  .strictObject({
    atLeastDays: Days.optional().describe(
      "Days from creation that a point is kept at least. Absent: what the plan's rule that made it says today.",
    ),
    atMostDays: Days.optional().describe(
      "Days after which it should go. Without it nothing is ever shortened. Shortening is announced and approved first.",
    ),
  })
  .refine((r) => (r.atLeastDays ?? 0) <= (r.atMostDays ?? Infinity), {
    path: ["atLeastDays"],
    message: "atLeastDays is greater than atMostDays",
  });

/** Shorter than this nobody could object to what was announced (rule 6). */
const Grace = Duration.refine((text) => durationMs(text) >= 72 * 3_600_000, { message: "grace is 72h at least" });

const Orphans = z
  .strictObject({
    when: z
      .array(z.enum(ORPHAN_CAUSES))
      .min(1)
      .describe(
        "planDeleted, resourceDeleted: proven gone, and the point has no delete date. expired: AWS Backup could not delete it. unowned: neither the point nor its resource bears a tag that names an owner, and the point has no delete date.",
      ),
    action: z
      .enum(["tag", "delete"])
      .default("tag")
      .describe(
        "tag: mark them for people. delete: mark, announce, and delete once approved and after the grace time.",
      ),
    grace: Grace.default("14d").describe("From the announcement to the deletion, at least."),
    minMissing: Duration.refine((text) => durationMs(text) >= 24 * 3_600_000, { message: "minMissing is 24h at least" })
      .default("30d")
      .describe("How long a resource must be missing before its points count as orphans."),
    keepLast: z
      .int()
      .min(1)
      .max(100)
      .default(1)
      .describe("Newest restorable points kept per resource and vault, whatever becomes of the others."),
  })
  .describe("Points that nothing owns any more.");

const AfterCopy = z.strictObject({
  keepLocalDays: Days.describe("Days from creation that a point stays beside its copy at least."),
  grace: Grace.default("14d").describe("From the announcement to the deletion, at least."),
});

const Copy = z.strictObject({
  to: z
    .strictObject({
      account: z.string().regex(/^\d{12}$/, "twelve digits"),
      region: z.string().regex(REGION, "a Region such as eu-west-1"),
      vault: z.string().regex(/^[a-zA-Z0-9\-_]{2,50}$/, "2 to 50 letters, digits, - and _"),
    })
    .describe("The vault that must hold a copy of every point."),
  within: Duration.default("24h").describe("How long after its point a copy may take before it counts as missing."),
  retention: z
    .strictObject({ atLeastDays: Days })
    .optional()
    .describe("Days that the copy is kept at least. Absent: as long as its source."),
  iamRoleArn: z
    .string()
    .regex(/^arn:aws[\w-]*:iam::\d{12}:role\/.+$/, "a role's ARN")
    .optional()
    .describe("The role that AWS Backup copies with. Absent: the one that made the point."),
  since: z.iso
    .datetime({ offset: true })
    .optional()
    .describe("Points from then on. Absent: from the first signed report that knew the policy."),
  backfill: z
    .enum(["none", "latest", "all"])
    .default("none")
    .describe(
      "Older points: none, each resource's latest, or all. Needs remedy: copyAgain, and approval, with the bytes it moves.",
    ),
  remedy: z
    .enum(["notify", "copyAgain"])
    .default("notify")
    .describe("notify: report a copy that is missing or has failed. copyAgain: start it."),
  afterCopy: AfterCopy.optional().describe(
    "When the local point may go, once its copy is proven. Absent: when its own retention says.",
  ),
});
export type CopyRule = z.infer<typeof Copy>;

const TagKey = z
  .string()
  .min(1)
  .max(128)
  .regex(/^(?!(aws|holdfast):)/i, "aws: and holdfast: are not yours to set");

/** Which recovery points a policy judges, and by what: how long they are kept, what is left behind, and where copies must be (rules 1–12, 20). */
export const RecoveryPointRuleSpec = z.strictObject({
  match: Match,
  retention: Retention.optional().describe("How long points are kept. Absent: not looked at."),
  orphans: Orphans.optional(),
  copies: z.array(Copy).min(1).max(5).optional().describe("Copies that every point must have. Absent: not looked at."),
  encryption: z
    .strictObject({
      required: z.literal(true).optional().describe("Points must be encrypted."),
      keys: z
        .array(z.string().regex(/^(arn:aws[\w-]*:kms:[^:]+:\d{12}:key\/.+|alias\/.+)$/, "alias/NAME or a key's ARN"))
        .min(1)
        .optional()
        .describe("Keys that points may be encrypted with."),
    })
    .refine(({ required, keys }) => required !== undefined || keys !== undefined, {
      message: "say required: true, keys, or both",
    })
    .optional()
    .describe("How points must be encrypted: reported, since AWS cannot change it."),
  tags: z
    .record(TagKey, z.string().max(256))
    .optional()
    .describe("Tags that every point must bear, added where AWS can tag it."),
  tagsFromResource: z
    .union([z.literal("ownership"), z.array(TagKey).min(1)])
    .optional()
    .describe(
      "Tags that a point takes over from its resource where it lacks them: those of the Fleet's ownership, or these keys. What a point bears already is left as it is.",
    ),
  /** The Fleet's, where the policy rests on it. */
  ownership: z.strictObject({ tags: z.array(z.string()), costTags: z.array(z.string()).optional() }).optional(),
  placement: z
    .literal("asPlanned")
    .optional()
    .describe("Report points that lie in another vault than the plan's rule which made them puts them into."),
});
export type RecoveryPointRuleSpec = z.infer<typeof RecoveryPointRuleSpec>;

/** Whether a policy takes the Fleet to say which tags name an owner. */
export const restsOnOwners = ({
  tagsFromResource,
  orphans,
}: Pick<RecoveryPointRuleSpec, "tagsFromResource" | "orphans">): boolean =>
  tagsFromResource === "ownership" || orphans?.when.includes("unowned") === true;

/** Tag keys that points take over from their resources. */
export const inheritedKeys = ({
  tagsFromResource = [],
  ownership,
}: Pick<RecoveryPointRuleSpec, "tagsFromResource" | "ownership">): readonly string[] =>
  tagsFromResource === "ownership" ? [...(ownership?.tags ?? []), ...(ownership?.costTags ?? [])] : tagsFromResource;

/** Tag keys any of which says that somebody owns a point. None where the policy does not ask. */
export const ownerKeys = ({
  orphans,
  ownership,
}: Pick<RecoveryPointRuleSpec, "orphans" | "ownership">): readonly string[] =>
  orphans?.when.includes("unowned") === true ? (ownership?.tags ?? []) : [];
