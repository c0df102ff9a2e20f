import { describe, it } from "vitest";
import { PATIENCE_MS } from "./cases.ts";
import { killEverywhere } from "./exhaustive.ts";
import { ALONE, NIGHTLY, VAULT } from "./fixed-worlds.ts";

describe("law 12, crash anywhere", () => {
  it(
    "while drift is mended, a plan changed and a selection replaced",
    () =>
      killEverywhere(
        "law 12, mending",
        {
          ...ALONE,
          earlier: "less",
          drift: [
            { how: "delete-vault-policy", at: 0 },
            { how: "mute-notifications", at: 0 },
          ],
          manifests: [VAULT, NIGHTLY],
        },
        5,
      ),
    PATIENCE_MS,
  );
});
