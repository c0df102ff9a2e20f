import * as z from "zod";
import { Duration, durationMs } from "../duration.ts";
import { OwnerTags } from "../owner-tags.ts";
import { TestingName } from "../testing-plans.ts";

/** How long a restore may take: an hour is too coarse for many. */
export const RecoveryTime = z.string().regex(/^[1-9]\d{0,4}[mhd]$/, "a number with m, h or d, such as 30m or 4h");

export const recoverySeconds = (text: string): number =>
  text.endsWith("m") ? Number(text.slice(0, -1)) * 60 : durationMs(text) / 1000;

/** Functions that may be invoked are named so, and live where the restore does: what the apply role may invoke says the same. */
export const VALIDATOR_PREFIX = "holdfast-validator-";

export const OnRestored = z.strictObject({
  function: z
    .string()
    .regex(
      /^arn:[^:]+:lambda:[^:]+:\d{12}:function:holdfast-validator-[A-Za-z0-9_-]+(:[A-Za-z0-9_$-]+)?$/,
      `a Lambda function's ARN, whose name begins ${VALIDATOR_PREFIX}`,
    )
    .describe("The function that looks at what was restored, and says whether it is what it should be."),
  deadline: Duration.default("2h").describe(
    "How long after the restore its verdict is waited for. Then the test counts as timed out.",
  ),
});
export type OnRestored = z.infer<typeof OnRestored>;

export const Every = Duration.default("90d").describe(
  "Each type of resource that the plan tests must be restored with success at least so often; else it is a finding.",
);
export const Rto = RecoveryTime.optional().describe(
  "How long a restore may take, from its job's creation to its end. Absent: not judged.",
);

/** What the tests of one restore testing plan are judged by. AWS tells of a job its plan and its type, not its selection. */
export const RestoreTestRuleSpec = z.strictObject({
  plan: TestingName,
  every: Every,
  onRestored: OnRestored.optional(),
  classes: z.array(
    z.strictObject({
      resourceType: z.string(),
      /** The selection's name, where one alone is of this type. */
      selection: z.string().optional(),
      rto: Rto,
      validationWindowHours: z.int().min(0),
    }),
  ),
  ownerTags: OwnerTags.optional(),
});
export type RestoreTestRuleSpec = z.infer<typeof RestoreTestRuleSpec>;
export type TestClass = RestoreTestRuleSpec["classes"][number];
