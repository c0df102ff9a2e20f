import { describe, expect, it } from "vitest";
import { universe } from "../support/universe.ts";
import { PRODUCTION } from "./manifests.ts";
import { later, planOf, retentionOf, setRetention } from "./people.ts";
import { mark, passages, told, writesSince } from "./telling.ts";

const HOUR = 1 / 24;

describe("two that pull at the same field", () => {
  it("is noticed after two corrections in a day: Holdfast stops, says so, and goes on when it has rested", async () => {
    const u = universe({ files: PRODUCTION });
    await u.run();
    for (const _correction of [1, 2]) {
      later(u, HOUR);
      setRetention(u, 7);
      expect(told(await u.run()).result).toBe("CORRECTED");
    }
    later(u, HOUR);
    setRetention(u, 7);
    const from = mark(u);
    const run = told(await u.run());
    expect([run.result, run.exitCode]).toEqual(["HELD", 3]);
    expect(writesSince(u, from)).toEqual([]);
    expect(passages(run.text, "update plan nightly")).toMatchInlineSnapshot(`
      "!   update plan nightly, held: contested                                                           plan.yaml:2
            strengthens · change idgg3yghxuqs
            rules[daily].lifecycle.deleteAfterDays: 7 → 35
            because: rules[daily].lifecycle.deleteAfterDays was corrected 2 times in 24 h and is different
              again: somebody else sets it
            released by: find who sets it; corrections resume when it has rested for 24 h"
    `);

    later(u, 1);
    const rested = told(await u.run());
    expect([rested.result, rested.exitCode]).toEqual(["CORRECTED", 0]);
    expect(retentionOf(u)).toBe(35);
  });

  it("is seen at once where CloudFormation marks the plan as its own", async () => {
    const u = universe({ files: PRODUCTION });
    await u.run();
    later(u);
    setRetention(u, 7);
    planOf(u).tags["aws:cloudformation:stack-name"] = "backup-baseline";
    const from = mark(u);
    const run = told(await u.run());
    expect([run.result, run.exitCode]).toEqual(["HELD", 3]);
    expect(writesSince(u, from)).toEqual([]);
    expect(passages(run.text, "update plan nightly")).toMatchInlineSnapshot(`
      "!   update plan nightly, held: contested                                                           plan.yaml:2
            strengthens · change idgg3yghxuqs
            rules[daily].lifecycle.deleteAfterDays: 7 → 35
            because: CloudFormation stack backup-baseline manages it too
            released by: take it out of CloudFormation stack backup-baseline, or drop it from the manifests"
    `);
  });
});
