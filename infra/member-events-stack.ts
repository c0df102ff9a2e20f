/* oxlint-disable no-new -- a construct joins its scope by being made */
import { Aws, BootstraplessSynthesizer, type IStackSynthesizer, Stack, type StackProps } from "aws-cdk-lib";
import { CfnRule } from "aws-cdk-lib/aws-events";
import { CfnRole } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import { FROM_BACKUP } from "../controller/domain/forwarding.ts";
import { policyDocument } from "./policy-document.ts";

export interface MemberEventsStackProps extends StackProps {
  /** ARN of the hub's event bus. */
  readonly bus: string;
}

/** Seconds after which an event that could not be delivered is dropped: a scheduled run has looked, or soon will (design §12). */
const MAXIMUM_EVENT_AGE = 3600;

/**
 * One Region of a member account: what AWS Backup says there goes to the hub's bus as well. Events say where to look and never what to
 * do, so that losing them costs nothing but time: there is no queue for what could not be delivered.
 */
export class MemberEventsStack extends Stack {
  constructor(scope: Construct, id: string, { bus, ...props }: MemberEventsStackProps) {
    // CDK's own types do not agree under exactOptionalPropertyTypes.
    super(scope, id, { synthesizer: new BootstraplessSynthesizer() as IStackSynthesizer, ...props });
    const role = forwardingRole(this, bus);
    new CfnRule(this, "Rule", {
      description: "Forwards AWS Backup's events to Holdfast.",
      eventPattern: FROM_BACKUP,
      targets: [
        {
          id: "hub",
          arn: bus,
          roleArn: role.attrArn,
          retryPolicy: { maximumEventAgeInSeconds: MAXIMUM_EVENT_AGE },
        },
      ],
    });
  }
}

/**
 * The role that EventBridge puts events to another account's or Region's bus by (EventBridge User Guide, "Sending and receiving events
 * between AWS accounts"). CloudFormation names it: roles are global, and there is one for each Region.
 */
const forwardingRole = (scope: Construct, bus: string): CfnRole =>
  new CfnRole(scope, "Role", {
    description: "Lets EventBridge forward AWS Backup's events to Holdfast.",
    assumeRolePolicyDocument: policyDocument([
      {
        Sid: "ForwardAsEventBridge",
        Effect: "Allow",
        Principal: { Service: "events.amazonaws.com" },
        Action: ["sts:AssumeRole"],
        Condition: { StringEquals: { "aws:SourceAccount": Aws.ACCOUNT_ID } },
      },
    ]),
    policies: [
      {
        policyName: "forward",
        policyDocument: policyDocument([
          { Sid: "PutToHub", Effect: "Allow", Action: ["events:PutEvents"], Resource: [bus] },
        ]),
      },
    ],
  });
