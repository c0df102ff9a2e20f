/* oxlint-disable no-new -- a construct joins its scope by being made */
import { Annotations, Aws, CfnOutput, RemovalPolicy, Stack, type StackProps } from "aws-cdk-lib";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import type { Construct } from "constructs";
import { ControllerFunction } from "./constructs/controller-function.ts";
import { ControllerRole } from "./constructs/controller-role.ts";
import { desiredBucket } from "./constructs/desired-bucket.ts";
import { evidenceBucket } from "./constructs/evidence-bucket.ts";
import { FailureQueue } from "./constructs/failure-queue.ts";
import { Schedule } from "./constructs/schedule.ts";
import { nextReportHours } from "./next-report.ts";
import { SigningKey } from "./constructs/signing-key.ts";
import { workBucket } from "./constructs/work-bucket.ts";
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
    const role = new ControllerRole(this, "ControllerRole");
    const stores = createStores(this, settings);
    const keys = createKeys(this, role.arn, settings);
    const failures = new FailureQueue(this, "Failures");
    const logGroup = new LogGroup(this, "Logs", {
      retention: RetentionDays.ONE_YEAR,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const permissions = role.permit({
      "AWS::Partition": Aws.PARTITION,
      DesiredBucket: stores.desired.arn,
      EvidenceBucket: stores.evidence.arn,
      WorkBucket: stores.work.arn,
      SigningKey: keys.signing.arn,
      ExternalId: settings.externalId,
      OrganizationId: settings.organizationId,
      RolePath: settings.rolePath,
      LogGroup: logGroup.logGroupArn,
      FailureQueue: failures.arn,
    });

    const controller = new ControllerFunction(this, "Controller", {
      bundle,
      role: role.arn,
      permissions,
      environment: {
        // What Powertools gives every metric as its one dimension.
        POWERTOOLS_SERVICE_NAME: settings.fleet,
        HOLDFAST_DESIRED_STATE: `s3://${stores.desired.name}`,
        HOLDFAST_EVIDENCE: `s3://${stores.evidence.name}`,
        HOLDFAST_WORK: `s3://${stores.work.name}`,
        HOLDFAST_RETENTION: `${settings.evidence.mode}:${settings.evidence.days}d`,
        HOLDFAST_NEXT_REPORT_WITHIN: String(nextReportHours(settings.schedule)),
        HOLDFAST_SIGNER: `kms:${keys.signing.arn}`,
        ...(keys.second ? { HOLDFAST_SECOND_SIGNER: `kms:${keys.second.arn}` } : {}),
      },
      trust: settings.trust,
      logGroup,
      failures: failures.arn,
    });
    new Schedule(this, "Schedule", {
      when: settings.schedule,
      target: controller.alias.functionArn,
      failures: failures.arn,
      enabled: settings.trust !== undefined,
    });
    announce(this, settings);
    tellWhere(this, {
      DesiredStateUrl: `s3://${stores.desired.name}`,
      EvidenceUrl: `s3://${stores.evidence.name}`,
      WorkUrl: `s3://${stores.work.name}`,
      SigningKeyArn: keys.signing.arn,
      ...(keys.second ? { SecondSigningKeyArn: keys.second.arn } : {}),
      SyncKeyArn: keys.sync.arn,
      ControllerRoleArn: role.arn,
    });
  }
}

const createStores = (scope: Construct, { publishers, evidence, workDays }: Settings) => ({
  desired: desiredBucket(scope, "DesiredState", publishers),
  evidence: evidenceBucket(scope, "Evidence", evidence),
  work: workBucket(scope, "Work", workDays),
});

const createKeys = (scope: Construct, controller: string, { publishers, secondSignature }: Settings) => ({
  signing: new SigningKey(scope, "SigningKey", {
    alias: "holdfast-evidence",
    description: "Signs Holdfast's reports.",
    signers: [controller],
  }),
  // Its own policy lets the controller sign with it: the controller's stays the one that was reviewed, with a second key or without.
  second: secondSignature
    ? new SigningKey(scope, "SecondKey", {
        alias: "holdfast-evidence-second",
        description: "Signs Holdfast's reports beside the first key.",
        signers: [controller],
        algorithm: "ML_DSA_SHAKE_256",
      })
    : undefined,
  sync: new SigningKey(scope, "SyncKey", {
    alias: "holdfast-sync",
    description: "Signs the desired state that holdfast sync publishes.",
    signers: publishers,
  }),
});

/** What a deployment should not find out later. */
function announce(stack: Stack, { trust, evidence, publishers }: Settings): void {
  const warn = (id: string, text: string) => Annotations.of(stack).addWarningV2(`holdfast:${id}`, text);
  if (trust === undefined) warn("no-trust", "the schedule stands still until the setting trust names the public keys");
  if (publishers.length === 0)
    warn("no-publishers", "no role may publish desired state: name some in the setting publishers");
  if (evidence.mode === "governance")
    warn(
      "governance",
      "an administrator who rewrites the bucket's policy can delete reports: evidence.mode compliance ends that for good",
    );
}

const tellWhere = (stack: Stack, outputs: Readonly<Record<string, string>>): void =>
  Object.entries(outputs).forEach(([name, value]) => void new CfnOutput(stack, name, { value }));
