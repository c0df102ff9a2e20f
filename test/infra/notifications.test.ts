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
};
const template = hubTemplate({
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

describe("the topic", () => {
  const spoken = (name: string, context: ConditionContext) =>
    evaluate([topicRights], { action: "sns:Publish", resource: topic, principal: service(name), context });

  it("is spoken on by the account's alarms", () => {
    expect(spoken("cloudwatch", ringing)).toBe("allowed");
  });

  it.each<readonly [string, string, ConditionContext, string]>([
    ["another account's alarm", "cloudwatch", { ...ringing, "aws:SourceAccount": "999999999999" }, "implicitly-denied"],
    ["what is no alarm", "cloudwatch", { ...ringing, "aws:SourceArn": `${topic}-2` }, "implicitly-denied"],
    ["another service", "events", ringing, "implicitly-denied"],
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

  it("is administered by the account, which reads nothing with it", () => {
    expect(used("kms:PutKeyPolicy", administrator)).toBe("allowed");
    expect(used("kms:Decrypt", administrator)).toBe("implicitly-denied");
    expect(used("kms:CreateGrant", administrator)).toBe("implicitly-denied");
  });
});
