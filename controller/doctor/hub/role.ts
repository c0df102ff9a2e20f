import type { Call } from "../../aws/operation.ts";
import type { FleetAccess } from "../../domain/desired.ts";
import type { Settings } from "../../settings.ts";
import type { Finding } from "../finding.ts";
import type { ControllerFunction } from "../function/read.ts";
import type { Bindings } from "../policies/compare.ts";
import { REVIEWED_HUB } from "../policies/reviewed-hub.ts";
import { judgeRole } from "../roles/judge.ts";
import { readRole } from "../roles/read.ts";

/** The controller's own role: does it still have its reviewed policies, and no others? */
export async function examineControllerRole(
  call: Call,
  { role, name: lambda }: ControllerFunction,
  settings: Settings,
  access: FleetAccess | undefined,
): Promise<readonly Finding[]> {
  const name = role.slice(role.lastIndexOf("/") + 1);
  const { controller, ...others } = Object.fromEntries(REVIEWED_HUB.controllerRole);
  return judgeRole(await readRole(call, name), {
    called: name,
    policies: new Map(controller ? [["controller", controller]] : []),
    optional: new Map(Object.entries(others)),
    bindings: bindingsOf(role, settings, access),
    deploy: `npx cdk deploy holdfast-hub, whose function ${lambda} runs as it`,
  });
}

function bindingsOf(role: string, { desiredState, evidence, work, signer }: Settings, access: FleetAccess | undefined) {
  const [, partition = "aws"] = role.split(":");
  const stores = { DesiredBucket: desiredState, EvidenceBucket: evidence, WorkBucket: work };
  const buckets = Object.entries(stores).flatMap(([name, url]) => {
    const [, bucket] = /^s3:\/\/([^/]+)/.exec(url) ?? [];
    return bucket === undefined ? [] : [[name, `arn:${partition}:s3:::${bucket}`] as const];
  });
  const bindings: Bindings = {
    "AWS::Partition": partition,
    ...Object.fromEntries(buckets),
    ...(signer.startsWith("kms:arn:") ? { SigningKey: signer.slice("kms:".length) } : {}),
    ...(access?.externalId === undefined ? {} : { ExternalId: access.externalId }),
    ...(access === undefined ? {} : { RolePath: access.rolePath }),
  };
  return bindings;
}
