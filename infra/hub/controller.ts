import { Aws } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { DeployedFunction } from "../constructs/deployed-function.ts";
import { DurableEngine } from "../constructs/durable-engine.ts";
import { EventConsumer, type EventConsumerProps } from "../constructs/event-consumer.ts";
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
  /** Where AWS Backup's events come to. */
  readonly events: PrivateQueue;
  /** ARN of the key that our own webhooks are signed with. */
  readonly webhookSecret: string;
}

/** The scheduled function and, where the settings say so, the engine that it hands large fleets to and what looks where events say. */
export function createController(scope: Construct, parts: Parts) {
  const { settings, bundle, role, failures } = parts;
  const pinned = trustLayer(scope, "Trust", settings.trust);
  const environment = { ...storesOf(parts), ...duties(parts), ...pinned.environment };
  const logGroup = keptLogs(scope, "Logs");
  const bindings = bindingsOf(parts);
  const permissions = [
    role.permit("Policy", "controller", { ...bindings, LogGroup: logGroup.logGroupArn }),
    role.permit("NoticesPolicy", "notices", bindings),
  ];
  const common = { bundle, role: role.arn, layers: pinned.layers, permissions, environment };
  // One at a time, so that a second start is refused and waits with Lambda. Events have a function of their own, which cannot wait so (decision 17).
  const alone = { failures: failures.arn, concurrency: 1 };
  const engine =
    settings.engine === "durable"
      ? new DurableEngine(scope, "Engine", {
          coordinator: { ...common, ...alone },
          workerEnvironment: storesOf(parts),
          bindings,
        })
      : undefined;
  const events = createEvents(scope, parts, { controller: common, bindings });
  const controller = new DeployedFunction(scope, "Controller", {
    ...common,
    ...alone,
    entry: "handler",
    description: "Holdfast: makes AWS Backup as git says, and signs what it did.",
    environment: {
      ...environment,
      ...(engine ? { HOLDFAST_COORDINATOR: engine.coordinator } : {}),
      // Which it has no use for itself: doctor finds the function by it.
      ...(events ? { HOLDFAST_EVENTS: events.alias } : {}),
    },
    logGroup,
  });
  // After the functions, which they name: within no others may the role destroy, or have a large fleet carried.
  const within = { ...bindings, ControllerFunction: controller.arn };
  role.permit("DestroyerPolicy", "destroyer", within);
  engine?.permit(role, within);
  return { controller, engine, events };
}

/** Only where members forward events: a queue that nothing comes to is not worth asking day and night. */
const createEvents = (
  scope: Construct,
  { settings, role, events: queue }: Parts,
  made: Pick<EventConsumerProps, "controller" | "bindings">,
): EventConsumer | undefined =>
  settings.eventBus === undefined
    ? undefined
    : new EventConsumer(scope, "Events", {
        ...made,
        role,
        queue,
        // As the schedule is: a run that cannot verify its memory does not act on it by itself.
        enabled: settings.trust !== undefined,
      });

/** What the reviewed policies of the hub's roles leave open, but for each function's own log group. */
const bindingsOf = ({ settings, stores, keys, failures, webhookSecret }: Parts): Bindings => ({
  "AWS::Partition": Aws.PARTITION,
  "AWS::AccountId": Aws.ACCOUNT_ID,
  DesiredBucket: stores.desired.arn,
  EvidenceBucket: stores.evidence.arn,
  WorkBucket: stores.work.arn,
  SigningKey: keys.signing.arn,
  ExternalId: settings.externalId,
  OrganizationId: settings.organizationId,
  RolePath: settings.rolePath,
  FailureQueue: failures.arn,
  WebhookSecret: webhookSecret,
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
