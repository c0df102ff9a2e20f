/**
 * Looks at what Holdfast is made of: whether its licences permit shipping it, and whether the registry knows a vulnerability of level high
 * or above. A registry that offers no audit, or is out of reach, fails this only with HOLDFAST_AUDIT=required: a laptop may be offline,
 * the pipeline that releases may not.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { readAdvisories } from "./audit/advisories.ts";
import { concluded } from "./audit/conclusion.ts";
import { wrongLicences } from "./audit/licences.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

const { lines, failed } = concluded({
  licences: wrongLicences(JSON.parse(readFileSync(`${root}/package-lock.json`, "utf8"))),
  advisories: readAdvisories(audit()),
  required: process.env["HOLDFAST_AUDIT"],
});
lines.forEach((line) => console.log(line));
if (failed) process.exitCode = 1;

/** npm exits with 1 for what it found and for what it could not ask alike: what it printed tells which. */
function audit(): string {
  const windows = process.platform === "win32";
  const words = ["audit", "--omit=dev", "--package-lock-only", "--json", "--loglevel=silent", "--fetch-retries=1"];
  const { stdout } = spawnSync(windows ? "npm.cmd" : "npm", words, { cwd: root, encoding: "utf8", shell: windows });
  return stdout ?? "";
}
