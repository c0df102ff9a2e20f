/** The services a controller stands on, by SigV4 signing name. */
import * as CloudWatch from "@aws-sdk/client-cloudwatch";
import * as Scheduler from "@aws-sdk/client-scheduler";
import * as Sns from "@aws-sdk/client-sns";
import * as Sqs from "@aws-sdk/client-sqs";
import { cloudwatchDialect, schedulerDialect, snsDialect, sqsDialect } from "../dialect.ts";
import { lambdaService } from "../durable/service.ts";
import type { Caller, Service } from "../services.ts";
import { awsQuery } from "../wire/aws-query.ts";
import { jsonRpc } from "../wire/json-rpc.ts";
import { readModel } from "../wire/model.ts";
import { restJson } from "../wire/rest-json.ts";
import { cloudwatchHandlers } from "./cloudwatch.ts";
import { platformAt, queueOf } from "./at.ts";
import type { PlatformContext } from "./context.ts";
import { functionNamed, lambdaHandlers } from "./lambda.ts";
import { snsHandlers } from "./sns.ts";
import { queueName, sqsHandlers } from "./sqs.ts";
import { publishingNeeds } from "./topic.ts";
import { schedulerHandlers } from "./scheduler.ts";

type Input = Readonly<Record<string, unknown>>;

/** The caller's account and Region were found to exist before a service is asked. */
function platformOf({ world, account, region }: Caller): PlatformContext {
  const platform = world.platform(account, region);
  if (platform === undefined) throw new Error("a call reached an account or Region that does not exist");
  return { world, platform, pageSize: world.options.pageSize };
}

const regional = { global: false, stateFor: platformOf } as const;
const text = (input: Input, name: string): string => (input[name] as string | undefined) ?? "";

/** Resource types are those of the Service Authorization Reference, one page a service. */
const need = (service: string, resource: (input: Input, operation: string) => string) => {
  return (operation: string, input: Input, { account, region }: Caller) => [
    {
      action: `${service}:${operation}`,
      resource: `arn:aws:${service}:${region}:${account}:${resource(input, operation)}`,
    },
  ];
};

/** How functions are set up is told here; that they run, and durable ones keep their state, in `durable/`. */
const lambda: Service<PlatformContext & ReturnType<typeof lambdaService.stateFor>> = {
  ...lambdaService,
  handlers: { ...lambdaService.handlers, ...lambdaHandlers },
  stateFor: (caller) => ({ ...lambdaService.stateFor(caller), ...platformOf(caller) }),
  needs: (operation, input, caller) =>
    // A listing that AWS gives no resource to be limited to.
    operation === "ListEventSourceMappings"
      ? [{ action: `lambda:${operation}`, resource: "*" }]
      : operation in lambdaHandlers
        ? need("lambda", () => `function:${functionNamed(text(input, "FunctionName")).name}`)(operation, input, caller)
        : lambdaService.needs(operation, input, caller),
};

const scheduler: Service<PlatformContext> = {
  ...regional,
  protocol: restJson(readModel(Scheduler), { absent: "omit", errorBody: ({ message }) => ({ Message: message }) }),
  dialect: schedulerDialect,
  handlers: schedulerHandlers,
  needs: (operation, input, caller) =>
    operation === "ListSchedules"
      ? [{ action: "scheduler:ListSchedules", resource: "*" }]
      : need("scheduler", () => `schedule/${text(input, "GroupName") || "default"}/${text(input, "Name")}`)(
          operation,
          input,
          caller,
        ),
};

const monitoring: Service<PlatformContext> = {
  ...regional,
  protocol: jsonRpc(readModel(CloudWatch), "GraniteServiceVersion20100801", "1.0"),
  dialect: cloudwatchDialect,
  handlers: cloudwatchHandlers,
  needs: need("cloudwatch", (input) => `alarm:${text(input, "AlarmNamePrefix")}*`),
};

const sns: Service<PlatformContext> = {
  ...regional,
  protocol: awsQuery(readModel(Sns), "http://sns.amazonaws.com/doc/2010-03-31/"),
  dialect: snsDialect,
  handlers: snsHandlers,
  needs: (operation, input, { world }) => {
    const arn = text(input, "TopicArn");
    const topic = operation === "Publish" ? platformAt(world, arn)?.topics.get(arn) : undefined;
    return topic === undefined ? [{ action: `sns:${operation}`, resource: arn }] : publishingNeeds(world, topic);
  },
};

const sqs: Service<PlatformContext> = {
  ...regional,
  protocol: jsonRpc(readModel(Sqs), "AmazonSQS", "1.0"),
  dialect: sqsDialect,
  handlers: sqsHandlers,
  // Batches are judged as the single call is (SQS Developer Guide, "Amazon SQS API permissions").
  needs: (operation, input, caller) =>
    need("sqs", () => text(input, "QueueName") || queueName(text(input, "QueueUrl")))(
      operation.replace(/Batch$/, ""),
      input,
      caller,
    ).map((one) => ({ ...one, policy: ofQueue(caller, one.resource) })),
};

const ofQueue = ({ world, account }: Caller, arn: string) =>
  ({ document: queueOf(world, arn)?.policy, owner: account, rule: "either" }) as const;

export const platformServices = { lambda, scheduler, monitoring, sns, sqs } as const;
