import { describe, expect, it } from "vitest";
import { universe, type Universe } from "../support/universe.ts";
import { PRODUCTION } from "./manifests.ts";
import { later, planOf, retentionOf, setRetention, tag } from "./people.ts";
import { mark, passages, told, writesSince } from "./telling.ts";

const SUSPEND = "holdfast:suspend-until";

/** A plan whose retention somebody lowers in an emergency, asking to be let alone until then. */
async function broken(until: (now: Date) => string): Promise<Universe> {
  const u = universe({ files: PRODUCTION });
  await u.run();
  later(u);
  setRetention(u, 7);
  tag(u, planOf(u).arn, { [SUSPEND]: until(u.simulator.clock.now()) });
  return u;
}

const hoursOn = (hours: number) => (now: Date) =>
  new Date(now.getTime() + hours * 3_600_000).toISOString().replace(/\.\d+Z$/, "Z");

describe("break glass", () => {
  it("stops writes to what bears the tag, for as long as it says", async () => {
    const u = await broken(hoursOn(24));
    const from = mark(u);
    const run = told(await u.run());
    expect([run.result, run.exitCode]).toEqual(["SUSPENDED", 0]);
    expect(writesSince(u, from)).toEqual([]);
    expect(passages(run.text, "update plan nightly")).toMatchInlineSnapshot(`
      "!   update plan nightly, held: suspended                                                           plan.yaml:2
            strengthens · change idgg3yghxuqs
            rules[daily].lifecycle.deleteAfterDays: 7 → 35
            because: its tag holdfast:suspend-until asks for no writes until 2026-03-03T05:00:07.000Z
            released by: wait until 2026-03-03T05:00:07.000Z, or remove the tag"
    `);

    later(u, 2);
    const after = told(await u.run());
    expect([after.result, after.exitCode]).toEqual(["CORRECTED", 0]);
    expect(retentionOf(u)).toBe(35);
  });

  it.each([
    ["four days ahead is no emergency", hoursOn(96)],
    ["a time that is past", hoursOn(-1)],
    ["what is no time at all", () => "forever"],
  ])("%s: the tag stops nothing", async (_what, until) => {
    const u = await broken(until);
    expect(told(await u.run()).result).toBe("CORRECTED");
    expect(retentionOf(u)).toBe(35);
  });
});
