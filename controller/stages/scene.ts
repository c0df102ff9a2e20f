import type { RunRecord } from "../attest/report/record.ts";
import type { FleetReader, FleetWriter, Reading, World } from "../ports.ts";

/** Where a stage of a run plays: what the run has come to know, what it reaches, and its way into the fleet once that is known. */
export interface Scene {
  readonly record: RunRecord;
  readonly world: World;
  readonly fleet: () => FleetWriter;
}

/** As much of it as looking and deciding take. */
export interface LookingScene {
  readonly record: RunRecord;
  readonly world: Omit<Reading, "enter" | "log">;
  readonly fleet: () => FleetReader;
}

/** A scene whose way into the fleet is opened when it is first asked for, and counted in the record. */
export const sceneOf = <Fleet extends FleetReader, W extends EnteredBy<Fleet>>(record: RunRecord, world: W) => {
  let fleet: Fleet | undefined;
  return {
    record,
    world,
    fleet: (): Fleet => {
      fleet ??= world.enter(needed(record.desired, "a desired state").fleet.access, record.run.id);
      record.fleet = fleet;
      return fleet;
    },
  };
};

interface EnteredBy<Fleet> {
  readonly enter: (...access: Parameters<Reading["enter"]>) => Fleet;
}

/** What an earlier stage left. Stages go in one order, so that its absence is a mistake of ours. */
export function needed<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new RangeError(`a stage came before there was ${what}`);
  return value;
}
