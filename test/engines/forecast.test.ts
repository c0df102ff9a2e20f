import { describe, expect, it } from "vitest";
import { firstForecast, forecast, type Workload } from "../../controller/engines/forecast.ts";

const work = (more: Partial<Workload> = {}): Workload => ({ calls: {}, points: 0, biggestVault: 0, ...more });

describe("the engine that a run takes", () => {
  it.each<[string, Workload, "inline" | "durable"]>([
    ["nothing to do", work(), "inline"],
    [
      "a hundred accounts at rest: 55 calls a target",
      work({ calls: { list: 16_000, get: 4_000, slow: 400 } }),
      "inline",
    ],
    ["lists for 8 minutes at 20 a second, eight targets at a time", work({ calls: { list: 76_799 } }), "inline"],
    ["one list more", work({ calls: { list: 76_801 } }), "durable"],
    ["gets at 15 a second", work({ calls: { get: 57_601 } }), "durable"],
    ["writes at 5 a second", work({ calls: { slow: 19_201 } }), "durable"],
    ["deletions at 10 a second", work({ calls: { "delete-point": 38_401 } }), "durable"],
    ["classes that go side by side", work({ calls: { list: 70_000, get: 50_000, slow: 15_000 } }), "inline"],
    [
      "all of them at 50 a second",
      work({ calls: { list: 70_000, get: 50_000, slow: 15_000, other: 60_000 } }),
      "durable",
    ],
    ["pages of many points, half a second each", work({ points: 7_000_000 }), "inline"],
    ["pages of more", work({ points: 7_700_000 }), "durable"],
    ["one vault of a quarter of a million", work({ biggestVault: 249_999 }), "inline"],
    ["one vault of more", work({ biggestVault: 250_000 }), "durable"],
  ])("for %s", (_what, workload, engine) => {
    expect(forecast(workload).engine).toBe(engine);
  });

  it.each([
    [1, "inline"],
    [400, "inline"],
    [479, "inline"],
    [480, "durable"],
    [4_000, "durable"],
  ] as const)("at first, with %i targets", (targets, engine) => {
    expect(firstForecast(targets).engine).toBe(engine);
    expect(firstForecast(targets).because).toContain(`${targets} targets`);
  });
});
