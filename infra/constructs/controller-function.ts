/* oxlint-disable no-new -- a construct joins its scope by being made */
import { copyFileSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Duration, RemovalPolicy } from "aws-cdk-lib";
import { type CfnRolePolicy, Role } from "aws-cdk-lib/aws-iam";
import {
  Alias,
  Architecture,
  CfnEventInvokeConfig,
  Code,
  Function as LambdaFunction,
  type ILayerVersion,
  type IVersion,
  LayerVersion,
  LoggingFormat,
  Runtime,
} from "aws-cdk-lib/aws-lambda";
import type { LogGroup } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { bundledCode } from "../bundled-code.ts";
import type { Settings } from "../settings.ts";

export interface ControllerFunctionProps {
  /** The zip that `npm run bundle` made. */
  readonly bundle: string;
  readonly role: string;
  readonly permissions: CfnRolePolicy;
  readonly environment: Readonly<Record<string, string>>;
  readonly trust: Settings["trust"];
  readonly logGroup: LogGroup;
  /** ARN of the queue that keeps the event of a run that failed. */
  readonly failures: string;
}

/** The controller as a Lambda function: one at a time, never retried by itself, reached by its alias (rule 22). */
export class ControllerFunction extends Construct {
  readonly alias: Alias;

  constructor(scope: Construct, id: string, props: ControllerFunctionProps) {
    super(scope, id);
    const { layers, environment } = trustLayer(this, props.trust);
    const lambda = new LambdaFunction(this, "Function", {
      description: "Holdfast: makes AWS Backup as git says, and signs what it did.",
      code: bundledCode(props.bundle),
      handler: "handler.handler",
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      // One whole processor (Lambda Developer Guide, "Configure Lambda function memory").
      memorySize: 1769,
      timeout: Duration.minutes(15),
      reservedConcurrentExecutions: 1,
      // Immutable, so that CDK adds nothing to what was reviewed.
      role: Role.fromRoleArn(this, "Role", props.role, { mutable: false }),
      layers,
      environment: { ...props.environment, ...environment },
      logGroup: props.logGroup,
      loggingFormat: LoggingFormat.JSON,
      currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN },
    });
    lambda.node.addDependency(props.permissions);
    // CDK's own types do not agree under exactOptionalPropertyTypes.
    this.alias = new Alias(this, "Alias", { aliasName: "live", version: lambda.currentVersion as IVersion });
    // A run that failed has said so; the next one observes what it left. Only its event is kept.
    new CfnEventInvokeConfig(this, "NoRetry", {
      functionName: lambda.functionName,
      qualifier: this.alias.aliasName,
      maximumRetryAttempts: 0,
      destinationConfig: { onFailure: { destination: props.failures } },
    }).node.addDependency(this.alias);
  }
}

/** Pinned keys travel with the deployment, where no writer of a bucket can change them. Lambda unpacks layers below /opt. */
function trustLayer(
  scope: Construct,
  trust: Settings["trust"],
): {
  readonly layers: ILayerVersion[];
  readonly environment: Readonly<Record<string, string>>;
} {
  if (trust === undefined) return { layers: [], environment: {} };
  const folder = mkdtempSync(join(tmpdir(), "holdfast-trust-"));
  copyFileSync(trust.reports, join(folder, "keys.json"));
  copyFileSync(trust.sync, join(folder, "sync-keys.json"));
  const layer = new LayerVersion(scope, "Trust", {
    description: "Public keys that reports and desired state are verified by.",
    code: Code.fromAsset(folder),
  });
  return {
    layers: [layer],
    environment: { HOLDFAST_TRUST: "/opt/keys.json", HOLDFAST_SYNC_TRUST: "/opt/sync-keys.json" },
  };
}
