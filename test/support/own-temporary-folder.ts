/** A run of the tests has a temporary folder of its own, which goes with it: what three hundred files leave there nobody would clear away. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-tests-"));
  // Workers, and what they start, take it from here.
  process.env["TMPDIR"] = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
