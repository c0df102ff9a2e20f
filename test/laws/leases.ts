import type { Call } from "../simulator/calls.ts";
import type { Simulator } from "../simulator/simulator.ts";
import { BUCKETS } from "../support/universe.ts";
import { mutationsIn } from "./runs.ts";

/** A state of the lease, and the calls that AWS logged while it was in force. */
export interface Tenure {
  readonly fence: number;
  /** Undefined: nobody had it. */
  readonly holder: string | undefined;
  readonly writes: readonly Call[];
}

/** The history of the fleet's lease, read from the versions of its object, beside what was written under each. */
export function tenures(simulator: Simulator): readonly Tenure[] {
  const puts = simulator.calls
    .all()
    .filter(
      ({ operation, input, outcome }) => operation === "PutObject" && input["Key"] === "lease.json" && outcome === "ok",
    );
  const versions = simulator.bucket(BUCKETS.work).objects.get("lease.json") ?? [];
  if (versions.length !== puts.length)
    throw new Error(`${puts.length} puts made ${versions.length} versions of the lease`);
  return versions.map((version, at) => {
    if (version.kind !== "object") throw new Error("somebody deleted the lease");
    const { state, holder, fence } = JSON.parse(new TextDecoder().decode(version.body)) as Record<string, unknown>;
    const [from, to] = [puts[at]!.index, puts[at + 1]?.index];
    return {
      fence: Number(fence),
      holder: state === "held" ? String(holder) : undefined,
      writes: mutationsIn(simulator.calls.all().slice(from, to)).filter(
        ({ sourceIdentity }) => sourceIdentity !== undefined,
      ),
    };
  });
}

/** Writes by a run that did not have the lease when AWS carried them out. */
export const trespasses = (all: readonly Tenure[]): readonly string[] =>
  all.flatMap(({ fence, holder, writes }) =>
    writes
      .filter(({ sourceIdentity }) => sourceIdentity !== holder)
      .map(
        ({ operation, sourceIdentity }) =>
          `${operation} by ${sourceIdentity} under fence ${fence} of ${holder ?? "nobody"}`,
      ),
  );
