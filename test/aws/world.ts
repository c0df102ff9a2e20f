import { createClients, type AwsSettings } from "../../controller/aws/clients.ts";
import { createControllerCall, createFleetAccess, type Edge } from "../../controller/aws/fleet.ts";
import { createPacing } from "../../controller/aws/pacing.ts";
import type { FleetAccess } from "../../controller/domain/desired.ts";
import { Target } from "../../controller/domain/identity.ts";
import type { Attempt } from "../../controller/domain/outcome.ts";
import type { Lease } from "../../controller/ports.ts";
import { createSimulator, type Simulator } from "../simulator/simulator.ts";
import { virtualTime } from "./virtual-time.ts";

export const HUB = "111111111111";
export const MEMBER = "222222222222";
export const REGION = "eu-west-1";
export const here = Target.parse({ account: MEMBER, region: REGION });

export const access: FleetAccess = {
  mode: "assumeRole",
  roles: { observe: "hf-observe", apply: "hf-apply", retain: "hf-retain", destroy: "hf-destroy" },
  rolePath: "/holdfast/",
  externalId: "fleet-7",
};

/** The member trusts the hub for this fleet, and lets it do anything: what roles may do is tested elsewhere. */
function letIn(simulator: Simulator): void {
  for (const name of Object.values(access.roles)) {
    simulator.iam.putRole(MEMBER, {
      name,
      path: access.rolePath,
      policies: "administrator",
      trust: {
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { AWS: `arn:aws:iam::${HUB}:root` },
            Action: ["sts:AssumeRole", "sts:SetSourceIdentity"],
            Resource: "*",
            Condition: { StringEquals: { "sts:ExternalId": "fleet-7" } },
          },
        ],
      },
    });
  }
}

/** A hub, a member, and an edge between them on one virtual clock. */
export function world({ settings, deadline }: { settings?: Partial<AwsSettings>; deadline?: number } = {}) {
  const simulator = createSimulator({
    hubAccount: HUB,
    accounts: [
      { id: HUB, name: "hub" },
      { id: MEMBER, name: "member", ou: "Workloads/Production", tags: { stage: "production" } },
    ],
    regions: [REGION, "us-east-1"],
  });
  letIn(simulator);
  const time = virtualTime(simulator.clock.now(), (ms) => simulator.clock.advance(ms));
  const edge: Edge = {
    clients: createClients({
      region: REGION,
      credentials: { accessKeyId: "AKIAHUB", secretAccessKey: "secret" },
      requestHandler: simulator.handler(),
      allowHttp: false,
      ...settings,
    }),
    clock: time.clock,
    pacing: createPacing(time.clock),
    deadline: deadline ?? Number.POSITIVE_INFINITY,
    random: () => 0.5,
  };
  const attempts: Omit<Attempt, "changeId">[] = [];
  const lease: Lease = {
    holder: "run-1",
    id: "lease",
    leave: async () => {},
    assertHeld: () => undefined,
    confirm: () => Promise.resolve(),
    release: () => Promise.resolve(),
  };
  return {
    simulator,
    time,
    edge,
    lease,
    attempts,
    record: (attempt: Omit<Attempt, "changeId">) => void attempts.push(attempt),
    controller: createControllerCall(edge),
    fleet: createFleetAccess(edge)(access, "run-1"),
  };
}
