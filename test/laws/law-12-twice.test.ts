import { describe, expect, it } from "vitest";
import type { Call } from "../simulator/calls.ts";
import type { Universe } from "../support/universe.ts";
import { runAndDie, untold, type Kill } from "./crash.ts";
import { reportsIn } from "./evidence.ts";
import { ALONE, NIGHTLY, VAULT } from "./fixed-worlds.ts";
import { callCount, reported } from "./runs.ts";
import { stage } from "./worlds.ts";

const world = { ...ALONE, manifests: [VAULT, NIGHTLY] };

describe("law 12, crash anywhere", () => {
  it("when two dead runs meant the same change and one of them made it, looking does not tell which, and the report says so", async () => {
    const first = await dieAfter([], ({ input }) => String(input["Key"]).endsWith("0003.intents.ndjson"));
    const second = await dieAfter([first], ({ operation }) => operation === "CreateBackupSelection");

    const u = await stage(world);
    const dead = [await runAndDie(u, first), await runAndDie(u, second)];
    reported(await u.run());

    const rows = reportsIn(u.simulator).flatMap(({ recovered }) => recovered);
    const selection = rows.filter(({ key }) => key.kind === "selection");
    expect(selection.map(({ run, result }) => [run, result])).toEqual([
      ["run-1", "uncertain"],
      ["run-2", "uncertain"],
    ]);
    for (const one of dead) expect(one && untold(u.simulator, one)).toEqual([]);
  });
});

/** The death that comes right after a certain call, in the world as it is when others have died before. */
async function dieAfter(earlier: readonly Kill[], isIt: (call: Call) => boolean): Promise<Kill> {
  const u: Universe = await stage(world);
  for (const kill of earlier) await runAndDie(u, kill);
  const from = callCount(u);
  await u.run();
  const at = u.simulator.calls.since(from).findIndex(isIt) + 1;
  expect(at, "the call was made").toBeGreaterThan(0);
  return { at, when: "after" };
}
