import * as z from "zod";
import { Target } from "../../../domain/identity.ts";

/** The one copy in a vault that stands in for a point, and where it lies. Times are epoch milliseconds. */
export const ProvenCopy = z.strictObject({
  target: Target,
  vault: z.string(),
  arn: z.string(),
  createdOn: z.int(),
  /** Null: for ever. */
  deleteOn: z.number().nullable(),
  keyArn: z.string().nullable(),
});
export type ProvenCopy = z.infer<typeof ProvenCopy>;

/** What is looked up again before a point is destroyed, and what it was judged by. */
export const DestructionInput = z.strictObject({
  vault: z.string(),
  arn: z.string(),
  status: z.string(),
  /** Null: for ever. An orphan that has got a delete date goes by itself (rule 2). */
  deleteAfterDays: z.number().nullable(),
  resource: z.string(),
  type: z.string(),
  /** The role of the job that made it. */
  roleArn: z.string().nullable(),
  /** The newest restorable point of its resource in its vault: never destroyed by rule. */
  newest: z.string().nullable(),
  /** Newer restorable points that no scan flagged, newest first, as far as remembered. */
  newer: z.array(
    z.strictObject({
      arn: z.string(),
      status: z.string(),
      deleteOn: z.number().nullable(),
      keyArn: z.string().nullable(),
    }),
  ),
  keepLast: z.int().min(1),
  /** What must be gone for it to be an orphan, or be there in its place. */
  proof: z
    .discriminatedUnion("of", [
      z.strictObject({ of: z.literal("plan"), arn: z.string() }),
      z.strictObject({ of: z.literal("resource"), owner: Target }),
      z.strictObject({ of: z.literal("owner"), keys: z.array(z.string()).min(1) }),
      z.strictObject({ of: z.literal("copies"), copies: z.array(ProvenCopy).min(1) }),
    ])
    .nullable(),
});
export type DestructionInput = z.infer<typeof DestructionInput>;
