/* oxlint-disable no-new -- a construct joins its scope by being made */
import { Aws, RemovalPolicy } from "aws-cdk-lib";
import { CfnPermission } from "aws-cdk-lib/aws-lambda";
import { CfnResourcePolicy, CfnRotationSchedule, CfnSecret } from "aws-cdk-lib/aws-secretsmanager";
import { Construct } from "constructs";
import { webhookSecretPolicy } from "../webhook-secret-policy.ts";
import { DeployedFunction } from "./deployed-function.ts";
import { FunctionRole } from "./function-role.ts";
import { keptLogs } from "./kept-logs.ts";

export interface WebhookSecretProps {
  /** The zip that `npm run bundle` made. */
  readonly bundle: string;
  /** ARN of the role that signs webhooks. */
  readonly reader: string;
}

/** Characters of a key of 32 bytes in base64url, which is what the rotation function makes. The first one is drawn from letters and digits. */
const KEY_LENGTH = 43;

/** Receivers that have taken over a new key within a rotation never meet one that they do not know: the last one stays valid beside it. */
const ROTATE_EVERY = "rate(30 days)";

/**
 * The key that our own webhooks are signed with, and the function that exchanges it (rule 29). Nobody reads it but the role that signs and the
 * function. Kept when the stack goes: what was signed with it is still to be verified.
 */
export class WebhookSecret extends Construct {
  readonly arn: string;
  /** Name of the function that rotates it. */
  readonly rotation: string;

  constructor(scope: Construct, id: string, { bundle, reader }: WebhookSecretProps) {
    super(scope, id);
    const secret = new CfnSecret(this, "Secret", {
      description: "Signs Holdfast's webhooks (HMAC-SHA-256).",
      generateSecretString: { passwordLength: KEY_LENGTH, excludePunctuation: true },
    });
    secret.applyRemovalPolicy(RemovalPolicy.RETAIN);
    this.arn = secret.ref;
    const { lambda, role } = rotationFunction(this, bundle, this.arn);
    this.rotation = lambda.name;
    const policy = new CfnResourcePolicy(this, "Policy", {
      secretId: this.arn,
      blockPublicPolicy: true,
      resourcePolicy: webhookSecretPolicy([reader, role]),
    });
    policy.applyRemovalPolicy(RemovalPolicy.RETAIN);
    const permission = new CfnPermission(this, "Permission", {
      functionName: lambda.name,
      action: "lambda:InvokeFunction",
      principal: "secretsmanager.amazonaws.com",
      sourceAccount: Aws.ACCOUNT_ID,
      sourceArn: this.arn,
    });
    const schedule = new CfnRotationSchedule(this, "Rotation", {
      secretId: this.arn,
      // The function itself and not its alias: a key is exchanged by what is deployed, in steps that any version can take up.
      rotationLambdaArn: lambda.arn,
      rotationRules: { scheduleExpression: ROTATE_EVERY },
    });
    schedule.addResourceDependency(permission);
    schedule.addResourceDependency(policy);
  }
}

function rotationFunction(scope: Construct, bundle: string, secret: string) {
  const role = new FunctionRole(scope, "Role", {
    name: "holdfast-rotation",
    description: "Holdfast: exchanges the key that webhooks are signed with.",
  });
  const logGroup = keptLogs(scope, "Logs");
  const permissions = role.permit("Policy", "rotation", { WebhookSecret: secret, LogGroup: logGroup.logGroupArn });
  const lambda = new DeployedFunction(scope, "Function", {
    bundle,
    entry: "rotation",
    description: "Holdfast: exchanges the key that webhooks are signed with.",
    role: role.arn,
    permissions: [permissions],
    environment: {},
    layers: [],
    logGroup,
  });
  return { lambda, role: role.arn };
}
