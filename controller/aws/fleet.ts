/** Callers for the fleet's targets and for the controller's own services, over one edge. */
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import type { FleetAccess } from "../domain/desired.ts";
import { AwsError } from "../domain/errors.ts";
import { showTarget, type Target } from "../domain/identity.ts";
import type { Role } from "../domain/outcome.ts";
import type { Clock, FleetWriter } from "../ports.ts";
import { createCall, type Heard, type Line, type SdkClient, type Standing } from "./call.ts";
import type { Clients } from "./clients.ts";
import { createRoleCredentials } from "./credentials.ts";
import { Observations } from "./observations.ts";
import { reads, type AnyOperation, type Call } from "./operation.ts";
import { unpaced, type Pacing } from "./pacing.ts";
import type { TrafficCount } from "./traffic.ts";

/** What the process has in common over all its ways to AWS. */
export interface Edge {
  readonly clients: Clients;
  readonly clock: Clock;
  readonly pacing: Pacing;
  /** Monotonic milliseconds after which no call is sent, first time or again. */
  readonly deadline: number;
  /** From 0 up to 1. */
  readonly random: () => number;
  /** Counts all that goes either way. Absent: nobody asks. */
  readonly traffic?: TrafficCount | undefined;
}

export const getCallerIdentity = reads("sts:GetCallerIdentity", GetCallerIdentityCommand, { pace: "other" });

const serviceOf = ({ name }: AnyOperation): string => name.slice(0, name.indexOf(":"));

/** A caller with the controller's own credentials, in its own Region: for its buckets, its key and its organization. */
export const createControllerCall = ({ clients, clock, deadline, random, traffic }: Edge): Call =>
  createCall({
    clock,
    deadline,
    random,
    pacer: unpaced,
    standing: { as: "controller" },
    clientOf: (operation) => clients.of(serviceOf(operation), clients.region),
    sent: () => traffic?.sent(),
    throttled: traffic?.throttled,
  });

/** `World.enter`: readers and writers of the fleet's targets, in the name of one run. */
export function createFleetAccess(edge: Edge): (access: FleetAccess, run: string) => FleetWriter {
  return (access, run) => {
    const { clock, pacing, deadline, random, traffic } = edge;
    const counts: Record<string, number> = {};
    const sent: Line["sent"] = (pace) => {
      counts[pace] = (counts[pace] ?? 0) + 1;
      traffic?.sent();
    };
    const observations = new Observations();
    const enter = access.mode === "ambient" ? ambient(edge) : assuming(edge, access, run);
    const call = (target: Target, role: Role, standing: Standing) =>
      createCall({
        clock,
        deadline,
        random,
        pacer: pacing(showTarget(target)),
        standing,
        clientOf: (operation) => enter(operation, target, role),
        sent,
        throttled: traffic?.throttled,
        heard: (read: Heard) => observations.hear(target, read),
      });
    return {
      reader: (target) => call(target, "observe", { as: "reader" }),
      writer: (target, role, lease, record) => call(target, role, { as: "writer", target, role, lease, record }),
      calls: () => ({ ...counts }),
      observations: () => observations.rows(),
    };
  };
}

type Enter = (operation: AnyOperation, target: Target, role: Role) => Promise<SdkClient>;

function assuming(edge: Edge, access: FleetAccess, run: string): Enter {
  const credentials = createRoleCredentials(access, run, { assume: createControllerCall(edge), clock: edge.clock });
  return (operation, target, role) =>
    edge.clients.of(serviceOf(operation), target.region, credentials.of(target, role));
}

/** The caller's own credentials, for the caller's own account and no other: whose they are is asked before they are used. */
function ambient(edge: Edge): Enter {
  const call = createControllerCall(edge);
  let caller: Promise<string | undefined> | undefined;
  const account = () => {
    caller ??= call(getCallerIdentity, {}).then(({ Account }) => Account);
    caller.catch(() => {
      caller = undefined;
    });
    return caller;
  };
  return async (operation, target) => {
    const client = await edge.clients.of(serviceOf(operation), target.region);
    return {
      send: (command, options) => client.send(command, options),
      config: {
        credentials: async (options) => {
          refuseOther(await account(), target);
          return client.config.credentials(options);
        },
      },
    };
  };
}

function refuseOther(account: string | undefined, target: Target): void {
  if (account === target.account) return;
  throw new AwsError({
    kind: "unreachable",
    operation: getCallerIdentity.name,
    message: `the credentials at hand are for account ${account ?? "unknown"}, and with access: ambient they are all there is. Use credentials for ${target.account}, or access: assumeRole`,
  });
}
