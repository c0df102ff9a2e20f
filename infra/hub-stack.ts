/* oxlint-disable no-new -- a construct joins its scope by being made */
import { Annotations, CfnOutput, Stack, type StackProps } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { EventIntake } from "./constructs/event-intake.ts";
import { failureQueue } from "./constructs/failure-queue.ts";
import { FunctionRole } from "./constructs/function-role.ts";
import { Notifications } from "./constructs/notifications.ts";
import { Schedule } from "./constructs/schedule.ts";
import { Tampering } from "./constructs/tampering.ts";
import { WebhookSecret } from "./constructs/webhook-secret.ts";
import { createController } from "./hub/controller.ts";
import { createKeys } from "./hub/keys.ts";
import { createStores } from "./hub/stores.ts";
import { watch } from "./hub/watch.ts";
import { createWorkflows, permitWorkflows } from "./hub/workflows.ts";
import { CONTROLLER_ROLE_NAME } from "./roles.ts";
import type { Settings } from "./settings.ts";

export interface HubStackProps extends StackProps {
  readonly settings: Settings;
  /** The zip that `npm run bundle` makes of the functions. */
  readonly bundle: string;
}

/** The controller's account: where desired state is published, runs are started and evidence is kept. */
export class HubStack extends Stack {
  constructor(scope: Construct, id: string, { settings, bundle, ...props }: HubStackProps) {
    super(scope, id, props);
    const role = new FunctionRole(this, "ControllerRole", {
      name: CONTROLLER_ROLE_NAME,
      description: "Holdfast's controller: reads desired state, signs evidence, enters member accounts.",
    });
    const workflows = settings.github && createWorkflows(this, settings.github);
    const publishers = [...settings.publishers, ...(workflows ? [workflows.publisher.arn] : [])];
    const stores = createStores(this, { ...settings, publishers });
    const keys = createKeys(this, role.arn, { ...settings, publishers });
    if (workflows) permitWorkflows(workflows, { settings, stores, keys });
    const failures = failureQueue(this, "Failures");
    const intake = new EventIntake(this, "Intake", settings);
    const webhooks = new WebhookSecret(this, "Webhooks", { bundle, reader: role.arn });
    const { controller, engine, events } = createController(this, {
      settings,
      bundle,
      role,
      stores,
      keys,
      failures,
      events: intake.queue,
      webhookSecret: webhooks.arn,
    });
    new Schedule(this, "Schedule", {
      when: settings.schedule,
      target: controller.alias.functionArn,
      failures: failures.arn,
      enabled: settings.trust !== undefined,
    });
    const notifications = new Notifications(this, "Notifications", { ...settings.notify, speaker: role.arn });
    new Tampering(this, "Tampering", {
      keys: Object.values(keys).flatMap((key) => (key ? [key.arn] : [])),
      buckets: [stores.evidence.name, stores.desired.name],
      topic: notifications.topic,
    });
    const rotation = webhooks.rotation;
    watch(this, { settings, controller, engine, events, rotation, failures, intake, notifications });
    announce(this, settings);
    tellWhere(this, {
      DesiredStateUrl: `s3://${stores.desired.name}`,
      EvidenceUrl: `s3://${stores.evidence.name}`,
      WorkUrl: `s3://${stores.work.name}`,
      SigningKeyArn: keys.signing.arn,
      ...(keys.second ? { SecondSigningKeyArn: keys.second.arn } : {}),
      SyncKeyArn: keys.sync.arn,
      ControllerArn: controller.alias.functionArn,
      ControllerRoleArn: role.arn,
      EventBusArn: intake.bus,
      NotificationTopicArn: notifications.topic,
      ...(workflows ? { PublisherRoleArn: workflows.publisher.arn } : {}),
      ...(workflows?.planner ? { PlannerRoleArn: workflows.planner.arn } : {}),
      WebhookSecretArn: webhooks.arn,
      ...(engine ? { WorkerRoleArn: engine.workerRole } : {}),
    });
  }
}

/** What a deployment should not find out later. */
function announce(stack: Stack, { trust, evidence, publishers, github }: Settings): void {
  const warn = (id: string, text: string) => Annotations.of(stack).addWarningV2(`holdfast:${id}`, text);
  if (trust === undefined) warn("no-trust", "the schedule stands still until the setting trust names the public keys");
  if (publishers.length === 0 && github === undefined)
    warn(
      "no-publishers",
      "no role may publish desired state: name a repository in the setting github, or roles in publishers",
    );
  if (evidence.mode === "governance")
    warn(
      "governance",
      "an administrator who rewrites the bucket's policy can delete reports: evidence.mode compliance ends that for good",
    );
}

const tellWhere = (stack: Stack, outputs: Readonly<Record<string, string>>): void =>
  Object.entries(outputs).forEach(([name, value]) => void new CfnOutput(stack, name, { value }));
