import type { BackupJob, BackupJobState } from "@aws-sdk/client-backup";
import { describe, expect, it } from "vitest";
import type { Finding } from "../../../controller/domain/change.ts";
import { examineResources } from "../../../controller/kinds/protected-resource/examine/examine.ts";
import { RESOURCES } from "../../../controller/kinds/protected-resource/population/stream.ts";
import type { BackUpMend } from "../../../controller/kinds/protected-resource/mend/back-up-now.ts";
import { answering, target } from "../answers.ts";
import { NO_MEMORY } from "../recovery-point/facts.ts";
import { DATABASE, hoursAgo, judged, NOW, only, type Plan } from "./facts.ts";

/** Of several rules that should have made a backup, which one is made up for. */

const PLANS: readonly Plan[] = [
  { name: "archive", rules: { weekly: "cron(0 1 ? * 1 *)", monthly: "cron(0 1 1 * ? *)" } },
  { name: "nightly", rules: { daily: "cron(0 1 * * ? *)" } },
];

const job = (state: BackupJobState, age: number, by?: readonly [plan: string, rule: string]): BackupJob => ({
  BackupJobId: `job-${age}`,
  State: state,
  CreationDate: hoursAgo(age),
  ResourceArn: DATABASE,
  ...(by ? { CreatedBy: { BackupPlanId: `id-of-${by[0]}`, BackupRuleName: by[1] } } : {}),
});

/** What jobs leave of the finding, with what they were. */
async function examined(jobs: readonly BackupJob[]): Promise<Finding> {
  const settled = judged({ remedy: "backUpNow" }, { plans: PLANS });
  const { call } = answering({
    ListBackupJobs: ({ ByState }: { readonly ByState: string }) => ({
      BackupJobs: jobs.filter(({ State }) => State === ByState),
    }),
  });
  const context = { rules: [], memory: NO_MEMORY, now: NOW, elsewhere: () => undefined };
  const [part] = await examineResources(call, target, [{ ...settled, partition: RESOURCES }], context);
  return only(part!);
}

describe("of several rules", () => {
  it.each<[string, readonly BackupJob[], string, string]>([
    ["the most frequent, where no job is known", [], "nightly/daily", "missed"],
    ["the one whose job failed", [job("FAILED", 4, ["archive", "weekly"])], "archive/weekly", "job-4"],
    ["the one of that plan that failed", [job("EXPIRED", 4, ["archive", "monthly"])], "archive/monthly", "job-4"],
    [
      "the one that failed last",
      [job("FAILED", 4, ["archive", "weekly"]), job("ABORTED", 3, ["nightly", "daily"])],
      "nightly/daily",
      "job-3",
    ],
    [
      "the most frequent, where what failed is no rule of today's",
      [job("FAILED", 4, ["nightly", "weekly"])],
      "nightly/daily",
      "job-4",
    ],
  ])("%s", async (_what, jobs, wanted, remedies) => {
    const { mend, bars } = await examined(jobs);
    const input = mend?.input as BackUpMend;
    expect([`${input.order.planName}/${input.order.ruleName}`, input.remedies, bars]).toEqual([wanted, remedies, []]);
    expect(mend?.fields[0]?.desired).toBe(`a backup by rule ${input.order.ruleName} of plan ${input.order.planName}`);
  });

  it("bars a second try by the period of the rule that failed, not of the most frequent", async () => {
    const tried = job("FAILED", 30);
    expect((await examined([tried])).bars, "a day has passed").toEqual([]);
    const { bars } = await examined([tried, job("FAILED", 31, ["archive", "weekly"])]);
    expect(
      bars.map(({ reason }) => reason),
      "a week has not",
    ).toEqual(["cannot-mend"]);
  });

  it("waits for the backup that is under way, whichever rule's it is", async () => {
    const { bars } = await examined([job("RUNNING", 1, ["archive", "weekly"]), job("FAILED", 4, ["nightly", "daily"])]);
    expect(bars[0]?.because).toMatch(/^backup job job-1 is under way/);
  });
});
