import { describe, expect, it } from "vitest";
import { hubTemplate, only } from "./deployed.ts";

const template = hubTemplate();
const startingWith = (id: string): string => expect.stringMatching(`^${id}`) as string;

describe("the webhooks' key", () => {
  const inWebhooks = (name: string) => startingWith(`Webhooks${name}`);
  const secret = { Ref: inWebhooks("Secret") };
  const rotation = { "Fn::GetAtt": [inWebhooks("Function"), "Arn"] };

  it("is exchanged every thirty days by our own function, which Secrets Manager may call for this secret alone", () => {
    expect(only(template, "AWS::SecretsManager::RotationSchedule")).toEqual({
      SecretId: secret,
      RotationLambdaARN: rotation,
      RotationRules: { ScheduleExpression: "rate(30 days)" },
    });
    expect(only(template, "AWS::Lambda::Permission")).toEqual({
      Action: "lambda:InvokeFunction",
      FunctionName: { Ref: inWebhooks("Function") },
      Principal: "secretsmanager.amazonaws.com",
      SourceAccount: { Ref: "AWS::AccountId" },
      SourceArn: secret,
    });
  });

  it("begins as long as those that the function makes, of characters that they may have", () => {
    expect(only(template, "AWS::SecretsManager::Secret")).toMatchObject({
      GenerateSecretString: { PasswordLength: 43, ExcludePunctuation: true },
    });
  });

  it("is read by the role that signs and by the function, whatever an administrator may do", () => {
    const reader = (id: string) => ({ "Fn::GetAtt": [startingWith(id), "Arn"] });
    expect(only(template, "AWS::SecretsManager::ResourcePolicy")).toMatchObject({
      BlockPublicPolicy: true,
      ResourcePolicy: {
        Statement: [
          {
            Effect: "Deny",
            Principal: "*",
            Action: ["secretsmanager:GetSecretValue"],
            Condition: { ArnNotEquals: { "aws:PrincipalArn": [reader("ControllerRole"), reader("WebhooksRole")] } },
          },
        ],
      },
    });
  });
});
