import { existsSync } from "node:fs";
import { join } from "node:path";
import { callCount } from "../laws/runs.ts";
import { cutRetention, fleetOfUpgrades, keep, KEPT } from "./installation.ts";

/**
 * Keeps the installation that this release leaves, for every later one to go on from: `node test/upgrade/keep.ts 0.1.0`, once, when it is
 * released. A run that set everything up, one that found nothing to do, and one that died in the middle of its writing: its lease is held
 * and its journal open.
 */
const [release] = process.argv.slice(2);
if (release === undefined || !/^\d+\.\d+\.\d+$/.test(release)) throw new Error("which release is it? As in: 0.1.0");
const folder = join(KEPT, release);
if (existsSync(folder)) throw new Error(`${folder} is kept already, and is never written anew`);

const settled = async () => {
  const u = fleetOfUpgrades();
  await u.run();
  await u.run();
  cutRetention(u);
  return u;
};

/** At which of its calls the run writes to the plan: the same in every world that begins alike. */
async function callOfTheWrite(): Promise<number> {
  const u = await settled();
  const from = callCount(u);
  await u.run();
  const at = u.simulator.calls.since(from).findIndex(({ operation }) => operation === "UpdateBackupPlan");
  if (at < 0) throw new Error("the run did not put the plan back");
  return at + 1;
}

const at = await callOfTheWrite();
const u = await settled();
const connection = u.simulator.connect();
const controller = await u.controller(connection);
connection.killAt(at, "after");
// A killed process's promises never settle.
const ended = await Promise.race([controller.run().then(() => "through"), connection.killed.then(() => "dead")]);
if (ended !== "dead" || u.simulator.calls.all().at(-1)?.operation !== "UpdateBackupPlan")
  throw new Error("the run did not die at its write");
keep(u, folder);
console.log(`${folder}: kept`);
