import { oneAccount } from "./bench/one-account.ts";
import { importTime } from "./bench/import-time.ts";
import { longChain } from "./bench/long-chain.ts";
import { oneVault } from "./bench/one-vault.ts";
import { simulatorRate } from "./bench/simulator-rate.ts";
import { slowPages } from "./bench/slow-pages.ts";

/**
 * Figures that a person reads: never a test, for a machine's speed is nobody's contract. What compares across machines is the ratio
 * beside a time. All of them, or those named: `npm run bench -- slow-pages`.
 */
const MEASUREMENTS: Readonly<Record<string, () => void | Promise<void>>> = {
  chain: longChain,
  coverage: oneAccount,
  import: importTime,
  simulator: simulatorRate,
  "slow-pages": slowPages,
  vault: oneVault,
};

const asked = process.argv.slice(2);
const unknown = asked.find((name) => !Object.hasOwn(MEASUREMENTS, name));
if (unknown === undefined)
  for (const [name, measure] of Object.entries(MEASUREMENTS)) {
    if (asked.length === 0 || asked.includes(name)) await measure();
  }
else {
  console.error(`there is no measurement ${unknown}: ${Object.keys(MEASUREMENTS).join(", ")}`);
  process.exitCode = 2;
}
