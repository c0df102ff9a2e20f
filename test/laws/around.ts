import type { Universe } from "../support/universe.ts";
import type { Report } from "../../controller/domain/report.ts";
import { type Dead, runAndDie } from "./crash.ts";
import { reportsIn } from "./evidence.ts";
import { callCount, mutationsOf } from "./runs.ts";

/** How many calls before and after the one in question a controller is killed at as well: the journal's are among them. */
const NEIGHBOURS = 3;

/** A world after a controller died in it. */
export interface Crash {
  readonly u: Universe;
  readonly dead: Dead;
  readonly where: string;
  /** Calls that this world had made before the controller began. */
  readonly from: number;
}

/** Kills a controller before and after one of its calls and those around it, each time in a world made anew. */
export async function killAround(
  stage: () => Promise<Universe>,
  operation: string,
  judge: (crash: Crash) => Promise<void>,
): Promise<number> {
  const at = await callOf(await stage(), operation);
  let crashes = 0;
  for (let n = at - NEIGHBOURS; n <= at + NEIGHBOURS; n++)
    for (const when of ["before", "after"] as const) {
      const u = await stage();
      const from = callCount(u);
      const dead = await runAndDie(u, { at: n, when });
      if (!dead) throw new Error(`the run was through before its call ${n}`);
      crashes += 1;
      await judge({ u, dead, from, where: `killed ${when} call ${n}, ${n - at} from ${operation}` });
    }
  return crashes;
}

/** The number of the first such call that a controller makes, counted from 1. */
async function callOf(u: Universe, operation: string): Promise<number> {
  const from = callCount(u);
  await u.run();
  const at = u.simulator.calls.since(from).findIndex((call) => call.operation === operation);
  if (at < 0) throw new Error(`nobody called ${operation}`);
  return at + 1;
}

/** Subjects of some operation's calls that AWS carried out, since some call. */
export const doneTo = (u: Universe, from: number, operation: string): readonly string[] =>
  mutationsOf(u, from)
    .filter((call) => call.operation === operation && call.outcome === "ok")
    .map(({ input }) => String(input["RecoveryPointArn"] ?? input["ResourceArn"]));

export const lastReport = (u: Universe): Report => reportsIn(u.simulator).at(-1)!;
