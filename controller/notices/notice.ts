import * as z from "zod";
import { SEVERITIES } from "../domain/concern.ts";
import { AccountId, Instant, Region } from "../domain/identity.ts";
import { VERDICTS } from "../domain/verdict.ts";

/** The form of notices: a later minor revision only adds. */
export const NOTICE_SCHEMA = "1.0";

export const NOTICE_TYPES = ["concern.opened", "concern.resolved", "digest", "run.completed"] as const;

const Told = z.strictObject({
  id: z.string().describe("The same in every notice about it."),
  subject: z.string().describe("An ARN, or a name."),
  name: z.string().describe("What people call it: the end of its ARN."),
  account: AccountId.optional(),
  accountName: z.string().optional(),
  region: Region.optional(),
  count: z.int().min(1).describe("How many resources or recovery points it stands for."),
  because: z.string().describe("What is wrong, in one sentence."),
  fix: z.string().describe("What to do about it."),
  firstOn: Instant,
  again: z.enum(["still-open", "worse"]).optional().describe("Told before: why it is told once more."),
  resolved: z.strictObject({ on: Instant, because: z.string() }).optional(),
});
export type Told = z.infer<typeof Told>;

const Group = z.strictObject({
  cause: z.string(),
  title: z.string().describe("The cause, as people call it."),
  severity: z.enum(SEVERITIES),
  owner: z.string().describe("By the owner tag; where there is none, the account's name."),
  count: z.int().min(1).describe("Concerns of this cause and owner, told one by one or not."),
  concerns: z.array(Told).describe("At most ten, the oldest first."),
});
export type Group = z.infer<typeof Group>;

/** One message: what every channel is drawn from, and what a program gets as it is. */
export const Notice = z
  .strictObject({
    schema: z.literal(NOTICE_SCHEMA),
    id: z.string().describe("Unique to what is said: a notice that arrives twice has the same."),
    type: z.enum(NOTICE_TYPES),
    fleet: z.string(),
    on: Instant,
    route: z.string(),
    report: z.strictObject({ sequence: z.int().min(1), url: z.string(), result: z.enum(VERDICTS) }),
    open: z
      .strictObject({ critical: z.int(), high: z.int(), notice: z.int() })
      .describe("What stands open for this route."),
    groups: z.array(Group).describe("By cause and owner, the gravest first; at most twenty."),
    more: z.int().min(0).describe("Groups beyond those."),
  })
  .describe("What Holdfast tells of a fleet.");
export type Notice = z.infer<typeof Notice>;
