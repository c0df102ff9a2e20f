import { takeBatch, type BatchAnswer, type Taken } from "../../controller/lambda/event-batch.ts";
import type { Target } from "../../controller/domain/identity.ts";
import type { Leases, OwnReport } from "../../controller/ports.ts";
import type { SqsEvent } from "../simulator/platform/event-source.ts";
import type { Connection } from "../simulator/connection.ts";
import type { Universe } from "../support/universe.ts";

/** The hub's function for events, in this process and in virtual time: what it is handed, and what it came to. */
export interface Hub {
  readonly take: (event: SqsEvent) => Promise<BatchAnswer>;
  readonly taken: Taken[];
  /** What its runs published, in order. */
  readonly reports: () => readonly OwnReport[];
  /** What it told its log, by name. */
  readonly told: (event: string) => readonly Readonly<Record<string, unknown>>[];
}

const MINUTES = 60_000;

/** No two runs of a chain have one id. */
let hubs = 0;

export interface HubOptions {
  readonly connection?: Connection;
  /** In place of the fleet's own. */
  readonly leases?: Leases;
}

export function hubOf(u: Universe, { connection, leases }: HubOptions = {}): Hub {
  hubs += 1;
  const hub = hubs;
  const taken: Taken[] = [];
  const lines: (readonly [event: string, fields: Readonly<Record<string, unknown>>])[] = [];
  let runs = 0;
  const log = (event: string, fields: Readonly<Record<string, unknown>> = {}) => void lines.push([event, fields]);
  const open = async () => {
    const opened = (await u.controller(connection, "events")).world;
    const world = { ...opened, log, leases: leases ?? opened.leases };
    const deadline = world.clock.monotonic() + 14 * MINUTES;
    const runOver = (targets: readonly Target[]) => {
      runs += 1;
      const reporter = { id: "test", version: "0" };
      return { id: `event-${hub}-${runs}`, trigger: "event", scope: { targets }, deadline, reporter } as const;
    };
    return { world, runOver, deadline };
  };
  return {
    taken,
    take: async (event) => {
      const one = await takeBatch(event, { log, open });
      taken.push(one);
      return one.answer;
    },
    reports: () => taken.flatMap(({ attended }) => attended?.published ?? []),
    told: (event) => lines.flatMap(([name, fields]) => (name === event ? [fields] : [])),
  };
}
