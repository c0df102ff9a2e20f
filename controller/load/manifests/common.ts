import * as z from "zod";
import { REGION } from "../../domain/identity.ts";

/** Names of manifests and groups that AWS never sees. */
export const PlainName = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, "1 to 63 lower-case letters, digits and hyphens");

/** Written with or without quotes: twelve digits are read as text (rule 32). */
export const Account = z.string().regex(/^\d{12}$/, "twelve digits");
export const RegionName = z.string().regex(REGION, "a Region such as eu-west-1");

const selection = {
  groups: z.array(PlainName).min(1).optional().describe("Groups that the Fleet declares."),
  accounts: z.array(Account).min(1).optional().describe("Account ids, beside those of the groups."),
  regions: z
    .array(RegionName)
    .min(1)
    .optional()
    .describe("Narrows the Regions. Absent: a group's own Regions, the Fleet's for accounts."),
};

/** (groups ∪ accounts) × regions. */
export const Targets = z
  .strictObject(selection)
  .refine(({ groups, accounts }) => groups !== undefined || accounts !== undefined, {
    message: "name groups, accounts or both: a manifest goes nowhere by default",
  })
  .describe("Where the manifest applies: (groups ∪ accounts) × regions.");
export type Targets = z.infer<typeof Targets>;

/** Of the manifest's own targets, those an override is for: whatever is left out does not narrow. */
export const OverrideTargets = z
  .strictObject(selection)
  .refine((targets) => Object.keys(targets).length > 0, { message: "name groups, accounts or Regions" });
export type OverrideTargets = z.infer<typeof OverrideTargets>;

/** What an override may not patch: where the manifest applies is said once. */
export const UNPATCHABLE = ["targets", "overrides"] as const;

const Override = z.strictObject({
  targets: OverrideTargets.describe("Which of the manifest's targets it is for."),
  patch: z
    .record(z.string(), z.unknown())
    .describe("JSON Merge Patch on spec: maps merge, null removes, lists are replaced whole."),
});
export type Override = z.infer<typeof Override>;

export const MANAGEMENT_MODES = ["enforce", "observe", "suspended"] as const;

/** Management as it is written anywhere: a suspension says why (checked with the limits, so that the message points at it). */
export const management = {
  management: z
    .enum(MANAGEMENT_MODES)
    .optional()
    .describe(
      "enforce: correct drift. observe: judge, report, hold. suspended: looked at, not judged; needs suspendReason.",
    ),
  suspendReason: z.string().min(1).optional().describe("Why it is suspended; goes into every report."),
};
export interface ManagementFields {
  readonly management?: (typeof MANAGEMENT_MODES)[number] | undefined;
  readonly suspendReason?: string | undefined;
}

/** What every manifest that is placed on targets has, besides what it declares. */
export const placed = {
  targets: Targets,
  ...management,
  overrides: z.array(Override).optional().describe("Differences for some of the targets, in order; a later one wins."),
};

/** …and those whose resources may already be there under somebody else's hand. */
export const adoptable = {
  adopt: z
    .union([z.boolean(), z.string().min(1)])
    .optional()
    .describe(
      "Take what already bears this name under management: true, or the id of one where several do. It is marked first and changed from the next run on.",
    ),
};

export interface PlacedSpec extends ManagementFields {
  readonly targets: Targets;
  readonly overrides?: readonly Override[] | undefined;
  readonly adopt?: boolean | string | undefined;
}

/** Members of spec that say where and how, not what: no variables in them. */
export const ENVELOPE: ReadonlySet<string> = new Set(["targets", "overrides", "management", "suspendReason", "adopt"]);
