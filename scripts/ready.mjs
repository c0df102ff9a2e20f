// Makes a fresh clone ready to run, with whatever Node (20 or newer) the machine has: plain JavaScript, no dependency.
// Installs when what is installed is not what the lock asks for, and checks that the project's own Node 24 runs here.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const WANTED_MAJOR = 24;

if (!isInstalled()) install();
useBundledNode();

/** Whether node_modules holds what package-lock.json asks for: every package that npm did not leave out as another platform's. */
function isInstalled() {
  const hidden = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(hidden)) return false;
  const wanted = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
  const found = JSON.parse(readFileSync(hidden, "utf8")).packages;
  return Object.entries(wanted).every(
    ([path, { version, optional }]) =>
      path === "" || (found[path] ? found[path].version === version : optional === true),
  );
}

function install() {
  console.log("Installing dependencies (npm ci) …");
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const { status, error } = spawnSync(
    npm,
    ["ci", "--include=dev", "--include=optional", "--no-fund", "--no-audit", "--loglevel=error"],
    {
      cwd: root,
      stdio: ["ignore", "ignore", "inherit"],
      shell: process.platform === "win32",
    },
  );
  if (error || status !== 0)
    fail(`npm ci failed${error ? `: ${error.message}` : ""}. Run it by hand to see why, then try again.`);
}

/** The pinned Node comes as an optional dependency; where it cannot run (a system without glibc), the machine's own must do. */
function useBundledNode() {
  const bundled = join(root, "node_modules", ".bin", process.platform === "win32" ? "node.cmd" : "node");
  if (existsSync(bundled) && majorOf(bundled) >= WANTED_MAJOR) return;
  if (existsSync(bundled)) rmSync(bundled, { force: true });
  if (Number(process.versions.node.split(".")[0]) >= WANTED_MAJOR) return;
  fail(
    `Holdfast runs on Node ${WANTED_MAJOR}; this machine has ${process.version}, and the bundled Node does not run on ` +
      `${process.platform}-${process.arch}. Install Node ${WANTED_MAJOR} or newer and try again.`,
  );
}

function majorOf(node) {
  const { status, stdout } = spawnSync(node, ["--version"], { encoding: "utf8", shell: process.platform === "win32" });
  return status === 0 ? Number(stdout.trim().slice(1).split(".")[0]) : 0;
}

function fail(message) {
  console.error(`holdfast: ${message}`);
  process.exit(1);
}
