/** EventBridge: buses, and what comes to them of AWS Backup's and of others'. */
import type { Announcement } from "../backup/announcements.ts";
import type { Random } from "../random.ts";
import type { World } from "../world.ts";
import { busArn, newBus, type BusEvent, type EventBus } from "./bus.ts";
import { putOn, type Undelivered } from "./delivery.ts";
import { Emission, type Delivery, type Place } from "./emission.ts";

export interface EventBridge {
  /** How AWS Backup's events come. Read whenever something happens; change it at any time. */
  readonly delivery: Delivery;
  /** The default bus of an account and Region is always there; another where it was added. */
  readonly bus: (account: string, region: string, name?: string) => EventBus | undefined;
  readonly busOf: (arn: string) => EventBus | undefined;
  readonly addBus: (account: string, region: string, name: string) => EventBus;
  /** What no target got. */
  readonly undelivered: Undelivered[];
  /** What functions were called with, in order: nothing runs by itself. */
  readonly invoked: { readonly arn: string; readonly event: BusEvent; readonly at: Date }[];
  /** Codes that the next entries of PutEvents fail with, one each, whatever they hold. */
  readonly failing: string[];
  /** AWS Backup's word for what has just happened, where anybody listens. */
  readonly announce: (place: Place, at: Date, say: () => Announcement) => void;
  /** Puts an event of AWS Backup's on the default bus of a place at once: a sample, or one of a storm. */
  readonly emit: (place: Place, announcement: Announcement) => BusEvent;
  /** Lets what is due by then come, in order of time. */
  readonly advance: (to: Date) => void;
}

export function createEventBridge(world: () => World, random: Random): EventBridge {
  const emission = new Emission(random);
  const buses = new Map<string, EventBus>();

  const addBus: EventBridge["addBus"] = (account, region, name) => {
    const bus = newBus(account, region, name);
    buses.set(bus.arn, bus);
    return bus;
  };
  const bus: EventBridge["bus"] = (account, region, name = "default") => {
    const known = buses.get(busArn(account, region, name));
    return known ?? (name === "default" && world().exists(account, region) ? addBus(account, region, name) : undefined);
  };

  return {
    delivery: emission.delivery,
    bus,
    busOf: (arn) => buses.get(arn),
    addBus,
    undelivered: [],
    invoked: [],
    failing: [],
    announce: ({ account, region }, at, say) => {
      const listening = buses.get(busArn(account, region, "default"));
      if (listening === undefined || listening.rules.size === 0) return;
      emission.take(listening, { account, region }, at, say());
    },
    emit: (place, announcement) => {
      const { account, region } = place;
      const there = bus(account, region);
      if (there === undefined) throw new RangeError(`the simulator has no account ${account} or no Region ${region}`);
      const at = world().clock.now();
      const event = emission.event(place, announcement, at);
      putOn(world(), there, event, at);
      return event;
    },
    advance: (to) => {
      for (const { bus: there, event, due } of emission.due(to)) putOn(world(), there, event, new Date(due));
    },
  };
}
