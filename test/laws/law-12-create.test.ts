import { describe, it } from "vitest";
import { PATIENCE_MS } from "./cases.ts";
import { killEverywhere } from "./exhaustive.ts";
import { ALONE, NIGHTLY, VAULT } from "./fixed-worlds.ts";

describe("law 12, crash anywhere", () => {
  it(
    "while everything is made for the first time",
    () => killEverywhere("law 12, making everything", { ...ALONE, manifests: [VAULT, NIGHTLY] }, 6),
    PATIENCE_MS,
  );
});
