import { describe, expect, it } from "vitest";
import { holds, PATIENCE_MS } from "./cases.ts";
import { filesOf, type Manifests } from "./manifests.ts";
import { callCount, mutationsOf, reported, told } from "./runs.ts";
import { otherwiseSpelled } from "./spelling.ts";
import { showWorld, stage, worldsWith } from "./worlds.ts";

describe("law 8, rest", () => {
  it(
    "after three runs a further one writes nothing, and neither does one that reads the same in other words",
    () =>
      holds("law 8", 20, worldsWith(), showWorld, async (world) => {
        const u = await stage(world);
        for (let run = 0; run < 3; run++) reported(await u.run());
        const from = callCount(u);
        const rested = reported(await u.run());
        expect(mutationsOf(u, from).map(told)).toEqual([]);

        const respelled: Manifests = world.manifests.map(otherwiseSpelled);
        u.commit(filesOf(respelled, world.extent));
        const again = reported(await u.run());
        expect(mutationsOf(u, from).map(told)).toEqual([]);
        expect(standing(again)).toEqual(standing(rested));
        return { sort: rested.result };
      }),
    PATIENCE_MS,
  );
});

/** What a report says of the world, without where the manifests say so, when it looked and which call told. */
const standing = ({ result, targets, resources, held, summary }: ReturnType<typeof reported>) => ({
  result,
  targets,
  summary,
  resources: resources.map(({ manifest: _where, checkedOn: _when, failure, ...row }) => ({
    ...row,
    failed: failure?.operation,
  })),
  held: held.map(({ manifest: _where, ...row }) => row),
});
