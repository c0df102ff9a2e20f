import { describe, expect, it } from "vitest";
import { memberEventsTemplate, only, resolvedPolicy } from "./deployed.ts";

const bus = "arn:aws:events:eu-west-1:111111111111:event-bus/holdfast";
const template = memberEventsTemplate(bus);
const deployed = { "AWS::Partition": "aws", "AWS::AccountId": "222222222222" };
const role = only(template, "AWS::IAM::Role") as {
  readonly AssumeRolePolicyDocument: unknown;
  readonly Policies: readonly { readonly PolicyDocument: unknown }[];
};

describe("a member Region's events", () => {
  it("go to the hub's bus, all that AWS Backup says, for an hour at most", () => {
    expect(only(template, "AWS::Events::Rule")).toMatchObject({
      EventPattern: { source: ["aws.backup"] },
      Targets: [
        {
          Arn: bus,
          RoleArn: { "Fn::GetAtt": [expect.stringMatching(/^Role/), "Arn"] },
          RetryPolicy: { MaximumEventAgeInSeconds: 3600 },
        },
      ],
    });
    expect(Object.keys(template.toJSON().Resources as object)).toHaveLength(2);
  });

  it("are put there by EventBridge for this account alone, and to that bus alone", () => {
    expect(resolvedPolicy(role.AssumeRolePolicyDocument, deployed).Statement).toEqual([
      {
        Sid: "ForwardAsEventBridge",
        Effect: "Allow",
        Principal: { Service: "events.amazonaws.com" },
        Action: ["sts:AssumeRole"],
        Condition: { StringEquals: { "aws:SourceAccount": "222222222222" } },
      },
    ]);
    expect(role.Policies.map(({ PolicyDocument }) => resolvedPolicy(PolicyDocument, deployed).Statement)).toEqual([
      [{ Sid: "PutToHub", Effect: "Allow", Action: ["events:PutEvents"], Resource: [bus] }],
    ]);
  });

  it("have a role of no fixed name, since each Region makes one, within the organization's boundary where it has one", () => {
    expect(role).not.toHaveProperty("RoleName");
    const bounded = only(memberEventsTemplate(bus, { permissionsBoundary: "limits" }), "AWS::IAM::Role") as {
      readonly PermissionsBoundary: unknown;
    };
    expect(resolvedPolicy(bounded.PermissionsBoundary, deployed)).toBe("arn:aws:iam::222222222222:policy/limits");
  });
});
