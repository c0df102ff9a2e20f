import { describe, expect, it } from "vitest";
import { universe } from "../support/universe.ts";
import { PRODUCTION } from "./manifests.ts";
import { passages, told } from "./telling.ts";

describe("a deadline", () => {
  it("defers what would come after it, reports that, and the next run finishes", async () => {
    const u = universe({ files: PRODUCTION });
    const run = told(await u.run({ deadlineIn: 500 }));
    expect([run.result, run.exitCode]).toEqual(["DRIFTED", 2]);
    const results = run.report.changes.map(({ result, because }) => because ?? result);
    expect(new Set(results)).toEqual(new Set(["applied", "deadline"]));
    expect(passages(run.text, "skipped: deadline")).toMatchInlineSnapshot(`
      "+   create selection nightly/tagged                                                               plan.yaml:15
            strengthens · change y3rgqkfey2jo
            iamRoleArn: arn:aws:iam::444455556666:role/service-role/AWSBackupDefaultServiceRole
            listOfTags: [{key: backup, value: nightly}]
            skipped: deadline"
    `);

    const next = told(await u.run());
    expect([next.result, next.exitCode]).toEqual(["CORRECTED", 0]);
    expect(told(await u.run()).result).toBe("CONVERGED");
  });

  it("that has passed before anything is begun still leaves a report", async () => {
    const u = universe({ files: PRODUCTION });
    const run = told(await u.run({ deadlineIn: 0 }));
    expect(run.report.actions).toEqual([]);
    expect(run.report.changes.every(({ because }) => because === "deadline")).toBe(true);
    expect([run.result, run.exitCode]).toEqual(["DRIFTED", 2]);
  });
});
