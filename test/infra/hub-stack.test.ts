import { writeFileSync } from "node:fs";
import { Socket } from "node:net";
import { join } from "node:path";
import { Annotations, Match, type Template } from "aws-cdk-lib/assertions";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { HubStack } from "../../infra/hub-stack.ts";
import { readSettings } from "../../infra/settings.ts";
import type { ConditionContext } from "../simulator/iam/conditions.ts";
import { evaluate } from "../simulator/iam/evaluate.ts";
import {
  aBundle,
  appWith,
  controllerOf,
  hubTemplate,
  only,
  propertiesAt,
  propertiesOf,
  resolvedPolicy,
} from "./deployed.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const pinnedKeys = () => {
  const folder = temporaryFolder();
  const trust = { reports: join(folder, "reports.json"), sync: join(folder, "sync.json") };
  for (const path of Object.values(trust)) writeFileSync(path, "{}");
  return trust;
};
/** Everything set that can be. */
const settled = {
  trust: pinnedKeys(),
  publishers: ["arn:aws:iam::111111111111:role/holdfast-sync"],
  eventBus: "arn:aws:events:eu-central-1:111111111111:event-bus/holdfast",
  evidence: { mode: "compliance" },
  schedule: { expression: "cron(15 2 * * ? *)", timeZone: "Europe/Berlin", flexibleMinutes: 0, retryAttempts: 0 },
};
const template = hubTemplate();
const [NOTIFICATION_KEY = ""] = Object.keys(
  template.findResources("AWS::KMS::Key", { Properties: { EnableKeyRotation: true } }),
);
const settledTemplate = hubTemplate(settled);

const startingWith = (id: string): string => expect.stringMatching(`^${id}`) as string;
const alias = { Ref: startingWith("ControllerAlias") };
const failures = { "Fn::GetAtt": [startingWith("FailuresQueue"), "Arn"] };

/** What becomes of the events of the function whose logical id begins so. */
const eventsOf = (of: Template, id: string): object =>
  Object.entries(of.findResources("AWS::Lambda::EventInvokeConfig")).find(([name]) => name.startsWith(id))![1][
    "Properties"
  ] as object;

describe("the schedule", () => {
  it("starts the function by its alias, with bounded retries and a queue for what could not be started", () => {
    expect(only(template, "AWS::Scheduler::Schedule")).toMatchObject({
      ScheduleExpression: "rate(6 hours)",
      ScheduleExpressionTimezone: "Etc/UTC",
      FlexibleTimeWindow: { Mode: "FLEXIBLE", MaximumWindowInMinutes: 15 },
      Target: {
        Arn: alias,
        Input: JSON.stringify({ trigger: "schedule" }),
        RetryPolicy: { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 3600 },
        DeadLetterConfig: { Arn: failures },
      },
    });
  });

  it("keeps to the time zone, the window and the retries that are set", () => {
    expect(only(settledTemplate, "AWS::Scheduler::Schedule")).toMatchObject({
      ScheduleExpression: "cron(15 2 * * ? *)",
      ScheduleExpressionTimezone: "Europe/Berlin",
      FlexibleTimeWindow: { Mode: "OFF" },
      Target: { RetryPolicy: { MaximumRetryAttempts: 0 } },
    });
  });

  it("stands still until the keys are pinned: a run that cannot verify its memory must not act on it", () => {
    expect(only(template, "AWS::Scheduler::Schedule")).toMatchObject({ State: "DISABLED" });
    expect(only(settledTemplate, "AWS::Scheduler::Schedule")).toMatchObject({ State: "ENABLED" });
    expect(only(settledTemplate, "AWS::Lambda::EventSourceMapping")).toMatchObject({ Enabled: true });
  });

  it("may start that one function and fill that one queue", () => {
    const start = { Action: ["lambda:InvokeFunction"], Resource: [alias] };
    const keep = { Action: ["sqs:SendMessage"], Resource: [failures] };
    expect(propertiesOf(template, "AWS::IAM::Role")).toContainEqual(
      expect.objectContaining({
        Policies: [
          {
            PolicyName: "start",
            PolicyDocument: {
              Version: "2012-10-17",
              Statement: [expect.objectContaining(start), expect.objectContaining(keep)],
            },
          },
        ],
      }),
    );
  });
});

