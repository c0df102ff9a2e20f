import { rmSync } from "node:fs";
import { USES } from "./ledger.ts";

/** Clears away, once all is over, what test files left for the proofs. */
export function teardown(): void {
  rmSync(USES, { recursive: true, force: true });
}
