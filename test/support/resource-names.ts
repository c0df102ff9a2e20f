import type { Named, TemplateResource } from "./template.ts";

/** Where a resource is, and how its properties read once their references are resolved. */
export interface Naming {
  readonly account: string;
  readonly region: string;
  readonly resolve: (value: unknown) => unknown;
}

/**
 * The ARN of each type by which policies know it (Service Authorization Reference). `{Name}` is that property; where a template leaves it
 * open CloudFormation makes one up, and here the logical id stands for it. None of these types gives anybody rights in the simulator.
 */
export const INERT: Readonly<Record<string, string>> = {
  "AWS::CloudFormation::StackSet": "",
  "AWS::CloudWatch::Alarm": "arn:aws:cloudwatch:REGION:ACCOUNT:alarm:{AlarmName}",
  "AWS::CloudWatch::Dashboard": "",
  "AWS::Events::Archive": "",
  "AWS::Events::EventBus": "arn:aws:events:REGION:ACCOUNT:event-bus/{Name}",
  "AWS::Events::Rule": "",
  "AWS::Lambda::EventSourceMapping": "",
  "AWS::Lambda::Alias": "arn:aws:lambda:REGION:ACCOUNT:function:{FunctionName}:{Name}",
  "AWS::Lambda::EventInvokeConfig": "",
  "AWS::Lambda::Function": "arn:aws:lambda:REGION:ACCOUNT:function:{FunctionName}",
  "AWS::Lambda::Permission": "",
  "AWS::Lambda::LayerVersion": "arn:aws:lambda:REGION:ACCOUNT:layer:{LayerName}:1",
  "AWS::Lambda::Version": "arn:aws:lambda:REGION:ACCOUNT:function:{FunctionName}:1",
  "AWS::Logs::LogGroup": "arn:aws:logs:REGION:ACCOUNT:log-group:{LogGroupName}:*",
  "AWS::SNS::Subscription": "",
  // What CloudFormation makes up begins with the stack's name, and what may be spoken on is told by how it begins.
  "AWS::SNS::Topic": "arn:aws:sns:REGION:ACCOUNT:holdfast-hub-{TopicName}",
  "AWS::SNS::TopicPolicy": "",
  "AWS::SQS::Queue": "arn:aws:sqs:REGION:ACCOUNT:{QueueName}",
  "AWS::SQS::QueuePolicy": "",
  "AWS::Scheduler::Schedule": "",
  "AWS::Scheduler::ScheduleGroup": "arn:aws:scheduler:REGION:ACCOUNT:schedule-group/{Name}",
};

/** What is placed in the simulator. A key's ARN has an id that only KMS knows. */
const PLACED: Readonly<Record<string, string>> = {
  "AWS::IAM::ManagedPolicy": "arn:aws:iam::ACCOUNT:policy{Path}{ManagedPolicyName}",
  "AWS::IAM::Role": "arn:aws:iam::ACCOUNT:role{Path}{RoleName}",
  "AWS::S3::Bucket": "arn:aws:s3:::{BucketName}",
};

/** `Ref` of these is the ARN, of the others the name (CloudFormation Template Reference, "Return values"). */
const REFERRED_BY_ARN = new Set([
  "AWS::IAM::ManagedPolicy",
  "AWS::Lambda::Alias",
  "AWS::Lambda::LayerVersion",
  "AWS::Lambda::Version",
  "AWS::SNS::Topic",
]);

/** What the rest of a template knows a resource by. Throws for a type that has no ARN here. */
export function nameOf(
  logicalId: string,
  { Type, Properties = {} }: TemplateResource,
  { account, region, resolve }: Naming,
): Named {
  const pattern = PLACED[Type] ?? INERT[Type];
  if (!pattern) throw new Error(`the template refers to ${logicalId}, and test/support has no ARN for a ${Type}`);
  const given = (property: string): string =>
    property in Properties ? String(resolve(Properties[property])) : property === "Path" ? "/" : logicalId;
  const arn = pattern
    .replace("REGION", region)
    .replace("ACCOUNT", account)
    .replaceAll(/\{(\w+)\}/g, (_, property: string) => given(property));
  const [, property = ""] = /\{(\w+)\}$/.exec(pattern) ?? /\{(\w+)\}/.exec(pattern) ?? [];
  return {
    ref: REFERRED_BY_ARN.has(Type) ? arn : given(property),
    // A queue's name, or a topic's, ends its ARN.
    attributes: {
      Arn: arn,
      PolicyArn: arn,
      Version: "1",
      QueueName: arn.replace(/^.*:/, ""),
      TopicName: arn.replace(/^.*:/, ""),
    },
  };
}
