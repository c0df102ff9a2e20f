/** What the rotation of a secret asks of AWS Secrets Manager. */
import { later, reads, writes } from "./operation.ts";
import { secretsManager } from "./services/index.ts";

const OTHER = { pace: "other" } as const;

export const describeSecret = reads(
  "secretsmanager:DescribeSecret",
  later(secretsManager, "DescribeSecretCommand"),
  OTHER,
);
export const getSecretValue = reads(
  "secretsmanager:GetSecretValue",
  later(secretsManager, "GetSecretValueCommand"),
  OTHER,
);
export const putSecretValue = writes(
  "secretsmanager:PutSecretValue",
  later(secretsManager, "PutSecretValueCommand"),
  OTHER,
);
export const updateSecretVersionStage = writes(
  "secretsmanager:UpdateSecretVersionStage",
  later(secretsManager, "UpdateSecretVersionStageCommand"),
  OTHER,
);
