/* oxlint-disable no-new -- a construct joins its scope by being made */
import { Aws, Duration } from "aws-cdk-lib";
import { CfnArchive, CfnEventBus, CfnRule } from "aws-cdk-lib/aws-events";
import { Construct } from "constructs";
import { EVENT_BUS_NAME, FROM_BACKUP } from "../../controller/domain/forwarding.ts";
import { EVENT_PACE } from "../event-pace.ts";
import { policyDocument, type Statement } from "../policy-document.ts";
import { PrivateQueue } from "./queue.ts";

export interface EventIntakeProps {
  readonly organizationId: string;
}

/** Days within which what went wrong can still be looked into and played again. */
const LOOKING_BACK = 14;

/**
 * Seconds and times that EventBridge tries to deliver an event, which are its own defaults, and then gives it to the dead letters
 * (EventBridge User Guide, "Retrying event delivery").
 */
const PERSISTENCE = { maximumEventAgeInSeconds: 24 * 3600, maximumRetryAttempts: 185 };

/**
 * Where AWS Backup's events of every member Region come together: bus, rule, queue, and dead letters for what neither took. What a bus
 * took is archived as well, so that a consumer that was wrong for days can have them played again. Losing one costs time and nothing else: a
 * sweep finds the same (design §12).
 */
export class EventIntake extends Construct {
  readonly bus: string;
  readonly queue: PrivateQueue;
  readonly deadLetters: PrivateQueue;

  constructor(scope: Construct, id: string, { organizationId }: EventIntakeProps) {
    super(scope, id);
    const bus = new CfnEventBus(this, "Bus", {
      name: EVENT_BUS_NAME,
      description: "AWS Backup's events, of every account and Region of Holdfast's fleet.",
      policy: policyDocument([takeFromOrganization(organizationId)]),
    });
    this.bus = bus.attrArn;
    new CfnArchive(this, "Archive", {
      description: "What the bus took, for playing again.",
      sourceArn: this.bus,
      eventPattern: FROM_BACKUP,
      retentionDays: LOOKING_BACK,
    });
    const rule = eventsArn(`rule/${EVENT_BUS_NAME}/${RULE_NAME}`);
    const { queue, deadLetters } = createQueues(this, rule);
    new CfnRule(this, "Rule", {
      name: RULE_NAME,
      description: "Queues AWS Backup's events.",
      eventBusName: bus.ref,
      eventPattern: FROM_BACKUP,
      targets: [{ id: "queue", arn: queue.arn, deadLetterConfig: { arn: deadLetters.arn }, retryPolicy: PERSISTENCE }],
    });
    this.queue = queue;
    this.deadLetters = deadLetters;
  }
}

/** Fixed, so that the queues' policies can name the rule that they take from, which itself names the queues. */
const RULE_NAME = "holdfast-events";
const eventsArn = (resource: string) => `arn:${Aws.PARTITION}:events:${Aws.REGION}:${Aws.ACCOUNT_ID}:${resource}`;

function createQueues(scope: Construct, rule: string) {
  const deadLetters = new PrivateQueue(
    scope,
    "DeadLetters",
    // A message's age goes on counting where it is moved to: these must last longer than the queue's (SQS Developer Guide, "Dead-letter queues").
    { retentionPeriod: Duration.days(LOOKING_BACK) },
    (arn) => [takeFromRule(arn, rule)],
  );
  const queue = new PrivateQueue(
    scope,
    "Events",
    {
      retentionPeriod: Duration.days(4),
      visibilityTimeout: Duration.seconds(EVENT_PACE.hiddenForSeconds),
      deadLetterQueue: { queue: deadLetters.queue, maxReceiveCount: EVENT_PACE.receives },
    },
    (arn) => [takeFromRule(arn, rule)],
  );
  return { queue, deadLetters };
}

/** Roles that forward, in accounts of this organization, and of AWS Backup's events alone: nobody can put an event with a source of AWS by hand. */
const takeFromOrganization = (organizationId: string): Statement => ({
  Sid: "TellOfBackups",
  Effect: "Allow",
  Principal: "*",
  Action: ["events:PutEvents"],
  Resource: [eventsArn(`event-bus/${EVENT_BUS_NAME}`)],
  Condition: { StringEquals: { "aws:PrincipalOrgID": organizationId, "events:source": "aws.backup" } },
});

const takeFromRule = (queue: string, rule: string): Statement => ({
  Sid: "TakeFromTheRule",
  Effect: "Allow",
  Principal: { Service: "events.amazonaws.com" },
  Action: ["sqs:SendMessage"],
  Resource: [queue],
  Condition: { ArnEquals: { "aws:SourceArn": rule } },
});
