import type { Call } from "../../aws/operation.ts";
import type { FleetAccess } from "../../domain/desired.ts";
import type { Settings } from "../../settings.ts";
import { workerRoleIn } from "../engine/judge.ts";
import { type Engine, liveIn } from "../engine/read.ts";
import type { EventWay } from "../events/read.ts";
import type { Finding } from "../finding.ts";
import type { LiveFunction } from "../function/read.ts";
import type { Bindings } from "../policies/compare.ts";
import { REVIEWED_HUB } from "../policies/reviewed-hub.ts";
import { judgeRole, type ReviewedRole } from "../roles/judge.ts";
import { readRole } from "../roles/read.ts";

/** The functions of an installation, and what the policies of their roles are about. */
export interface Running {
  readonly controller: LiveFunction;
  readonly engine?: Engine;
  readonly events?: EventWay;
  readonly settings: Settings;
  readonly access?: FleetAccess;
}

/** The roles that functions run as: do they still have their reviewed policies and no others, and does Lambda alone become them? */
export async function examineFunctionRoles(call: Call, running: Running): Promise<readonly Finding[]> {
  const { controller, engine } = running;
  const worker = engine && workerRoleIn(engine);
  const own = await judgeFunctionRole(call, controller.role, running, controllerPolicies(running));
  // A worker that runs as the controller's role is told of as that.
  if (worker === undefined || worker === controller.role) return own;
  const policies = new Map([["worker", REVIEWED_HUB.workerRole]]);
  return [...own, ...(await judgeFunctionRole(call, worker, running, { policies }))];
}

type Carried = Pick<ReviewedRole, "policies" | "optional">;

/** Where runs are handed over, or events taken from their queue, the right to do that is one of those it must have. */
function controllerPolicies({ engine, events }: Running): Carried {
  const { controllerRole } = REVIEWED_HUB;
  const isNeeded = (name: string): boolean =>
    name === "coordinator" ? engine !== undefined : name === "events" ? events !== undefined : true;
  return {
    policies: new Map([...controllerRole].filter(([name]) => isNeeded(name))),
    optional: new Map([...controllerRole].filter(([name]) => !isNeeded(name))),
  };
}

async function judgeFunctionRole(call: Call, role: string, running: Running, carried: Carried) {
  const called = role.slice(role.lastIndexOf("/") + 1);
  return judgeRole(await readRole(call, called), {
    called,
    ...carried,
    trust: REVIEWED_HUB.trust,
    entrants: "Lambda",
    bindings: bindingsOf(role, running),
    deploy: "npx cdk deploy holdfast-hub, whose functions run as it",
  });
}

function bindingsOf(role: string, { controller, settings, access, engine }: Running): Bindings {
  const { desiredState, evidence, work, signer } = settings;
  const [, partition = "aws"] = role.split(":");
  const stores = { DesiredBucket: desiredState, EvidenceBucket: evidence, WorkBucket: work };
  const buckets = Object.entries(stores).flatMap(([name, url]) => {
    const [, bucket] = /^s3:\/\/([^/]+)/.exec(url) ?? [];
    return bucket === undefined ? [] : [[name, `arn:${partition}:s3:::${bucket}`] as const];
  });
  return {
    "AWS::Partition": partition,
    ControllerFunction: controller.arn,
    ...Object.fromEntries(buckets),
    ...(signer.startsWith("kms:arn:") ? { SigningKey: signer.slice("kms:".length) } : {}),
    ...(access?.externalId === undefined ? {} : { ExternalId: access.externalId }),
    ...(access === undefined ? {} : { RolePath: access.rolePath }),
    ...(engine === undefined ? {} : engineBindings(engine)),
  };
}

/** What the controller may start, and what the coordinator may: those functions and no others. */
function engineBindings({ coordinator, worker }: Engine): Bindings {
  return {
    Coordinator: coordinator.arn,
    CoordinatorFunction: coordinator.arn.split(":").slice(0, 7).join(":"),
    ...(worker && liveIn(worker) ? { Worker: worker.arn } : {}),
  };
}
