/* oxlint-disable no-new -- a construct joins its scope by being made */
import { Aws } from "aws-cdk-lib";
import { CfnEventBus } from "aws-cdk-lib/aws-events";
import { CfnKey } from "aws-cdk-lib/aws-kms";
import { CfnSubscription, CfnTopic, CfnTopicPolicy } from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";
import { policyDocument, type Statement } from "../policy-document.ts";
import type { Settings } from "../settings.ts";

export interface NotificationsProps extends Pick<Settings["notify"], "emails" | "endpoints"> {
  /** ARN of the role that tells of what reports say. */
  readonly speaker: string;
}

/** What subscribers of EventBridge listen to, where a route names it. Its name lets the controller put there, and no policy of its own anybody else. */
const NOTICES_BUS = "holdfast-notices";

/**
 * The topic that people hear of Holdfast by: alarms speak on it, rules that saw somebody tamper, and the controller where a route says so. Encrypted with a key of its own, since CloudWatch may not use the one that
 * AWS manages for SNS (CloudWatch User Guide, "Notifying users on alarm changes").
 */
export class Notifications extends Construct {
  readonly topic: string;

  constructor(scope: Construct, id: string, { emails, endpoints, speaker }: NotificationsProps) {
    super(scope, id);
    const key = new CfnKey(this, "Key", {
      description: "Encrypts Holdfast's notifications.",
      enableKeyRotation: true,
      keyPolicy: policyDocument(keyStatements(speaker)),
    });
    this.topic = new CfnTopic(this, "Topic", { displayName: "Holdfast", kmsMasterKeyId: key.attrArn }).ref;
    new CfnTopicPolicy(this, "Policy", {
      topics: [this.topic],
      policyDocument: policyDocument(topicStatements(this.topic)),
    });
    new CfnEventBus(this, "Bus", { name: NOTICES_BUS, description: "What Holdfast has to say, for whoever listens." });
    // By address, so that one more in the list moves no other.
    for (const [protocol, addresses] of Object.entries({ email: emails, https: endpoints }))
      for (const address of addresses)
        new CfnSubscription(this, `${protocol}:${address.replaceAll("/", "|")}`, {
          protocol,
          endpoint: address,
          topicArn: this.topic,
        });
  }
}

/** Not on behalf of another account, which a service could be made to act for (IAM User Guide, "The confused deputy problem"). */
const ofThisAccount = { StringEquals: { "aws:SourceAccount": Aws.ACCOUNT_ID } };
const ofOurAlarms = {
  ...ofThisAccount,
  ArnLike: { "aws:SourceArn": `arn:${Aws.PARTITION}:cloudwatch:${Aws.REGION}:${Aws.ACCOUNT_ID}:alarm:*` },
};
/** How the rules are called that tell of tampering: by name, so that the topic knows them beforehand. */
export const TAMPERING_RULE = "holdfast-tampering-";
const EVENT_RULES = { Service: "events.amazonaws.com" };
const ofOurRules = {
  ArnLike: {
    "aws:SourceArn": `arn:${Aws.PARTITION}:events:${Aws.REGION}:${Aws.ACCOUNT_ID}:rule/${TAMPERING_RULE}*`,
  },
};
const ALARMS = { Service: "cloudwatch.amazonaws.com" };

const topicStatements = (topic: string): readonly Statement[] => [
  {
    Sid: "RefuseUnencrypted",
    Effect: "Deny",
    Principal: "*",
    Action: ["sns:Publish"],
    Resource: [topic],
    Condition: { Bool: { "aws:SecureTransport": false } },
  },
  {
    Sid: "LetAlarmsSpeak",
    Effect: "Allow",
    Principal: ALARMS,
    Action: ["sns:Publish"],
    Resource: [topic],
    Condition: ofOurAlarms,
  },
  {
    Sid: "LetRulesTellOfTampering",
    Effect: "Allow",
    Principal: EVENT_RULES,
    Action: ["sns:Publish"],
    Resource: [topic],
    Condition: ofOurRules,
  },
];

/** All that the account's administrators may do with the key, by their own policies: nothing of it reads a message. */
const ADMINISTRATION = [
  "kms:CancelKeyDeletion",
  "kms:DescribeKey",
  "kms:DisableKey",
  "kms:DisableKeyRotation",
  "kms:EnableKey",
  "kms:EnableKeyRotation",
  "kms:GetKeyPolicy",
  "kms:GetKeyRotationStatus",
  "kms:ListKeyPolicies",
  "kms:ListResourceTags",
  "kms:PutKeyPolicy",
  "kms:ScheduleKeyDeletion",
  "kms:TagResource",
  "kms:UntagResource",
  "kms:UpdateKeyDescription",
];

/** In a key's own policy `*` means the key. */
const keyStatements = (speaker: string): readonly Statement[] => [
  {
    Sid: "Administer",
    Effect: "Allow",
    Principal: { AWS: `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:root` },
    Action: ADMINISTRATION,
    Resource: ["*"],
  },
  {
    Sid: "EncryptWhatAlarmsSay",
    Effect: "Allow",
    Principal: ALARMS,
    Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
    Resource: ["*"],
    Condition: ofThisAccount,
  },
  {
    // Without a condition, which EventBridge does not meet with encrypted topics (SNS Developer Guide, "Key management"). The topic has one.
    Sid: "EncryptWhatRulesTell",
    Effect: "Allow",
    Principal: EVENT_RULES,
    Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
    Resource: ["*"],
  },
  {
    // Who publishes to an encrypted topic uses its key (SNS Developer Guide, "Key management"), and the controller for nothing else.
    Sid: "EncryptWhatReportsTell",
    Effect: "Allow",
    Principal: { AWS: speaker },
    Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
    Resource: ["*"],
    Condition: { StringLike: { "kms:ViaService": ["sns.*.amazonaws.com", "sns.*.amazonaws.com.cn"] } },
  },
];
