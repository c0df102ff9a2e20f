import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Connection } from "../simulator/connection.ts";
import type { Simulator } from "../simulator/simulator.ts";
import { placement } from "./before.ts";
import { holds, PATIENCE_MS } from "./cases.ts";
import { ACCOUNTS, manifests } from "./manifests.ts";
import { coveredBy, isOurs } from "./protection.ts";
import { reported } from "./runs.ts";
import { watching } from "./watching.ts";
import { showWorld, stage, worldsWith } from "./worlds.ts";

/** Worlds that mostly ask for more than there is: there selections are replaced, and plans change under them. */
const growing = worldsWith({
  earlier: fc.oneof({ weight: 3, arbitrary: fc.constant("less" as const) }, { weight: 1, arbitrary: manifests }),
  placed: fc.oneof(fc.constant([]), fc.array(placement, { maxLength: 2 })),
});

describe("law 6, no gap", () => {
  it(
    "at no moment of a run is less covered than before it, and no policy goes on its way to another",
    () =>
      holds("law 6", 35, growing, showWorld, async (world) => {
        const u = await stage(world);
        let before = shelter(u.simulator);
        let replaced = 0;
        const lost: string[] = [];
        const bare = new Set<string>();
        const connection: Connection = watching(u.simulator.connect(), () => {
          const now = shelter(u.simulator);
          lost.push(...uncovered(before, now));
          for (const vault of before.policies) if (!now.policies.has(vault)) bare.add(vault);
          replaced += [...before.selections].filter((id) => !now.selections.has(id)).length;
          before = now;
        });
        const controller = await u.controller(connection);
        for (let run = 0; run < 2; run++) reported(await controller.run());
        expect(lost).toEqual([]);
        // A policy may go where that is what is wanted; it may not go and come back.
        expect([...bare].filter((vault) => before.policies.has(vault))).toEqual([]);
        return { sort: replaced > 0 ? "with a replacement" : "without" };
      }),
    PATIENCE_MS,
  );
});

/** What every plan covers by now, which vaults have a policy, and which selections are ours. */
interface Shelter {
  readonly covered: ReadonlyMap<string, ReadonlySet<string>>;
  readonly policies: ReadonlySet<string>;
  readonly selections: ReadonlySet<string>;
}

function shelter(simulator: Simulator): Shelter {
  const states = ACCOUNTS.flatMap((account) => simulator.regions.map((region) => simulator.backup(account, region)));
  const plans = states.flatMap((state) => [...state.plans.values()].map((plan) => ({ state, plan })));
  return {
    covered: new Map(plans.map(({ state, plan }) => [plan.arn, coveredBy(state, plan)])),
    policies: new Set(
      states.flatMap(({ vaults }) => [...vaults.values()].filter((one) => one.accessPolicy).map(({ arn }) => arn)),
    ),
    selections: new Set(plans.flatMap(({ plan }) => [...plan.selections].filter(isOurs).map(({ id }) => id))),
  };
}

const uncovered = (before: Shelter, now: Shelter): readonly string[] =>
  [...before.covered].flatMap(([plan, resources]) =>
    [...resources].filter((resource) => now.covered.get(plan)?.has(resource) !== true).map((one) => `${plan} ↛ ${one}`),
  );
