/* oxlint-disable no-new -- a construct joins its scope by being made */
import { Duration, RemovalPolicy } from "aws-cdk-lib";
import { type CfnRolePolicy, Role } from "aws-cdk-lib/aws-iam";
import {
  Alias,
  Architecture,
  CfnEventInvokeConfig,
  type DurableConfig,
  Function as LambdaFunction,
  type ILayerVersion,
  type IVersion,
  LoggingFormat,
  Runtime,
} from "aws-cdk-lib/aws-lambda";
import type { LogGroup } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { bundledCode } from "../bundled-code.ts";

export interface DeployedFunctionProps {
  /** The zip that `npm run bundle` made: all functions are made of it. */
  readonly bundle: string;
  /** The file in the bundle that exports `handler`. */
  readonly entry: "handler" | "coordinator" | "worker" | "events" | "rotation";
  readonly description: string;
  /** ARN of the role it runs as. */
  readonly role: string;
  /** What the role must hold before the function is there to use it. */
  readonly permissions: readonly CfnRolePolicy[];
  readonly environment: Readonly<Record<string, string>>;
  readonly layers: ILayerVersion[];
  readonly logGroup: LogGroup;
  /** How many instances there may be at a time, which are kept free for it. Absent: as many as the account has. */
  readonly concurrency?: number;
  /** Makes it a durable function. To an existing function CloudFormation can add it only by replacing that, which a fixed name would prevent. */
  readonly durable?: DurableConfig;
  /** ARN of the queue that keeps the event of an invocation that failed. Absent: who invoked it is told. */
  readonly failures?: string;
}

/** One of our Lambda functions: never retried by Lambda itself (rule 22), and reached by its alias, which names a version. */
export class DeployedFunction extends Construct {
  readonly name: string;
  readonly arn: string;
  readonly alias: Alias;

  constructor(scope: Construct, id: string, props: DeployedFunctionProps) {
    super(scope, id);
    const { entry, concurrency, durable, failures } = props;
    const lambda = new LambdaFunction(this, "Function", {
      description: props.description,
      code: bundledCode(props.bundle),
      handler: `${entry}.handler`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      // One whole processor (Lambda Developer Guide, "Configure Lambda function memory").
      memorySize: 1769,
      timeout: Duration.minutes(15),
      ...(concurrency === undefined ? {} : { reservedConcurrentExecutions: concurrency }),
      ...(durable === undefined ? {} : { durableConfig: durable }),
      // Immutable, so that CDK adds nothing to what was reviewed.
      role: Role.fromRoleArn(this, "Role", props.role, { mutable: false }),
      layers: props.layers,
      environment: { ...props.environment },
      logGroup: props.logGroup,
      loggingFormat: LoggingFormat.JSON,
      currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN },
    });
    for (const policy of props.permissions) lambda.node.addDependency(policy);
    this.name = lambda.functionName;
    this.arn = lambda.functionArn;
    // CDK's own types do not agree under exactOptionalPropertyTypes.
    this.alias = new Alias(this, "Alias", { aliasName: "live", version: lambda.currentVersion as IVersion });
    // What failed has said so; the next run observes what it left. Only its event is kept.
    new CfnEventInvokeConfig(this, "NoRetry", {
      functionName: lambda.functionName,
      qualifier: this.alias.aliasName,
      maximumRetryAttempts: 0,
      ...(failures === undefined ? {} : { destinationConfig: { onFailure: { destination: failures } } }),
    }).node.addDependency(this.alias);
  }
}
