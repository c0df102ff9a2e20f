import * as z from "zod";
import { Lifecycle } from "../lifecycle.ts";

/** A copy that a rule makes of each of its backups. */
export const CopyAction = z.strictObject({
  destination: z.string(),
  /** Absent: the copy is kept as its source is (semantics §2.4). */
  lifecycle: Lifecycle.optional(),
});
export type CopyAction = z.infer<typeof CopyAction>;

/** A backup as a plan's rule would make it of one resource: all that repeating it takes (rule 21). */
export const Order = z.strictObject({
  planId: z.string(),
  planName: z.string(),
  ruleName: z.string(),
  selectionName: z.string(),
  vault: z.string(),
  airGappedVaultArn: z.string().optional(),
  roleArn: z.string(),
  lifecycle: Lifecycle.optional(),
  copies: z.array(CopyAction),
  tags: z.record(z.string(), z.string()),
  /** The plan's advanced settings for the resource's type. */
  options: z.record(z.string(), z.string()),
  startWindowMinutes: z.number().optional(),
  completionWindowMinutes: z.number().optional(),
  /** Milliseconds from one run of the rule to the next. */
  periodMs: z.number(),
});
export type Order = z.infer<typeof Order>;

/** `rule daily of plan nightly`. */
export const orderText = ({ ruleName, planName }: Pick<Order, "ruleName" | "planName">): string =>
  `rule ${ruleName} of plan ${planName}`;
