import * as z from "zod";
import { Account, management, PlainName, RegionName } from "./common.ts";
import { Maintenance } from "./maintenance.ts";
import { Naming } from "./naming.ts";
import { NotificationsSpec } from "./notifications.ts";
import { Ownership } from "./ownership.ts";

const Glob = z.string().min(1);

const selector = {
  ids: z.array(Account).min(1).optional().describe("Account ids."),
  organizationalUnits: z
    .array(z.string().regex(/^(ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}|r-[0-9a-z]{4,32})$/, "ou-… or r-…"))
    .min(1)
    .optional()
    .describe("Every account under these units, however deep."),
  tags: z.record(z.string(), z.string()).optional().describe("Accounts with all of these tags in AWS Organizations."),
  names: z.array(Glob).min(1).optional().describe("Account names; * and ? are wildcards."),
};

/** The union of its members; with none of them, every account there is to choose from. */
export const AccountSelector = z.strictObject(selector);
export type AccountSelector = z.infer<typeof AccountSelector>;

const Exclusion = z.strictObject({ account: Account, reason: z.string().min(1) });

const Group = z.strictObject({
  accounts: AccountSelector.optional().describe("Absent: every account of the fleet."),
  regions: z
    .array(RegionName)
    .min(1)
    .optional()
    .describe("Narrows where the manifests of the group go. Absent: every Region of the fleet."),
  ...management,
});
export type Group = z.infer<typeof Group>;

const RoleName = z.string().regex(/^[\w+=,.@-]{1,64}$/, "an IAM role's name");

const Roles = z.strictObject({
  observe: RoleName.default("holdfast-observe").describe("Reads."),
  apply: RoleName.default("holdfast-apply").describe("Creates and updates."),
  retain: RoleName.default("holdfast-retain").describe("Changes the retention of recovery points, nothing else."),
  destroy: RoleName.default("holdfast-destroy").describe("Deletes; assumed for an approved destruction only."),
});

const Percent = z.int().min(0).max(100);

const Budget = z.strictObject({
  perTarget: z.int().min(0).default(10).describe("Most weakening changes in one target and run."),
  perRun: z.int().min(0).default(50).describe("Most weakening changes in one run."),
  percent: Percent.default(1).describe("Most weakening changes as a share of what is there; at least one."),
});

const Destruction = z.strictObject({
  perVaultDay: z.int().min(0).default(10).describe("Most recovery points deleted or shortened in one vault and 24 h."),
  percentOfVault: Percent.default(1).describe("Most of them as a share of the vault's points; at least one."),
  perFleetDay: z.int().min(0).default(50).describe("Most recovery points deleted or shortened in the fleet and 24 h."),
});

const UNITS: Readonly<Record<string, number>> = { MB: 1e6, GB: 1e9, TB: 1e12 };
const Size = z.string().regex(/^(0|[1-9]\d{0,3})(MB|GB|TB)$/, "up to four digits with MB, GB or TB, such as 500GB");

/** Decimal units, as storage is billed by. */
export const bytesOf = (size: string): number => Number(size.slice(0, -2)) * (UNITS[size.slice(-2)] ?? 1);

const Copies = z.strictObject({
  perTargetDay: z.int().min(0).default(20).describe("Most copies started in one target and 24 h."),
  bytesPerTargetDay: Size.default("500GB").describe("Most bytes that those copies move: a number with MB, GB or TB."),
});

const Backups = z.strictObject({
  perTargetDay: z
    .int()
    .min(0)
    .default(20)
    .describe("Most backups that a CoveragePolicy makes up for in one target and 24 h."),
});

const Guardrails = z.strictObject({
  concurrency: z.int().min(1).max(64).default(8).describe("Targets worked on at once."),
  budget: Budget.prefault({}),
  shrinkPercent: Percent.default(20).describe(
    "When more than this share of the declared resources is gone since the last run, nothing is weakened.",
  ),
  contestedAfter: z
    .int()
    .min(1)
    .max(100)
    .default(2)
    .describe("Corrections of one field in 24 h after which somebody else is taken to set it."),
  destruction: Destruction.prefault({}),
  copies: Copies.prefault({}),
  backups: Backups.prefault({}),
  maintenance: Maintenance.optional().describe("When changes may be made. Absent: at any time."),
});

/** Which accounts and Regions Holdfast looks after, how it gets in, and how careful it is. One to a desired state. */
export const FleetSpec = z.strictObject({
  access: z
    .enum(["assumeRole", "ambient"])
    .default("assumeRole")
    .describe("assumeRole: the roles below in every account. ambient: one account, the caller's own credentials."),
  accounts: z
    .strictObject({
      ...selector,
      exclude: z.array(Exclusion).optional().describe("Left out, whatever selects them; the reason is reported."),
    })
    .optional()
    .describe("Absent: what the groups select; for ambient access the caller's own account."),
  regions: z.array(RegionName).min(1).describe("Regions of every account."),
  groups: z.record(PlainName, Group).default({}).describe("Named parts of the fleet, for manifests to aim at."),
  roles: Roles.prefault({}),
  rolePath: z
    .string()
    .regex(/^\/([\u0021-\u007e]{1,510}\/)?$/, "a path such as / or /holdfast/")
    .default("/")
    .describe("IAM path of the roles."),
  externalId: z
    .string()
    .regex(/^[\w+=,.@:/-]{2,1224}$/, "2 to 1224 letters, digits and + = , . @ : / -")
    .optional()
    .describe("External id that the roles' trust policies ask for."),
  ...management,
  ownership: Ownership.optional(),
  naming: Naming.optional(),
  guardrails: Guardrails.prefault({}),
  notifications: NotificationsSpec.optional().describe(
    "Who hears of what is wrong. Absent: nobody but who reads reports.",
  ),
});
export type FleetSpec = z.infer<typeof FleetSpec>;

export const FLEET = "Fleet";
export const FLEET_DECLARES =
  "The accounts and Regions to look after, in named groups, with the guardrails of every run.";
export const SMALLEST_FLEET = `apiVersion: holdfast/v1
kind: Fleet
metadata: { name: acme }
spec:
  access: ambient
  regions: [eu-west-1]
  groups:
    everywhere: {}
`;
