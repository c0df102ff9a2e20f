/** A last report that foresees more than one function may be through with in time. */
import { reconcile } from "../../controller/reconcile.ts";
import type { World } from "../../controller/ports.ts";
import { readSettings } from "../../controller/settings.ts";
import { createWorld } from "../../controller/world.ts";
import { credentialsOf, sessionOf, type Hub, type LambdaFunction } from "./functions.ts";

/** At twenty a second, and eight targets side by side, more than the eight minutes that a function is trusted with. */
const LISTED = 80_000;

/**
 * A run that says it asked what a large fleet takes: by the controller's own code in this process, under the controller's role, with its
 * settings. It makes the world as it should be, signs and publishes as any other; only the count of its calls is not its own.
 */
export async function ranAsOverLargeFleet({ simulator, endpoint, region, account }: Hub, controller: LambdaFunction) {
  const environment = { ...controller.environment, AWS_REGION: region, AWS_ENDPOINT_URL: endpoint };
  const keys = sessionOf(simulator, `arn:aws:iam::${account}:role/holdfast-controller`, "large");
  const world = await createWorld(readSettings({}, environment), { credentials: credentialsOf(keys) });
  const run = { id: "large", trigger: "manual", deadline: Infinity, reporter: { id: "test", version: "0" } } as const;
  return reconcile(run, { ...world, enter: countingMore(world) });
}

const countingMore =
  (world: Pick<World, "enter">): World["enter"] =>
  (...access) => {
    const fleet = world.enter(...access);
    return { ...fleet, calls: () => ({ ...fleet.calls(), list: (fleet.calls()["list"] ?? 0) + LISTED }) };
  };
