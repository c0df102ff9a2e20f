import { Aws } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { DeployedFunction } from "../constructs/deployed-function.ts";
import { DurableEngine } from "../constructs/durable-engine.ts";
import type { FunctionRole } from "../constructs/function-role.ts";
import { keptLogs } from "../constructs/kept-logs.ts";
import type { PrivateQueue } from "../constructs/queue.ts";
import { trustLayer } from "../constructs/trust-layer.ts";
import { nextReportHours } from "../next-report.ts";
import type { Bindings } from "../policy-document.ts";
import { readersOf } from "../readers.ts";
import type { Settings } from "../settings.ts";
import type { Keys } from "./keys.ts";
import type { Stores } from "./stores.ts";

/** What the controller is put together from. */
export interface Parts {
  readonly settings: Settings;
  /** The zip that `npm run bundle` makes of the functions. */
  readonly bundle: string;
  readonly role: FunctionRole;
  readonly stores: Stores;
  readonly keys: Keys;
  readonly failures: PrivateQueue;
}

/** The scheduled function and, where the settings say so, the engine that it hands large fleets to. */
export function createController(scope: Construct, parts: Parts) {
  const { settings, bundle, role, failures } = parts;
  const pinned = trustLayer(scope, "Trust", settings.trust);
  const environment = { ...storesOf(parts), ...duties(parts), ...pinned.environment };
  const common = { bundle, role: role.arn, layers: pinned.layers, failures: failures.arn, alone: true };
  const logGroup = keptLogs(scope, "Logs");
  const bindings = bindingsOf(parts);
  const permissions = role.permit("Policy", "controller", { ...bindings, LogGroup: logGroup.logGroupArn });
  const engine =
    settings.engine === "durable"
      ? new DurableEngine(scope, "Engine", {
          coordinator: { ...common, environment, permissions: [permissions] },
          controller: role,
          workerEnvironment: storesOf(parts),
          bindings,
        })
      : undefined;
  const controller = new DeployedFunction(scope, "Controller", {
    ...common,
    entry: "handler",
    description: "Holdfast: makes AWS Backup as git says, and signs what it did.",
    permissions: engine === undefined ? [permissions] : [permissions, engine.permissions],
    environment: engine === undefined ? environment : { ...environment, HOLDFAST_COORDINATOR: engine.coordinator },
    logGroup,
  });
  return { controller, engine };
}

/** What the reviewed policies of the hub's roles leave open, but for each function's own log group. */
const bindingsOf = ({ settings, stores, keys, failures }: Parts): Bindings => ({
  "AWS::Partition": Aws.PARTITION,
  DesiredBucket: stores.desired.arn,
  EvidenceBucket: stores.evidence.arn,
  WorkBucket: stores.work.arn,
  SigningKey: keys.signing.arn,
  ExternalId: settings.externalId,
  OrganizationId: settings.organizationId,
  RolePath: settings.rolePath,
  FailureQueue: failures.arn,
});

/** Where everything is, and how evidence is locked: as much as a worker has use for. */
const storesOf = ({ settings, stores }: Parts) => ({
  // What Powertools gives every metric as its one dimension.
  POWERTOOLS_SERVICE_NAME: settings.fleet,
  HOLDFAST_DESIRED_STATE: `s3://${stores.desired.name}`,
  HOLDFAST_EVIDENCE: `s3://${stores.evidence.name}`,
  HOLDFAST_WORK: `s3://${stores.work.name}`,
  HOLDFAST_RETENTION: `${settings.evidence.mode}:${settings.evidence.days}d`,
});

/** What is for those who sign reports. */
const duties = ({ settings, keys }: Parts) => ({
  HOLDFAST_NEXT_REPORT_WITHIN: String(nextReportHours(settings)),
  HOLDFAST_SIGNER: `kms:${keys.signing.arn}`,
  ...readersFor(settings),
  ...(keys.second ? { HOLDFAST_SECOND_SIGNER: `kms:${keys.second.arn}` } : {}),
});

/** Whom members let in to look, so that doctor can tell them from others. */
const readersFor = (settings: Settings) => {
  const readers = readersOf(settings);
  return readers.length === 0 ? {} : { HOLDFAST_READERS: readers.join(" ") };
};
