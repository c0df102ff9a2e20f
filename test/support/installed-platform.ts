/** What a template starts runs by, carries them and wakes somebody with, as it is once deployed: placed in the simulator. */
import type { SimulatedAlarm, SimulatedFunction } from "../simulator/platform/state.ts";
import type { Simulator } from "../simulator/simulator.ts";
import { installMessages } from "./installed-messages.ts";
import type { Deployment, Installed } from "./installed.ts";
import type { Template } from "./template.ts";

/** After `install`, whose names it goes by. */
export function installPlatform(
  simulator: Simulator,
  template: Template,
  deployment: Deployment,
  installed: Installed,
): void {
  const { account, region } = deployment;
  installMessages(simulator, template, deployment, installed);
  const platform = simulator.platform(account, region);
  const each = (type: string, place: (properties: Properties, id: string) => void): void =>
    Object.entries(template.Resources)
      .filter(([, { Type }]) => Type === type)
      .forEach(([id]) => place(new Properties(installed.properties(type, id)), id));

  each("AWS::Lambda::Function", (given, id) => {
    const name = given.text("FunctionName", id);
    platform.functions.set(name, functionFrom(name, given));
  });
  const functionOf = (given: Properties): SimulatedFunction => {
    const found = platform.functions.get(given.text("FunctionName"));
    if (found === undefined) throw new RangeError(`the template has no function ${given.text("FunctionName")}`);
    return found;
  };
  each("AWS::Lambda::Alias", (given) => functionOf(given).aliases.set(given.text("Name"), "1"));
  each("AWS::Lambda::EventInvokeConfig", (given) =>
    functionOf(given).retries.set(given.text("Qualifier"), given.number("MaximumRetryAttempts") ?? 2),
  );
  each("AWS::Lambda::EventSourceMapping", (given, uuid) =>
    platform.mappings.set(uuid, {
      uuid,
      functionArn: given.text("FunctionName"),
      queueArn: given.text("EventSourceArn"),
      state: given.all["Enabled"] === false ? "Disabled" : "Enabled",
      batchSize: given.number("BatchSize") ?? 10,
      gatheredForSeconds: given.number("MaximumBatchingWindowInSeconds") ?? 0,
      maximumConcurrency: given.within("ScalingConfig").number("MaximumConcurrency"),
      responseTypes: (given.all["FunctionResponseTypes"] ?? []) as readonly string[],
    }),
  );
  each("AWS::Scheduler::Schedule", (given, id) => {
    const [group, name] = [given.text("GroupName", "default"), given.text("Name", id)];
    const target = given.within("Target");
    const deadLetterArn = target.within("DeadLetterConfig").text("Arn", "");
    const maximumRetryAttempts = target.within("RetryPolicy").number("MaximumRetryAttempts");
    platform.schedules.set(`${group}/${name}`, {
      group,
      name,
      expression: given.text("ScheduleExpression"),
      timeZone: given.text("ScheduleExpressionTimezone", "UTC"),
      state: given.text("State") === "ENABLED" ? "ENABLED" : "DISABLED",
      target: {
        arn: target.text("Arn"),
        roleArn: target.text("RoleArn"),
        ...(deadLetterArn === "" ? {} : { deadLetterArn }),
        ...(maximumRetryAttempts === undefined ? {} : { maximumRetryAttempts }),
      },
    });
  });
  each("AWS::CloudWatch::Alarm", (given, id) => {
    const name = given.text("AlarmName", id);
    platform.alarms.set(name, alarmFrom(name, given));
  });
}

function functionFrom(name: string, given: Properties): SimulatedFunction {
  return {
    name,
    handler: given.text("Handler"),
    role: given.text("Role"),
    timeoutSeconds: given.number("Timeout") ?? 3,
    memoryMb: given.number("MemorySize") ?? 128,
    environment: { ...(given.within("Environment").within("Variables").all as Readonly<Record<string, string>>) },
    codeSha256: "",
    state: "Active",
    aliases: new Map(),
    reservedConcurrency: given.number("ReservedConcurrentExecutions"),
    retries: new Map(),
    durable: durableFrom(given.within("DurableConfig")),
  };
}

function durableFrom(given: Properties): SimulatedFunction["durable"] {
  const executionSeconds = given.number("ExecutionTimeout");
  return executionSeconds === undefined
    ? undefined
    : { executionSeconds, retentionDays: given.number("RetentionPeriodInDays") ?? 14 };
}

const alarmFrom = (name: string, given: Properties): SimulatedAlarm => ({
  name,
  namespace: given.text("Namespace", ""),
  metric: given.text("MetricName", ""),
  state: "OK",
  missingData: given.text("TreatMissingData", "missing") as SimulatedAlarm["missingData"],
  actionsEnabled: true,
  actions: (given.all["AlarmActions"] ?? []) as readonly string[],
});

/** Properties of a resource, read as what they should be. */
class Properties {
  readonly all: Readonly<Record<string, unknown>>;
  constructor(all: unknown) {
    this.all = (all ?? {}) as Readonly<Record<string, unknown>>;
  }
  text(name: string, otherwise?: string): string {
    const value = this.all[name] ?? otherwise;
    if (value === undefined) throw new RangeError(`the template's resource has no ${name}`);
    if (typeof value !== "string") throw new RangeError(`the template's ${name} is not resolved`);
    return value;
  }
  number(name: string): number | undefined {
    const value = this.all[name];
    return value === undefined ? undefined : Number(value);
  }
  within(name: string): Properties {
    return new Properties(this.all[name]);
  }
}
