import { describe, expect, it } from "vitest";
import type { ConditionContext } from "../simulator/iam/conditions.ts";
import { evaluate } from "../simulator/iam/evaluate.ts";
import { hubTemplate, propertiesAt, propertiesOf, resolvedPolicy } from "./deployed.ts";

const hub = "111111111111";
const topic = `arn:aws:sns:eu-central-1:${hub}:holdfast`;
const deployed = {
  "AWS::Partition": "aws",
  "AWS::AccountId": hub,
  "AWS::Region": "eu-central-1",
  "NotificationsTopic.*": topic,
  "ControllerRole.*Arn": `arn:aws:iam::${hub}:role/holdfast-controller`,
};
const template = hubTemplate({
  secondSignature: true,
  notify: { emails: ["on-call@example.com", "backup@example.com"], endpoints: ["https://pager.example.com/holdfast"] },
});
const topicRights = resolvedPolicy(
  propertiesAt(template, "AWS::SNS::TopicPolicy", "Notifications")["PolicyDocument"],
  deployed,
);
const keyRights = resolvedPolicy(propertiesAt(template, "AWS::KMS::Key", "Notifications")["KeyPolicy"], deployed);

/** How the simulator writes a service that acts by itself. */
const service = (name: string) => ({ account: "", arn: `${name}.amazonaws.com` });
const alarm = `arn:aws:cloudwatch:eu-central-1:${hub}:alarm:holdfast-no-report`;
const ringing = { "aws:SourceAccount": hub, "aws:SourceArn": alarm, "aws:SecureTransport": true };

const rule = `arn:aws:events:eu-central-1:${hub}:rule`;
const tampered = { "aws:SourceArn": `${rule}/holdfast-tampering-keys`, "aws:SecureTransport": true };

describe("the topic", () => {
  const spoken = (name: string, context: ConditionContext) =>
    evaluate([topicRights], { action: "sns:Publish", resource: topic, principal: service(name), context });

  it("is spoken on by the account's alarms", () => {
    expect(spoken("cloudwatch", ringing)).toBe("allowed");
  });

  it("is spoken on by the rules that saw somebody tamper", () => {
    expect(spoken("events", tampered)).toBe("allowed");
  });

  it.each<readonly [string, string, ConditionContext, string]>([
    ["another account's alarm", "cloudwatch", { ...ringing, "aws:SourceAccount": "999999999999" }, "implicitly-denied"],
    ["what is no alarm", "cloudwatch", { ...ringing, "aws:SourceArn": `${topic}-2` }, "implicitly-denied"],
    ["another service", "events", ringing, "implicitly-denied"],
    ["another rule", "events", { ...tampered, "aws:SourceArn": `${rule}s/billing` }, "implicitly-denied"],
    ["a rule in the clear", "events", { ...tampered, "aws:SecureTransport": false }, "explicitly-denied"],
    ["anybody in the clear", "cloudwatch", { ...ringing, "aws:SecureTransport": false }, "explicitly-denied"],
  ])("does not carry %s", (_, name, context, decision) => {
    expect(spoken(name, context)).toBe(decision);
  });

  it("is encrypted with a key that is renewed every year", () => {
    expect(propertiesAt(template, "AWS::SNS::Topic", "Notifications")).toMatchObject({
      KmsMasterKeyId: { "Fn::GetAtt": [expect.stringMatching("^NotificationsKey") as string, "Arn"] },
    });
    expect(propertiesAt(template, "AWS::KMS::Key", "Notifications")).toMatchObject({ EnableKeyRotation: true });
  });

  it("is heard by everybody the settings name, and by nobody otherwise", () => {
    const heard = propertiesOf(template, "AWS::SNS::Subscription").map(
      (subscription) => subscription as { readonly Protocol: string; readonly Endpoint: string },
    );
    expect(heard.map(({ Protocol, Endpoint }) => `${Protocol} ${Endpoint}`).toSorted()).toEqual([
      "email backup@example.com",
      "email on-call@example.com",
      "https https://pager.example.com/holdfast",
    ]);
    expect(propertiesOf(hubTemplate(), "AWS::SNS::Subscription")).toEqual([]);
  });

  it("keeps a subscription, which people have confirmed, when another comes before it", () => {
    const ids = (emails: readonly string[]) =>
      Object.keys(hubTemplate({ notify: { emails } }).findResources("AWS::SNS::Subscription"));
    expect(ids(["a@example.com", "on-call@example.com"])).toEqual(expect.arrayContaining(ids(["on-call@example.com"])));
  });
});

