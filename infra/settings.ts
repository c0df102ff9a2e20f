import type { Node } from "constructs";
import * as z from "zod";
import { HoldfastError } from "../controller/domain/errors.ts";
import { AccountId, Region } from "../controller/domain/identity.ts";
import { GitHubSettings } from "./github-settings.ts";

/** As EventBridge names an event bus: Region and account are in it. */
const BusArn = z.string().regex(/^arn:[^:]+:events:[a-z0-9-]+:\d{12}:event-bus\/[\w./-]+$/, "an event bus's ARN");
const OrganizationalUnit = z
  .string()
  .regex(/^(ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}|r-[a-z0-9]{4,32})$/, "an OU's id, or a root's");

/** How member stacks reach every account of some organizational units. */
const StackSetSettings = z.strictObject({
  organizationalUnits: z
    .array(OrganizationalUnit)
    .min(1)
    .describe("Ids of the OUs, or of the root, whose accounts get the roles: those there now and those that come."),
  excludeAccounts: z.array(AccountId).default([]).describe("Accounts below those OUs that do not."),
  regions: z
    .array(Region)
    .min(1)
    .describe("Regions of the fleet. The roles, being global, go to the first; forwarding of events to each."),
  callAs: z
    .enum(["delegatedAdmin", "self"])
    .default("delegatedAdmin")
    .describe("self: the stack set is deployed in the organization's management account."),
  failureTolerancePercent: z
    .int()
    .min(0)
    .max(50)
    .default(10)
    .describe("Share of the accounts that may fail before an operation stops."),
});

/** IAM takes a trust policy of 2,048 characters (IAM User Guide, "IAM and AWS STS quotas"), and it names whoever is let in twice. */
const MOST_READERS = 4;

const RoleArn = z.string().regex(/^arn:[^:]+:iam::\d{12}:role\/.+$/, "a role's ARN");

/** What a deployment decides: the context `holdfast` of cdk.json, or `-c holdfast='{…}'`. */
export const Settings = z.strictObject({
  fleet: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/, "lower-case letters, digits and hyphens, as the Fleet's metadata.name")
    .max(63)
    .describe("The Fleet manifest's name: what ownership tags say, and roles are limited to."),
  organizationId: z
    .string()
    .regex(/^o-[a-z0-9]{10,32}$/, "an organization's id looks like o-exampleorgid")
    .describe("Member roles trust nobody outside this organization."),
  externalId: z
    .string()
    .regex(/^[\w+=,.@:/-]{2,1224}$/, "2 to 1,224 letters, digits and _+=,.@:/-, as STS takes them")
    .describe("What the controller says when it enters an account; the Fleet's access.externalId."),
  hubAccount: AccountId.optional().describe(
    "The controller's account, for member stacks elsewhere. Absent: the account deployed to.",
  ),
  rolePath: z
    .string()
    .regex(/^\/([\w+=,.@-]+\/)*$/, "a path such as / or /holdfast/")
    .max(128)
    .default("/")
    .describe("IAM path of the member roles; the Fleet's rolePath."),
  permissionsBoundary: z
    .string()
    .regex(/^[\w+=,.@/-]{1,512}$/, "a managed policy's name, with its path if it has one")
    .optional()
    .describe("A managed policy in every account that bounds the roles made there, in the place of our own."),
  engine: z
    .enum(["inline", "durable"])
    .default("inline")
    .describe(
      "durable: a coordinator and workers are deployed as well, for fleets that one function cannot see in time.",
    ),
  eventBus: BusArn.optional().describe("The hub's event bus, for stacks that forward AWS Backup's events to it."),
  stackSet: StackSetSettings.optional().describe(
    "Deploys member stacks to organizational units. Absent: by other means.",
  ),
  schedule: z
    .strictObject({
      expression: z
        .string()
        .regex(/^(cron|rate)\(.+\)$/, "cron(…) or rate(…)")
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
      account: AccountId.optional().describe(
        "A log-archive account that keeps the evidence, in the stack holdfast-evidence. Absent: the hub does.",
      ),
    })
    .prefault({}),
  secondSignature: z
    .boolean()
    .default(false)
    .describe("Whether a key of ML-DSA-65 signs each report too. Say so before the first one, or hand the chain over."),
  workDays: z.int().min(30).max(3650).default(400).describe("Days after which a run's scratch is dropped."),
  github: GitHubSettings.optional().describe("The repository on GitHub whose workflow is to be one of the publishers."),
  publishers: z
    .array(RoleArn)
    .default([])
    .describe("Roles in the hub account that may publish desired state and sign it: those `holdfast sync` runs as."),
  readers: z
    .array(RoleArn)
    .max(MOST_READERS)
    .default([])
    .describe("Roles in the hub account that members' observe roles trust besides: for people who plan or ask doctor."),
  notify: z
    .strictObject({
      emails: z
        .array(z.email())
        .default([])
        .describe("Addresses that alarms are mailed to, each once it has confirmed."),
      endpoints: z
        .array(z.httpUrl().startsWith("https://"))
        .default([])
        .describe(
          "https:// addresses that alarms are posted to. They stand in the template: give none that holds a secret.",
        ),
    })
    .prefault({}),
  trust: z
    .strictObject({
      reports: z.string().min(1).describe("Path of the keys.json that reports are verified by."),
      sync: z.string().min(1).describe("Path of the keys.json that the published desired state is verified by."),
    })
    .optional()
    .describe("The public keys the controller is pinned to. Until they are given the schedule stands still."),
});
export type Settings = z.infer<typeof Settings>;

/** What one setting asks of another. */
const Coherent = Settings.refine(({ evidence, hubAccount }) => !evidence.account || hubAccount, {
  path: ["hubAccount"],
  error: "needed beside evidence.account, whose bucket lets in the controller of that account",
});

/** Throws HoldfastError `setting-refused`, naming every setting that is wrong. */
export function readSettings(node: Node): Settings {
  const given: unknown = node.tryGetContext("holdfast");
  const parsed = Coherent.safeParse(typeof given === "string" ? JSON.parse(given) : given);
  if (parsed.success) return parsed.data;
  throw new HoldfastError("setting-refused", `the context "holdfast" of cdk.json: ${z.prettifyError(parsed.error)}`);
}
