import fc from "fast-check";
import { history, playOut } from "./histories.ts";

/** Plays the histories of the tests until one breaks a law, and says which it was and what was wrong, as JSON: `node first-failure.ts 200 1`. */
const [most = "200", ...shards] = process.argv.slice(2);

let played = 0;
let found: readonly string[] = [];

const property = fc.asyncProperty(history, async (one) => {
  played += 1;
  const { violations } = await playOut(one);
  found = violations;
  return violations.length === 0;
});

for (const shard of shards) {
  const { failed } = await fc.check(property, {
    numRuns: Math.ceil(Number(most) / shards.length),
    seed: 1_000_000 + Number(shard),
    endOnFailure: true,
  });
  if (failed) break;
}
console.log(JSON.stringify({ played, violation: found[0] ?? null }));