describe("tampering", () => {
  const rules = propertiesOf(template, "AWS::Events::Rule") as readonly {
    readonly Name: string;
    readonly EventPattern: object;
    readonly Targets: readonly {
      readonly Arn: unknown;
      readonly InputTransformer: { readonly InputTemplate: string };
    }[];
  }[];
  const named = (name: string) => rules.find(({ Name }) => Name === name);
  const arnOf = (id: string) => ({ "Fn::GetAtt": [expect.stringMatching(`^${id}`) as string, "Arn"] });
  const nameOf = (id: string) => ({ Ref: expect.stringMatching(`^${id}`) as string });

  it("with any signing key is told, whoever does it", () => {
    expect(named("holdfast-tampering-keys")?.EventPattern).toEqual({
      source: ["aws.kms"],
      "detail-type": ["AWS API Call via CloudTrail"],
      detail: {
        eventName: ["CreateGrant", "DisableKey", "PutKeyPolicy", "ScheduleKeyDeletion"],
        resources: { ARN: [arnOf("SigningKey"), arnOf("SecondKey"), arnOf("SyncKey")] },
      },
    });
  });

  it("with the policies of evidence and desired state is told", () => {
    expect(named("holdfast-tampering-buckets")?.EventPattern).toMatchObject({
      source: ["aws.s3"],
      detail: {
        eventName: expect.arrayContaining(["PutBucketPolicy", "DeleteBucketPolicy", "PutBucketLifecycle"]) as object,
        requestParameters: { bucketName: [nameOf("Evidence"), nameOf("DesiredState")] },
      },
    });
  });

  it("is told in words, with who it was and what to do", () => {
    for (const name of ["holdfast-tampering-keys", "holdfast-tampering-buckets"]) {
      const [target] = named(name)!.Targets;
      expect(target?.Arn).toEqual(nameOf("NotificationsTopic"));
      expect(JSON.parse(target?.InputTransformer.InputTemplate ?? "")).toMatch(
        /^Holdfast: <who> called <call> .* If that was no deployment of yours, treat it as an incident: look up event <event>/,
      );
    }
  });
});

describe("the key that notifications are encrypted with", () => {
  const used = (action: string, principal: { readonly account: string; readonly arn: string }, context = {}) =>
    evaluate([keyRights], { action, resource: `arn:aws:kms:eu-central-1:${hub}:key/n`, principal, context });
  const administrator = { account: hub, arn: `arn:aws:sts::${hub}:assumed-role/administrator/somebody` };

  it("is used for alarms of this account", () => {
    const context = { "aws:SourceAccount": hub };
    expect(used("kms:GenerateDataKey", service("cloudwatch"), context)).toBe("allowed");
    expect(used("kms:Decrypt", service("cloudwatch"), context)).toBe("allowed");
    expect(used("kms:Decrypt", service("cloudwatch"), { "aws:SourceAccount": "999999999999" })).toBe(
      "implicitly-denied",
    );
  });

  it("is used by the controller to speak on topics, and for nothing else", () => {
    const roleArn = deployed["ControllerRole.*Arn"];
    const controller = { account: hub, arn: `arn:aws:sts::${hub}:assumed-role/holdfast-controller/run`, roleArn };
    expect(used("kms:GenerateDataKey", controller, { "kms:ViaService": "sns.eu-central-1.amazonaws.com" })).toBe(
      "allowed",
    );
    expect(used("kms:Decrypt", controller, { "kms:ViaService": "s3.eu-central-1.amazonaws.com" })).toBe(
      "implicitly-denied",
    );
    expect(used("kms:Decrypt", controller)).toBe("implicitly-denied");
  });

  it("is administered by the account, which reads nothing with it", () => {
    expect(used("kms:PutKeyPolicy", administrator)).toBe("allowed");
    expect(used("kms:Decrypt", administrator)).toBe("implicitly-denied");
    expect(used("kms:CreateGrant", administrator)).toBe("implicitly-denied");
  });
});
