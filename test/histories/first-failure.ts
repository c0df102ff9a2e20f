import fc from "fast-check";
import { playOut } from "./histories.ts";
import { type Plot, PLOTS } from "./trying.ts";

/** Plays the histories of the tests until one breaks a law, and says which it was and what was wrong, as JSON: `node first-failure.ts months:100:1 contested:40:3`, each with how many of which shard. */

let played = 0;
let found: readonly string[] = [];

for (const batch of process.argv.slice(2)) {
  const [plot = "", numRuns, shard] = batch.split(":");
  const property = fc.asyncProperty(PLOTS[plot as Plot], async (one) => {
    played += 1;
    const { violations } = await playOut(one);
    found = violations;
    return violations.length === 0;
  });
  const { failed } = await fc.check(property, {
    numRuns: Number(numRuns),
    seed: 1_000_000 + Number(shard),
    endOnFailure: true,
  });
  if (failed) break;
}
console.log(JSON.stringify({ played, violation: found[0] ?? null }));
