import { describe, it } from "vitest";
import { PATIENCE_MS } from "./cases.ts";
import { killEverywhere } from "./exhaustive.ts";
import { ALONE, POINTS_KEPT } from "./fixed-worlds.ts";

describe("law 12, crash anywhere", () => {
  it(
    "while recovery points are given a longer life",
    () =>
      killEverywhere(
        "law 12, lengthening",
        {
          ...ALONE,
          placed: [{ what: "vault", at: 0, owner: "nobody", name: "alpha" }],
          points: [
            { at: 0, vault: "alpha", type: "EBS", ageDays: 2, keepDays: 10 },
            { at: 0, vault: "alpha", type: "DynamoDB", ageDays: 3, keepDays: 35 },
          ],
          manifests: [POINTS_KEPT],
        },
        2,
      ),
    PATIENCE_MS,
  );
});
