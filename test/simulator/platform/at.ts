import type { World } from "../world.ts";
import type { SimulatedQueue } from "./queue.ts";
import type { PlatformState } from "./state.ts";

/** The account and Region that an ARN names; undefined where there is none such. */
export function platformAt({ platform }: World, arn: string): PlatformState | undefined {
  const [, , , region = "", account = ""] = arn.split(":");
  return platform(account, region);
}

/** The queue of an ARN, in whichever account and Region. */
export function queueOf(world: World, arn: string): SimulatedQueue | undefined {
  return platformAt(world, arn)?.queues.get(arn.split(":").at(-1) ?? "");
}
