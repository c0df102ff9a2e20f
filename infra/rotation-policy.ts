/** What the function that rotates the webhooks' key may do: read and stage the versions of that one secret. */
import { writeLogs } from "./hub-statements.ts";
import { policyDocument } from "./policy-document.ts";

export const rotationPolicy = policyDocument([
  {
    Sid: "RotateSecret",
    Effect: "Allow",
    Action: [
      "secretsmanager:DescribeSecret",
      "secretsmanager:GetSecretValue",
      "secretsmanager:PutSecretValue",
      "secretsmanager:UpdateSecretVersionStage",
    ],
    Resource: ["${WebhookSecret}"],
  },
  writeLogs,
]);
