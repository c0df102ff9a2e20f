import { runStep } from "../../aws/operation.ts";
import type { DesiredState } from "../../domain/desired.ts";
import type { Target } from "../../domain/identity.ts";
import type { FleetReader } from "../../ports.ts";
import type { Finding } from "../finding.ts";
import { judgeForwarding } from "../forwarding/judge.ts";
import { forwardingRules } from "../forwarding/read.ts";
import { judgeOptIns } from "../opt-ins/judge.ts";
import { regionOptIns } from "../opt-ins/read.ts";
import { leaningsIn } from "../opt-ins/wanted.ts";
import { judgeValidator, validatorsIn } from "../validators/judge.ts";
import { liveValidator } from "../validators/read.ts";

export interface Looked {
  readonly desired: DesiredState;
  readonly fleet: FleetReader;
  /** ARN of the hub's bus that events are forwarded to; absent: the installation uses none. */
  readonly bus?: string;
}

/** One Region of an account: what is opted in, whether its events come to the hub, and what its restores are validated by. */
export async function examineRegion({ desired, fleet, bus }: Looked, target: Target): Promise<readonly Finding[]> {
  const reader = fleet.reader(target);
  const [optIns, rules, validators] = await Promise.all([
    runStep(regionOptIns, reader, target),
    bus === undefined ? undefined : runStep(forwardingRules, reader, target, bus),
    Promise.all(
      validatorsIn(target, desired.rules).map(async (asked) =>
        judgeValidator(target, asked, await runStep(liveValidator, reader, target, asked.arn)),
      ),
    ),
  ]);
  return [
    ...judgeOptIns(target, optIns, leaningsIn(target, desired.resources, desired.rules)),
    ...(bus !== undefined && rules ? judgeForwarding(target, bus, rules) : []),
    ...validators.flat(),
  ];
}
