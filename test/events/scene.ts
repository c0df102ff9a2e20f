import { PRODUCTION } from "../scenarios/manifests.ts";
import { setRetention, tag, unlock } from "../scenarios/people.ts";
import { HUB, IRELAND, SHOP, universe, type Universe, type UniverseOptions } from "../support/universe.ts";
import { hubOf, type Hub } from "./hub.ts";

export const VOLUME = `arn:aws:ec2:${IRELAND}:${SHOP}:volume/vol-1`;

/** A fleet that has been looked at, and whose own echoes have died away. */
export async function listening(
  options: Partial<UniverseOptions> = {},
): Promise<{ readonly u: Universe; readonly hub: Hub }> {
  const u = universe({ files: PRODUCTION, ...options, events: true });
  u.simulator.addResource(SHOP, IRELAND, { arn: VOLUME, type: "EBS" });
  await u.run();
  const hub = hubOf(u);
  await u.events.deliver(hub.take);
  hub.taken.length = 0;
  return { u, hub };
}

/** What people do by hand in a night: a lock, a plan, a tag. */
export function tampering(u: Universe): void {
  unlock(u);
  setRetention(u, 20);
  tag(u, `arn:aws:backup:${IRELAND}:${SHOP}:backup-vault:nightly`, { owner: "nobody" });
}

/** The queue that the hub's function takes events from. */
export function queueOf({ simulator }: Universe) {
  const { queues } = simulator.platform(HUB, IRELAND);
  const queue = [...queues.values()].find(({ redrive }) => redrive !== undefined);
  if (queue === undefined) throw new RangeError("the hub has no queue with dead letters");
  return queue;
}
