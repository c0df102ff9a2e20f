/** AWS Backup's events on their way to EventBridge: best effort, about every five minutes (semantics §7.1), and worse where a test wants it. */
import type { Announcement } from "../backup/announcements.ts";
import type { Random } from "../random.ts";
import type { BusEvent, EventBus } from "./bus.ts";

/** How they come. Chances are from 0 to 1. */
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

export interface Place {
  readonly account: string;
  readonly region: string;
}

interface Pending {
  readonly due: number;
  readonly order: number;
  readonly bus: EventBus;
  readonly event: BusEvent;
}

export class Emission {
  /** Read whenever something happens; change it at any time. */
  readonly delivery: Delivery = { everySeconds: 300, lost: 0, doubled: 0, lateBySeconds: 0, shuffled: false };
  readonly #random: Random;
  #pending: Pending[] = [];
  #announced = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  /** What has just happened at `at` will be told to the bus, if it is. */
  take(bus: EventBus, place: Place, at: Date, announcement: Announcement): void {
    if (this.#happens(this.delivery.lost)) return;
    const { everySeconds, doubled, lateBySeconds, shuffled } = this.delivery;
    const told = (Math.floor(at.getTime() / (everySeconds * 1000)) + 1) * everySeconds * 1000;
    const event = this.event(place, announcement, new Date(told));
    const times = this.#happens(doubled) ? 2 : 1;
    for (let time = 0; time < times; time += 1) {
      const due = told + (lateBySeconds > 0 ? this.#random.below(lateBySeconds * 1000) : 0);
      this.#announced += 1;
      const order = shuffled ? this.#random.number() : this.#announced;
      this.#pending.push({ due, order, bus, event });
    }
  }

  /** Takes what has come by then, in the order in which it came. */
  due(to: Date): readonly Omit<Pending, "order">[] {
    const due = this.#pending.filter((one) => one.due <= to.getTime());
    if (due.length > 0) this.#pending = this.#pending.filter((one) => one.due > to.getTime());
    return due.toSorted((a, b) => a.due - b.due || a.order - b.order);
  }

  /** In its envelope, and through JSON, as it travels: absent members are not there. */
  event({ account, region }: Place, { detailType, resources, detail }: Announcement, at: Date): BusEvent {
    return {
      version: "0",
      id: this.#random.uuid(),
      "detail-type": detailType,
      source: "aws.backup",
      account,
      time: `${at.toISOString().slice(0, 19)}Z`,
      region,
      resources,
      detail: JSON.parse(JSON.stringify(detail)) as BusEvent["detail"],
    };
  }

  /** Asks chance only where there is one: what is off draws nothing. */
  #happens(chance: number): boolean {
    return chance > 0 && this.#random.number() < chance;
  }
}
