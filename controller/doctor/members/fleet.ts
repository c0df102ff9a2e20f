import type { Call } from "../../aws/operation.ts";
import type { DesiredState } from "../../domain/desired.ts";
import { HoldfastError } from "../../domain/errors.ts";
import { load } from "../../load/load.ts";
import type { Caller, Clock, DesiredSource, FleetReader, Organization } from "../../ports.ts";
import { lookInto, type Fact } from "../fact.ts";
import { subject, type Finding } from "../finding.ts";
import { busBeside } from "../forwarding/read.ts";
import { judgeRoute, notReadHere } from "../routes/judge.ts";
import { readRouteSecret, secretRoutes } from "../routes/read.ts";
import { examineMembers } from "./examine.ts";

/** What it takes to know the fleet, and to look into it. Nothing here writes. */
export interface FleetWays {
  /** In the hub's account, in the caller's own name. */
  readonly call: Call;
  readonly clock: Clock;
  readonly source: DesiredSource;
  readonly organization: Organization;
  enter(access: DesiredState["fleet"]["access"], run: string): FleetReader;
}

/** The controller, as far as its members have to know it. */
export interface KnownController {
  /** ARN. */
  readonly role: string;
  /** Its environment. */
  readonly settings: Readonly<Record<string, string>>;
}

/** The members, and the secrets that people are told by: what nobody but the controller can look at. */
export async function examineFleet(
  ways: Omit<FleetWays, "source">,
  desired: Fact<DesiredState | HoldfastError>,
  controller: KnownController | undefined,
): Promise<readonly Finding[]> {
  const caller = await lookInto(() => ways.organization.caller());
  const fleet = subject("fleet");
  if (!desired.seen || desired.value instanceof HoldfastError)
    return fleet.judge("fleet.resolved", "the desired state", desired, (error) =>
      // What cannot be read or trusted at all is told of its bucket already.
      error instanceof HoldfastError && error.code !== "source-unreadable" && error.code !== "source-unverified"
        ? [unresolved(error)]
        : [],
    );
  const { fleet: resolved } = desired.value;
  const who = caller.seen && !(caller.value instanceof HoldfastError) ? caller.value : undefined;
  const asController = who !== undefined && isController(who, controller);
  const { HOLDFAST_EVENTS: events } = controller?.settings ?? {};
  return [
    fleet.ok("fleet.resolved", `fleet ${resolved.name} has ${resolved.targets.length} targets`),
    ...(await examineRoutes(ways, desired.value, asController)),
    ...(await examineMembers({
      desired: desired.value,
      fleet: ways.enter(resolved.access, "doctor"),
      ...(events === undefined ? {} : { bus: busBeside(events) }),
      entrance: {
        asController,
        durable: controller?.settings["HOLDFAST_COORDINATOR"] !== undefined,
        readers: controller?.settings["HOLDFAST_READERS"]?.split(" ") ?? [],
        ...(controller ? { controllerRole: controller.role } : {}),
      },
    })),
  ];
}

async function examineRoutes(
  { call, clock }: Pick<FleetWays, "call" | "clock">,
  { fleet: { notifications } }: DesiredState,
  asController: boolean,
): Promise<readonly Finding[]> {
  const routes = secretRoutes(notifications?.routes ?? []);
  if (!asController) return notReadHere(routes);
  const judged = routes.map(async (route) => judgeRoute(route, await readRouteSecret(call, route), clock.now()));
  return (await Promise.all(judged)).flat();
}

export const desiredOf = async ({
  source,
  organization,
  clock,
}: Pick<FleetWays, "source" | "organization" | "clock">): Promise<DesiredState> =>
  load(await source.read(), organization, clock.now());

const unresolved = ({ message }: HoldfastError): Finding =>
  subject("fleet").wrong("fleet.resolved", {
    says: message,
    why: "a run that does not know its fleet changes nothing, and reports itself as failed",
    fix: "mend that, commit, and publish it with holdfast sync; holdfast validate says the same without credentials",
  });

/** `arn:aws:sts::ACCOUNT:assumed-role/NAME/SESSION` beside `arn:aws:iam::ACCOUNT:role/PATH/NAME`. */
const isController = ({ account, arn }: Caller, controller: KnownController | undefined): boolean => {
  const [, assumed] = /:assumed-role\/([^/]+)\//.exec(arn) ?? [];
  const role = controller?.role ?? "";
  return assumed !== undefined && role.split(":")[4] === account && role.slice(role.lastIndexOf("/") + 1) === assumed;
};
