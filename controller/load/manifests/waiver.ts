import * as z from "zod";
import type { Waiver } from "../../domain/desired.ts";
import { Expiry, expiryOf } from "../expiry.ts";
import { waiverLimits } from "../limits/waiver.ts";
import { RecoveryPointArn } from "./approval.ts";
import { Account, PlainName, RegionName } from "./common.ts";
import { defineConsent } from "./consent-kind.ts";

/** What a finding about a recovery point can be for. */
export const POINT_CAUSES = [
  "planDeleted",
  "resourceDeleted",
  "expired",
  "neverExpires",
  "tooShort",
  "tooLong",
  "unowned",
  "copied",
  "copyMissing",
  "copyFailed",
  "copyTooShort",
  "unencrypted",
  "wrongKey",
  "missingTag",
  "wrongVault",
  "lastPointExpiring",
] as const;
/** What a finding about a resource can be for. */
const RESOURCE_CAUSES = ["unprotected", "rpo-breach", "uncopied", "unlocked", "overlap", "remedy-uncopied"] as const;
/** What a finding about a test of restoring can be for. */
const RESTORE_CAUSES = [
  "restore-test-failed",
  "validation-failed",
  "validation-overdue",
  "restore-untested",
  "rto-missed",
  "restore-leftover",
] as const;
export const FINDING_CAUSES = [...POINT_CAUSES, ...RESOURCE_CAUSES, ...RESTORE_CAUSES] as const;

const some = <T extends z.ZodType>(one: T) => z.array(one).min(1).exactOptional();

const Findings = z
  .strictObject({
    policies: some(PlainName).describe("RecoveryPointPolicies, CoveragePolicies and RestoreTestingPlans."),
    causes: some(z.enum(FINDING_CAUSES)).describe("What is wrong."),
    accounts: some(Account).describe("Account ids."),
    regions: some(RegionName).describe("Regions."),
    vaults: some(z.string().min(1)).describe("Vault names; * and ? are wildcards."),
    resources: some(z.string().regex(/^(arn:\S+|\*)$/, "an ARN, with * and ? for wildcards")).describe(
      "ARNs of protected resources; * and ? are wildcards.",
    ),
    recoveryPoints: some(RecoveryPointArn).describe("ARNs of recovery points."),
  })
  .refine((findings) => Object.keys(findings).length > 0, {
    message: "say which: by policy, cause, vault or the like",
  });

/** An accepted exception, with an owner and an end. */
export const WaiverSpec = z.strictObject({
  owner: z.string().min(1).describe("Who answers for it."),
  reason: z.string().min(1).describe("Why. It goes into every report."),
  ticket: z.string().min(1).exactOptional().describe("Where the decision is on record."),
  expires: Expiry,
  findings: Findings.exactOptional().describe(
    "Which findings it is about: those that fit every member given. They are reported, held against nobody, and nothing of theirs is destroyed.",
  ),
  expectUnreachable: z
    .strictObject({ accounts: z.array(Account).min(1).describe("Account ids.") })
    .exactOptional()
    .describe("Accounts that are out of reach and known to be: left out of the fleet until it expires."),
});
export type WaiverSpec = z.infer<typeof WaiverSpec>;

export const waiver = defineConsent<WaiverSpec, Waiver>({
  kind: "Waiver",
  declares: "An accepted exception, with somebody who answers for it and a day on which it ends.",
  spec: WaiverSpec,
  limits: waiverLimits,
  as: ({ expires, expectUnreachable, ...spec }, written) => ({
    ...written,
    ...spec,
    expiresOn: expiryOf(expires),
    expectUnreachable: expectUnreachable?.accounts ?? [],
  }),
  smallest: `apiVersion: holdfast/v1
kind: Waiver
metadata: { name: migration-leftovers }
spec:
  owner: storage team
  reason: kept until the migration has been audited
  expires: 2027-06-30
  findings: { vaults: [migration] }
`,
});