describe("the function", () => {
  it("runs alone, on arm64 and Node 24, for as long as Lambda lets it, and its logs are kept a year", () => {
    expect(controllerOf(template)).toMatchObject({
      Runtime: "nodejs24.x",
      Architectures: ["arm64"],
      Handler: "handler.handler",
      Timeout: 900,
      ReservedConcurrentExecutions: 1,
      LoggingConfig: { LogFormat: "JSON" },
    });
    for (const group of propertiesOf(template, "AWS::Logs::LogGroup"))
      expect(group).toMatchObject({ RetentionInDays: 365 });
  });

  it("is never retried by Lambda, which keeps the event instead", () => {
    expect(eventsOf(template, "Controller")).toMatchObject({
      MaximumRetryAttempts: 0,
      Qualifier: "live",
      DestinationConfig: { OnFailure: { Destination: failures } },
    });
  });

  it("finds its stores, its key and its pinned keys by environment", () => {
    const bucket = (name: string) => ({ "Fn::Join": ["", ["s3://", { Ref: startingWith(`${name}Bucket`) }]] });
    const { Environment, Layers } = controllerOf(settledTemplate) as {
      readonly Environment: object;
      readonly Layers: readonly object[];
    };
    expect(Environment).toEqual({
      Variables: {
        POWERTOOLS_SERVICE_NAME: "production",
        HOLDFAST_DESIRED_STATE: bucket("DesiredState"),
        HOLDFAST_EVIDENCE: bucket("Evidence"),
        HOLDFAST_WORK: bucket("Work"),
        HOLDFAST_RETENTION: "compliance:2557d",
        HOLDFAST_NEXT_REPORT_WITHIN: "27",
        HOLDFAST_EVENTS: { Ref: startingWith("EventsFunctionAlias") },
        HOLDFAST_SIGNER: { "Fn::Join": ["", ["kms:", { "Fn::GetAtt": [startingWith("SigningKey"), "Arn"] }]] },
        HOLDFAST_TRUST: "/opt/keys.json",
        HOLDFAST_SYNC_TRUST: "/opt/sync-keys.json",
      },
    });
    expect(Layers).toHaveLength(1);
  });

  it("has a second key of ML-DSA-65 where the settings want one, and none otherwise", () => {
    const specs = (template: Template) =>
      propertiesOf(template, "AWS::KMS::Key").flatMap((key) => ("KeySpec" in key ? [String(key.KeySpec)] : []));
    expect(specs(template).toSorted()).toEqual(["ECC_NIST_P256", "ECC_NIST_P256"]);
    const two = hubTemplate({ secondSignature: true });
    expect(specs(two).toSorted()).toEqual(["ECC_NIST_P256", "ECC_NIST_P256", "ML_DSA_65"]);
    const { Environment } = controllerOf(two) as { readonly Environment: object };
    expect(Environment).toMatchObject({
      Variables: {
        HOLDFAST_SECOND_SIGNER: { "Fn::Join": ["", ["kms:", { "Fn::GetAtt": [startingWith("SecondKey"), "Arn"] }]] },
      },
    });
  });

  it("tells doctor whom members let in to look, and nothing where that is nobody", () => {
    const reader = "arn:aws:iam::111111111111:role/platform-team";
    const github = { repository: "acme/backups", branch: "main", plan: true };
    const told = hubTemplate({ hubAccount: "111111111111", github, readers: [reader] });
    const { Environment } = controllerOf(told) as {
      readonly Environment: { readonly Variables: Readonly<Record<string, unknown>> };
    };
    const readers = resolvedPolicy(Environment.Variables["HOLDFAST_READERS"], { "AWS::Partition": "aws" });
    expect(readers).toBe(`arn:aws:iam::111111111111:role/holdfast-planner ${reader}`);
    expect(controllerOf(template)).not.toHaveProperty("Environment.Variables.HOLDFAST_READERS");
  });

  it("is not deployed without its bundle, and says how to make it", () => {
    expect(() => hubTemplate({}, join(temporaryFolder(), "worker.zip"))).toThrow("run npm run bundle first");
  });
});

describe("rights in the hub", () => {
  it("are only those written by hand: CDK has granted nothing of its own", () => {
    expect(propertiesOf(template, "AWS::IAM::Policy")).toEqual([]);
    expect(propertiesOf(template, "AWS::IAM::ManagedPolicy")).toEqual([]);
    expect(propertiesOf(template, "AWS::IAM::RolePolicy")).toHaveLength(4);
    const roles = propertiesOf(template, "AWS::IAM::Role");
    expect(roles).toHaveLength(3);
    expect(roles.filter((role) => "ManagedPolicyArns" in role)).toEqual([]);
  });
});

describe("what lasts", () => {
  it.each([
    "AWS::S3::Bucket",
    "AWS::S3::BucketPolicy",
    "AWS::KMS::Key",
    "AWS::Logs::LogGroup",
    "AWS::SecretsManager::Secret",
    "AWS::SecretsManager::ResourcePolicy",
  ])("outlives the stack: %s", (type) => {
    // Messages are gone once they are told: the key that encrypts them goes with the topic.
    const { [NOTIFICATION_KEY]: _, ...lasting } = template.findResources(type);
    const resources = Object.values(lasting);
    const kept = { DeletionPolicy: "Retain", UpdateReplacePolicy: "Retain" };
    expect(resources).toEqual(resources.map(() => expect.objectContaining(kept) as object));
    expect(resources).not.toEqual([]);
  });

  it("is private and encrypted in all four buckets", () => {
    const isPrivate = {
      BucketEncryption: expect.anything() as object,
      OwnershipControls: { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }] },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    };
    expect(propertiesOf(template, "AWS::S3::Bucket")).toMatchObject([isPrivate, isPrivate, isPrivate, isPrivate]);
  });

  it("expires only scratch and logs: no lifecycle touches desired state or evidence", () => {
    const expiring = Object.entries(template.findResources("AWS::S3::Bucket")).filter(
      ([, { Properties }]) => "LifecycleConfiguration" in (Properties as object),
    );
    expect(expiring.map(([id]) => id)).toEqual([startingWith("WorkBucket"), startingWith("AccessLogsBucket")]);
    expect(expiring[0]?.[1]["Properties"]).toMatchObject({
      LifecycleConfiguration: {
        Rules: [
          { Prefix: "runs/", ExpirationInDays: 400, Status: "Enabled" },
          { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } },
        ],
      },
    });
  });
});

