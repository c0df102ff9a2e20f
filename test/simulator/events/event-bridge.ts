/**
 * EventBridge: buses, and what AWS Backup says on its way to them. Delivery is at least once at best; AWS Backup's own is best effort,
 * about every five minutes (semantics §7.1), and a test may have it worse.
 */
import type { Announcement } from "../backup/announcements.ts";
import type { Random } from "../random.ts";
import type { World } from "../world.ts";
import { newBus, type BusEvent, type EventBus } from "./bus.ts";
import { putOn, type Undelivered } from "./delivery.ts";

/** How AWS Backup's events come. Chances are from 0 to 1. */
export interface Delivery {
  /** An event comes at the next multiple of so many seconds. Default 300, as AWS Backup says. */
  everySeconds: number;
  /** The chance that an event never comes. Default 0. */
  lost: number;
  /** The chance that it comes twice. Default 0. */
  doubled: number;
  /** It comes up to so many seconds later still, one before and one after another. Default 0. */
  lateBySeconds: number;
  /** Those that come at one moment come in any order. Default no. */
  shuffled: boolean;
}

export interface EventBridge {
  /** Read whenever something happens; change it at any time. */
  readonly delivery: Delivery;
  /** The default bus of an account and Region is always there; another where it was added. */
  readonly bus: (account: string, region: string, name?: string) => EventBus | undefined;
  readonly busOf: (arn: string) => EventBus | undefined;
  readonly addBus: (account: string, region: string, name: string) => EventBus;
  /** What no target got. */
  readonly undelivered: Undelivered[];
  /** What functions were called with, in order: nothing runs by itself. */
  readonly invoked: { readonly arn: string; readonly event: BusEvent; readonly at: Date }[];
  /** Entries of the next PutEvents that fail with these codes, one each, whatever they hold. */
  readonly failing: string[];
  /** AWS Backup's word for it. */
  readonly announce: (place: Place, at: Date, say: () => Announcement) => void;
  /** Puts an event of AWS Backup's on the default bus of a place at once: a sample, or one of a storm. */
  readonly emit: (place: Place, announcement: Announcement) => BusEvent;
  /** Lets what is due by then come, in order of time. */
  readonly advance: (to: Date) => void;
}

interface Place {
  readonly account: string;
  readonly region: string;
}

interface Pending {
  readonly due: number;
  readonly order: number;
  readonly bus: EventBus;
  readonly event: BusEvent;
}

export function createEventBridge(world: () => World, random: Random): EventBridge {
  const delivery: Delivery = { everySeconds: 300, lost: 0, doubled: 0, lateBySeconds: 0, shuffled: false };
  const buses = new Map<string, EventBus>();
  let pending: Pending[] = [];
  let announced = 0;

  const addBus: EventBridge["addBus"] = (account, region, name) => {
    const bus = newBus(account, region, name);
    buses.set(bus.arn, bus);
    return bus;
  };
  const bus: EventBridge["bus"] = (account, region, name = "default") => {
    const known = buses.get(newBus(account, region, name).arn);
    return known ?? (name === "default" && world().exists(account, region) ? addBus(account, region, name) : undefined);
  };
  const defaultBus = ({ account, region }: Place): EventBus => {
    const found = bus(account, region);
    if (found === undefined) throw new RangeError(`the simulator has no account ${account} or no Region ${region}`);
    return found;
  };

  const announce: EventBridge["announce"] = (place, at, say) => {
    const listening = buses.get(newBus(place.account, place.region, "default").arn);
    if (listening === undefined || listening.rules.size === 0) return;
    if (delivery.lost > 0 && random.number() < delivery.lost) return;
    const every = delivery.everySeconds * 1000;
    const told = (Math.floor(at.getTime() / every) + 1) * every;
    const event = backupEvent(say(), place, { at: new Date(told), id: random.uuid() });
    const times = delivery.doubled > 0 && random.number() < delivery.doubled ? 2 : 1;
    for (let time = 0; time < times; time += 1) {
      const due = told + (delivery.lateBySeconds > 0 ? random.below(delivery.lateBySeconds * 1000) : 0);
      announced += 1;
      const order = delivery.shuffled ? random.number() : announced;
      pending.push({ due, order, bus: listening, event });
    }
  };

  return {
    delivery,
    bus,
    busOf: (arn) => buses.get(arn),
    addBus,
    undelivered: [],
    invoked: [],
    failing: [],
    announce,
    emit: (place, announcement) => {
      const at = world().clock.now();
      const event = backupEvent(announcement, place, { at, id: random.uuid() });
      putOn(world(), defaultBus(place), event, at);
      return event;
    },
    advance: (to) => {
      const due = pending.filter((one) => one.due <= to.getTime());
      if (due.length === 0) return;
      pending = pending.filter((one) => one.due > to.getTime());
      for (const one of due.toSorted((a, b) => a.due - b.due || a.order - b.order)) {
        putOn(world(), one.bus, one.event, new Date(one.due));
      }
    },
  };
}

/** Through JSON, as it travels: absent members are not there. */
function backupEvent(
  { detailType, resources, detail }: Announcement,
  { account, region }: Place,
  { at, id }: { readonly at: Date; readonly id: string },
): BusEvent {
  return {
    version: "0",
    id,
    "detail-type": detailType,
    source: "aws.backup",
    account,
    time: `${at.toISOString().slice(0, 19)}Z`,
    region,
    resources,
    detail: JSON.parse(JSON.stringify(detail)) as BusEvent["detail"],
  };
}
