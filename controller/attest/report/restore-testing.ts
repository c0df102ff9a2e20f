import type { RestoreTest } from "../../domain/survey.ts";
import { classKey, type TestedClass, testingPlanName } from "../../domain/tested.ts";

/**
 * Restore tests with the time that each might have taken, where a manifest says so of its class. One that was not restored missed nothing:
 * it failed, which is told.
 */
export function withTargets(tests: readonly RestoreTest[], classes: readonly TestedClass[]): RestoreTest[] {
  const targets = new Map(classes.map((one) => [classKey(one), one.rtoSeconds]));
  return tests.map((test) => {
    const key = [...placeOf(test.plan ?? ""), testingPlanName(test.plan ?? ""), test.resourceType].join("/");
    const target = targets.get(key) ?? null;
    if (target === null) return test;
    const took = test.status === "COMPLETED" ? test.rtoSeconds : null;
    return { ...test, rtoTargetSeconds: target, rtoMet: took === null ? null : took <= target };
  });
}

/** Account and Region of `arn:<partition>:backup:<Region>:<account>:restore-testing-plan:…`. */
function placeOf(planArn: string): readonly string[] {
  const [, , , region = "", account = ""] = planArn.split(":");
  return [account, region];
}
