import { policyDocument, type PolicyDocument } from "./policy-document.ts";

/** In a secret's own policy `*` means the secret. The refusal binds administrators too, who can still rewrite it: CloudTrail's PutResourcePolicy. */
export const webhookSecretPolicy = (readers: readonly string[]): PolicyDocument =>
  policyDocument([
    {
      Sid: "NobodyElseReads",
      Effect: "Deny",
      Principal: "*",
      Action: ["secretsmanager:GetSecretValue"],
      Resource: ["*"],
      Condition: { ArnNotEquals: { "aws:PrincipalArn": readers } },
    },
  ]);