describe("access logs", () => {
  const logged = (of: Template) =>
    Object.entries(of.findResources("AWS::S3::Bucket")).map(([id, { Properties }]) => [
      id.replace(/Bucket\w+$/, ""),
      (Properties as { readonly LoggingConfiguration?: object }).LoggingConfiguration,
    ]);
  const below = (LogFilePrefix: string) => ({
    DestinationBucketName: { Ref: startingWith("AccessLogsBucket") },
    LogFilePrefix,
  });

  it("are kept of every bucket but their own", () => {
    expect(Object.fromEntries(logged(template))).toEqual({
      DesiredState: below("desired/"),
      Evidence: below("evidence/"),
      Work: below("work/"),
      AccessLogs: undefined,
    });
  });

  it("are written by S3 alone, of these buckets alone", () => {
    const deployed = { "AWS::AccountId": "111111111111", "(\\w+)Bucket.*Arn": "arn:aws:s3:::a-bucket" };
    const { PolicyDocument } = propertiesAt(template, "AWS::S3::BucketPolicy", "AccessLogs");
    const judged = (arn: string, context: ConditionContext) =>
      evaluate([resolvedPolicy(PolicyDocument, deployed)], {
        action: "s3:PutObject",
        resource: "arn:aws:s3:::a-bucket/evidence/2026-11-01",
        principal: { account: "", arn },
        context: { "aws:SecureTransport": true, ...context },
      });
    const s3 = "logging.s3.amazonaws.com";
    const ours = { "aws:SourceArn": "arn:aws:s3:::a-bucket", "aws:SourceAccount": "111111111111" };
    expect(judged(s3, ours)).toBe("allowed");
    expect(judged(s3, { ...ours, "aws:SourceArn": "arn:aws:s3:::another" })).toBe("implicitly-denied");
    expect(judged(s3, { ...ours, "aws:SourceAccount": "999999999999" })).toBe("implicitly-denied");
    expect(judged("delivery.logs.amazonaws.com", ours)).toBe("implicitly-denied");
  });
});

describe("synthesis", () => {
  it("reaches for no network", () => {
    const connect = vi.spyOn(Socket.prototype, "connect");
    onTestFinished(() => connect.mockRestore());
    hubTemplate();
    expect(connect).not.toHaveBeenCalled();
  });

  it("makes the same template from the same settings", () => {
    expect(hubTemplate().toJSON()).toEqual(template.toJSON());
  });

  it("warns of what a deployment should not find out later, and of nothing where all is set", () => {
    const warnings = (settings: object) => {
      const app = appWith(settings);
      const stack = new HubStack(app, "hub", { settings: readSettings(app.node), bundle: aBundle() });
      return Annotations.fromStack(stack).findWarning("*", Match.anyValue());
    };
    expect(warnings({})).toHaveLength(3);
    expect(warnings(settled)).toEqual([]);
  });
});

describe("the alarms", () => {
  it("ring on the notification topic, of the functions and queues of this stack, and stand on its page", () => {
    const alarms = propertiesOf(template, "AWS::CloudWatch::Alarm");
    const topic = { Ref: startingWith("NotificationsTopic") };
    expect(alarms.map((alarm) => ("AlarmActions" in alarm ? alarm.AlarmActions : []))).toEqual(
      alarms.map(() => [topic]),
    );
    const inStack = (id: object) =>
      expect.objectContaining({ Dimensions: [expect.objectContaining({ Value: id })] }) as object;
    for (const id of ["Controller", "WebhooksFunction"])
      expect(alarms).toContainEqual(inStack({ Ref: startingWith(id) }));
    for (const id of ["FailuresQueue", "IntakeDeadLetters"])
      expect(alarms).toContainEqual(inStack({ "Fn::GetAtt": [startingWith(id), "QueueName"] }));
    template.resourceCountIs("AWS::CloudWatch::Dashboard", 1);
  });

  it("watch the coordinator where there is one", () => {
    const names = (of: Template) =>
      propertiesOf(of, "AWS::CloudWatch::Alarm").map((alarm) => ("AlarmName" in alarm ? alarm.AlarmName : ""));
    expect(names(hubTemplate({ engine: "durable" }))).toContain("holdfast-coordinator-failed");
    expect(names(template)).not.toContain("holdfast-coordinator-failed");
  });
});
