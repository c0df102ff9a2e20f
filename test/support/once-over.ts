/** Of every test file, once it is over: what it used the templates' roles for is left for the proofs, and the environment is as it was. */
import { afterAll, expect, vi } from "vitest";
import { leaveUses } from "./ledger.ts";

afterAll(() => {
  leaveUses(expect.getState().testPath ?? "");
  vi.unstubAllEnvs();
});
