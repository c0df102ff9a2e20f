import type { Fact } from "../fact.ts";
import { type FunctionCall, type LiveFunction, readFunction } from "../function/read.ts";

/** What carries fleets that one invocation cannot see in time: a durable function, and the workers that it has shards carried by. */
export interface Engine {
  /** As HOLDFAST_COORDINATOR of the controller says. */
  readonly coordinator: Named;
  /** As HOLDFAST_WORKER of the coordinator says. Absent: it says nothing, or could not be read. */
  readonly worker?: Named;
}

/** A function by the ARN that it is called by, and what is found there. */
export interface Named {
  readonly arn: string;
  readonly live: Fact<LiveFunction | undefined>;
}

/** `undefined`: the controller hands no run over. */
export async function readEngine(call: FunctionCall, { settings }: LiveFunction): Promise<Engine | undefined> {
  const { HOLDFAST_COORDINATOR: arn } = settings;
  if (arn === undefined) return undefined;
  const coordinator = await readNamed(call, arn);
  const { HOLDFAST_WORKER: worker } = liveIn(coordinator)?.settings ?? {};
  return worker === undefined ? { coordinator } : { coordinator, worker: await readNamed(call, worker) };
}

const readNamed = async (call: FunctionCall, arn: string): Promise<Named> => ({
  arn,
  live: await readFunction(call, arn),
});

/** The function as far as it is known. */
export const liveIn = ({ live }: Named): LiveFunction | undefined => (live.seen ? live.value : undefined);
