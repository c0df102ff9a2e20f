import type { Template } from "aws-cdk-lib/assertions";
import { describe, expect, it } from "vitest";
import { controllerOf, hubTemplate, propertiesOf } from "./deployed.ts";

const template = hubTemplate();
const startingWith = (id: string): string => expect.stringMatching(`^${id}`) as string;

describe("the durable engine", () => {
  const durable = hubTemplate({
    engine: "durable",
    schedule: { expression: "cron(15 2 * * ? *)", timeZone: "Europe/Berlin", flexibleMinutes: 0 },
  });
  interface Deployed {
    readonly Handler: string;
    readonly Environment: { readonly Variables: Readonly<Record<string, unknown>> };
  }
  const byHandler = (handler: string) =>
    (propertiesOf(durable, "AWS::Lambda::Function") as readonly Deployed[]).find(({ Handler }) => Handler === handler)!;
  const environment = (handler: string) => byHandler(handler).Environment.Variables;

  it("is there where the settings ask for it, and nothing of it otherwise", () => {
    const handlers = (of: Template) =>
      (propertiesOf(of, "AWS::Lambda::Function") as readonly Deployed[]).map(({ Handler }) => Handler).toSorted();
    const inline = ["handler.handler", "rotation.handler"];
    expect(handlers(template)).toEqual(inline);
    expect(handlers(durable)).toEqual([...inline, "coordinator.handler", "worker.handler"].toSorted());
    expect(controllerOf(template)).not.toHaveProperty("Environment.Variables.HOLDFAST_COORDINATOR");
  });

  it("bounds an execution, and keeps its history as long as the event of a run that failed", () => {
    expect(byHandler("coordinator.handler")).toMatchObject({
      DurableConfig: { ExecutionTimeout: 21_600, RetentionPeriodInDays: 14 },
      ReservedConcurrentExecutions: 1,
      Timeout: 900,
    });
    const notDurable = ["handler.handler", "worker.handler"].map((handler) => "DurableConfig" in byHandler(handler));
    expect(notDurable).toEqual([false, false]);
  });

  it("names no function: to make one durable, CloudFormation must replace it", () => {
    const named = propertiesOf(durable, "AWS::Lambda::Function").filter((properties) => "FunctionName" in properties);
    expect(named).toEqual([]);
  });

  it("is made of the same bytes as the controller", () => {
    const codes = propertiesOf(durable, "AWS::Lambda::Function").map((properties) =>
      JSON.stringify((properties as { readonly Code: object }).Code),
    );
    expect(new Set(codes).size).toBe(1);
  });

  it("is reached by aliases alone", () => {
    expect(environment("handler.handler")).toMatchObject({
      HOLDFAST_COORDINATOR: { Ref: startingWith("EngineCoordinatorAlias") },
    });
    expect(environment("coordinator.handler")).toMatchObject({
      HOLDFAST_WORKER: { Ref: startingWith("EngineWorkerAlias") },
    });
    const aliases = propertiesOf(durable, "AWS::Lambda::Alias");
    expect(aliases).toEqual(aliases.map(() => expect.objectContaining({ Name: "live" }) as object));
    expect(aliases).toHaveLength(4);
  });

  it("has no start retried by Lambda, and the event kept of a run that failed", () => {
    const configs = propertiesOf(durable, "AWS::Lambda::EventInvokeConfig");
    expect(configs).toHaveLength(4);
    expect(configs).toEqual(
      configs.map(() => expect.objectContaining({ Qualifier: "live", MaximumRetryAttempts: 0 }) as object),
    );
    expect(configs.filter((config) => "DestinationConfig" in config)).toHaveLength(2);
  });

  it("tells the coordinator what the controller knows, and a worker only where things are", () => {
    const { HOLDFAST_COORDINATOR: _, ...controller } = environment("handler.handler");
    const { HOLDFAST_WORKER: __, ...coordinator } = environment("coordinator.handler");
    expect(coordinator).toEqual(controller);
    expect(Object.keys(environment("worker.handler")).toSorted()).toEqual([
      "HOLDFAST_DESIRED_STATE",
      "HOLDFAST_EVIDENCE",
      "HOLDFAST_RETENTION",
      "HOLDFAST_WORK",
      "POWERTOOLS_SERVICE_NAME",
    ]);
  });

  it("says of a report that it may be later by as much longer as a run may take", () => {
    expect(environment("handler.handler")["HOLDFAST_NEXT_REPORT_WITHIN"]).toBe("32");
  });

  it("runs the coordinator as the controller, and workers as themselves", () => {
    const roleOf = (handler: string) => (byHandler(handler) as unknown as { readonly Role: unknown }).Role;
    const role = (id: string) => ({ "Fn::GetAtt": [startingWith(id), "Arn"] });
    expect(roleOf("coordinator.handler")).toEqual(role("ControllerRole"));
    expect(roleOf("worker.handler")).toEqual(role("EngineWorkerRole"));
  });

  it("keeps each function's logs apart, for a year", () => {
    const logs = propertiesOf(durable, "AWS::Logs::LogGroup");
    expect(logs).toEqual(Array.from({ length: 4 }, () => ({ RetentionInDays: 365 })));
  });

  it("has been granted nothing by CDK", () => {
    expect(propertiesOf(durable, "AWS::IAM::Policy")).toEqual([]);
    expect(propertiesOf(durable, "AWS::IAM::RolePolicy")).toHaveLength(6);
    expect(propertiesOf(durable, "AWS::IAM::Role").filter((role) => "ManagedPolicyArns" in role)).toEqual([]);
  });
});
