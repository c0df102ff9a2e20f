import type { Node } from "constructs";
import * as z from "zod";
import { HoldfastError } from "../controller/domain/errors.ts";
import { AccountId } from "../controller/domain/identity.ts";

const RoleArn = z.string().regex(/^arn:[^:]+:iam::\d{12}:role\/.+$/, "a role's ARN");

/** What a deployment decides: the context `holdfast` of cdk.json, or `-c holdfast='{…}'`. */
export const Settings = z.strictObject({
  fleet: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/)
    .max(63)
    .describe("The Fleet manifest's name: what ownership tags say, and roles are limited to."),
  organizationId: z
    .string()
    .regex(/^o-[a-z0-9]{10,32}$/, "an organization's id looks like o-exampleorgid")
    .describe("Member roles trust nobody outside this organization."),
  externalId: z
    .string()
    .regex(/^[\w+=,.@:/-]{2,1224}$/)
    .describe("What the controller says when it enters an account; the Fleet's access.externalId."),
  hubAccount: AccountId.optional().describe(
    "The controller's account, for member stacks elsewhere. Absent: the account deployed to.",
  ),
  schedule: z
    .strictObject({
      expression: z
        .string()
        .regex(/^(cron|rate)\(.+\)$/)
        .default("rate(6 hours)")
        .describe("When to reconcile: EventBridge Scheduler's cron(…) or rate(…)."),
      timeZone: z.string().default("Etc/UTC").describe("IANA name of the time zone of a cron(…)."),
      flexibleMinutes: z
        .int()
        .min(0)
        .max(1440)
        .default(15)
        .describe("A run starts within so many minutes; 0: at once."),
      retryAttempts: z.int().min(0).max(2).default(2).describe("How often a start that Lambda refused is tried again."),
    })
    .prefault({}),
  evidence: z
    .strictObject({
      mode: z
        .enum(["governance", "compliance"])
        .default("governance")
        .describe("Object Lock's mode. compliance cannot be undone by anybody, for as long as it lasts."),
      days: z.int().min(1).max(36_500).default(2557).describe("Days a report is locked. Seven years by default."),
    })
    .prefault({}),
  secondSignature: z
    .boolean()
    .default(false)
    .describe("Whether a key of ML-DSA-65 signs each report too. Say so before the first one, or hand the chain over."),
  workDays: z.int().min(30).max(3650).default(400).describe("Days after which a run's scratch is dropped."),
  publishers: z
    .array(RoleArn)
    .default([])
    .describe("Roles in the hub account that may publish desired state and sign it: those `holdfast sync` runs as."),
  trust: z
    .strictObject({
      reports: z.string().min(1).describe("Path of the keys.json that reports are verified by."),
      sync: z.string().min(1).describe("Path of the keys.json that the published desired state is verified by."),
    })
    .optional()
    .describe("The public keys the controller is pinned to. Until they are given the schedule stands still."),
});
export type Settings = z.infer<typeof Settings>;

/** Throws HoldfastError `setting-refused`, naming every setting that is wrong. */
export function readSettings(node: Node): Settings {
  const given: unknown = node.tryGetContext("holdfast");
  const parsed = Settings.safeParse(typeof given === "string" ? JSON.parse(given) : given);
  if (parsed.success) return parsed.data;
  throw new HoldfastError("setting-refused", `the context "holdfast" of cdk.json: ${z.prettifyError(parsed.error)}`);
}
