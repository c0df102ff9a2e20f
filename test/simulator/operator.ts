/** A person at the console of one account: calls that go past the wire and past faults, but through permissions and into the log. */
import type { Identity } from "./iam/registry.ts";
import { callerOf, perform, record } from "./perform.ts";
import { stampOf, type Simulation } from "./respond.ts";
import { ApiError } from "./service.ts";
import { serviceNamed, type ServiceName } from "./services.ts";

/** Runs an operation with the SDK's member names and returns its output; throws the service's `ApiError`. */
export type Operator = (service: ServiceName, operation: string, input?: Readonly<Record<string, unknown>>) => unknown;

/** An administrator of the account, known to CloudTrail as `user/console`. */
export function operatorIn(simulation: Simulation, account: string, region: string): Operator {
  const accessKeyId = "AKIACONSOLE000000000";
  const arn = `arn:aws:iam::${account}:user/console`;
  const principal = { account, arn, accessKeyId };
  const identity: Identity = { principal, userId: "AIDACONSOLE0000000000", grant: "administrator", session: false };

  return (name, operation, input = {}) => {
    const { world, calls } = simulation;
    const service = serviceNamed(name);
    if (service === undefined) throw new RangeError(`no simulated service is called ${name}`);
    const stamp = stampOf(world);
    const permissions: string[] = [];
    const ended = {
      stamp,
      service: name,
      operation,
      region,
      accessKeyId,
      identity,
      input,
      permissions,
      delivered: true,
    };
    try {
      const output = perform({
        name,
        service,
        operation,
        input,
        caller: callerOf(world, identity, region),
        at: stamp.at,
        asked: (action) => permissions.push(action),
      });
      record(calls, { ...ended, outcome: "ok" });
      return output;
    } catch (error) {
      if (error instanceof ApiError) record(calls, { ...ended, outcome: error.type });
      throw error;
    }
  };
}
