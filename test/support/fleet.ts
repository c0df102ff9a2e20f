import type { FleetAccess } from "../../controller/domain/desired.ts";
import { Target } from "../../controller/domain/identity.ts";
import { createClients } from "../../controller/aws/clients.ts";
import { createFleetAccess } from "../../controller/aws/fleet.ts";
import { createPacing } from "../../controller/aws/pacing.ts";
import type { Clock, FleetWriter, Lease } from "../../controller/ports.ts";
import type { Simulator } from "../simulator/simulator.ts";

/** A controller's clock that is the simulator's own: sleeping moves the world's time, so that minutes pass in no time. */
export const clockOf = (simulator: Simulator): Clock => ({
  now: () => simulator.clock.now(),
  monotonic: () => simulator.clock.now().getTime(),
  sleep: async (ms) => {
    simulator.clock.advance(ms);
    await Promise.resolve();
  },
});

export const AMBIENT: FleetAccess = {
  mode: "ambient",
  roles: {
    observe: "holdfast-observe",
    apply: "holdfast-apply",
    retain: "holdfast-retain",
    destroy: "holdfast-destroy",
  },
  rolePath: "/",
};

export const target = (account: string, region: string): Target => Target.parse({ account, region });

/** A lease for tests of what happens under one. */
export const heldLease: Lease = {
  holder: "test",
  id: "lease",
  leave: async () => {},
  assertHeld: () => {},
  confirm: async () => {},
  release: async () => {},
};

type Handler = Parameters<typeof createClients>[0]["requestHandler"];

/** Ways into the simulator's hub account with the caller's own credentials, paced on virtual time. */
export function ambientFleet(simulator: Simulator, requestHandler: unknown = simulator.handler()): FleetWriter {
  const clock = clockOf(simulator);
  const clients = createClients({
    region: simulator.regions[0]!,
    credentials: { accessKeyId: "AKIAADMINISTRATOR", secretAccessKey: "unverified" },
    // The simulator's handler has the SDK's shape; the SDK's own type is wider than anything it calls.
    requestHandler: requestHandler as NonNullable<Handler>,
    allowHttp: false,
  });
  return createFleetAccess({
    clients,
    clock,
    pacing: createPacing(clock),
    deadline: Number.POSITIVE_INFINITY,
    random: () => 0.5,
  })(AMBIENT, "test-run");
}
