import * as z from "zod";
import { Instant, Target } from "./identity.ts";

/** One restore of a class, as far as its history needs: how long it took, and what came of looking at it. */
const TimedRestore = z.strictObject({
  jobId: z.string(),
  /** When it ended. */
  on: Instant,
  seconds: z.int().min(0),
  /** Null: nobody has said yet. */
  passed: z.boolean().nullable(),
});
export type TimedRestore = z.infer<typeof TimedRestore>;

/** As much of a restore job as its test is judged by. Times are epoch milliseconds. */
export const RestoreTestRow = z.strictObject({
  jobId: z.string(),
  /** The restore testing plan, by name. */
  plan: z.string(),
  type: z.string(),
  resource: z.string(),
  point: z.string(),
  status: z.string(),
  createdOn: z.int(),
  endedOn: z.int().optional(),
  /** What was restored. */
  created: z.string().optional(),
  validation: z.string().optional(),
  message: z.string().optional(),
  /** What became of cleaning up. */
  deletion: z.string().optional(),
  bytes: z.number(),
});
export type RestoreTestRow = z.infer<typeof RestoreTestRow>;

/**
 * What is remembered of one class of resources that restores are tested of: a type, within a restore testing plan, in a target. AWS forgets
 * its jobs after 30 days (semantics §5.4); this does not.
 */
export const TestedClass = z.strictObject({
  target: Target,
  /** The restore testing plan, by name. */
  plan: z.string(),
  /** AWS Backup's resource type. */
  type: z.string(),
  /** How often it is to be tested at least, and how long a restore may take: as the manifest said when it was last looked at. Seconds. */
  everySeconds: z.int().min(1),
  rtoSeconds: z.int().min(1).nullable(),
  /** When a test of it last ended at all, and when last with success. Null: never, as far as anybody remembers. */
  lastAttemptOn: Instant.nullable(),
  lastSuccessOn: Instant.nullable(),
  /** The last restores that came to their end, oldest first. */
  restores: z.array(TimedRestore),
  /** Jobs that something was found wrong with, and that nothing has made up for since, by id. Absent: there are none. */
  standing: z.array(RestoreTestRow).optional(),
  /** The sequence of the report that first told of the class. Absent: the one that holds this. */
  since: z.int().min(1).optional(),
});
export type TestedClass = z.infer<typeof TestedClass>;

/** What tells one class from another. */
export const classKey = ({ target, plan, type }: Pick<TestedClass, "target" | "plan" | "type">): string =>
  [target.account, target.region, plan, type].join("/");

/** The name of a restore testing plan in its ARN, `…:restore-testing-plan:NAME-UUID`: names have no hyphen (semantics §6.1). */
export const testingPlanName = (arn: string): string =>
  (arn.split(":restore-testing-plan:")[1] ?? "").split("-")[0] ?? "";
