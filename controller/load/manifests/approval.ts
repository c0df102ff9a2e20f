import * as z from "zod";
import type { Approval } from "../../domain/desired.ts";
import { canonical, digestOf } from "../../domain/digest.ts";
import { Expiry, expiryOf } from "../expiry.ts";
import { approvalLimits } from "../limits/approval.ts";
import { PlainName } from "./common.ts";
import { defineConsent } from "./consent-kind.ts";

export const RecoveryPointArn = z
  .string()
  .regex(/^arn:aws[\w-]*:[a-z0-9-]+:[a-z0-9-]*:(\d{12})?:[^\s*?]+$/, "a recovery point's ARN, without wildcards");

const Group = z.strictObject({
  id: z
    .string()
    .regex(/^g[a-z2-7]{24}$/, "a group's id: g and 24 characters of a-z and 2-7")
    .describe("The group's id in the report."),
  report: z.int().min(1).describe("Sequence number of the report that lists its members."),
});

const Standing = z.strictObject({
  policy: PlainName.describe("A RecoveryPointPolicy."),
  cause: z
    .literal("expired", {
      error:
        "of other causes approve what a report announces, by change id or by group: consent in advance is for expired",
    })
    .describe("What AWS Backup itself let expire and could not delete."),
});

/** Consent to exact changes, until a date (rule 7). */
export const ApprovalSpec = z.strictObject({
  changes: z
    .array(z.string().regex(/^[a-z2-7]{12}$/, "a change's id: 12 characters of a-z and 2-7"))
    .min(1)
    .exactOptional()
    .describe("Changes, by id: each is this exact change and no other."),
  groups: z
    .array(Group)
    .min(1)
    .exactOptional()
    .describe("Groups of findings: those of the members that are still what the report says."),
  standing: z
    .array(Standing)
    .min(1)
    .exactOptional()
    .describe("Every destruction that a policy announces for a cause, as long as the approval lasts."),
  lastPoints: z
    .array(RecoveryPointArn)
    .min(1)
    .exactOptional()
    .describe("Recovery points that may go although they are the last of their resource in their vault."),
  reason: z.string().min(1).describe("Why. It goes into the report of every use."),
  ticket: z.string().min(1).exactOptional().describe("Where the decision is on record."),
  expires: Expiry.describe("A day, valid to its end (UTC), or an instant; 30 days ahead at most."),
});
export type ApprovalSpec = z.infer<typeof ApprovalSpec>;

export const approval = defineConsent<ApprovalSpec, Approval>({
  kind: "Approval",
  declares: "Consent to changes that are not made unasked: to each once, and for 30 days at most.",
  spec: ApprovalSpec,
  limits: approvalLimits,
  as: (spec, written) => {
    const { changes = [], groups = [], standing = [], lastPoints = [], expires, ...why } = spec;
    const digest = digestOf(canonical(spec));
    return { ...written, ...why, digest, changes, groups, standing, lastPoints, expiresOn: expiryOf(expires) };
  },
  smallest: `apiVersion: holdfast/v1
kind: Approval
metadata: { name: shorter-logs }
spec:
  changes: [mbs5kq2ad7xe]
  reason: logs are kept a week from now on
  expires: 2027-01-31
`,
});
