import { Aws } from "aws-cdk-lib";
import { PLANNER_ROLE_NAME } from "./roles.ts";
import type { Settings } from "./settings.ts";

/** ARN of a role of the hub as other accounts name it; of the account deployed to, where the settings name no hub. */
export const roleInHub = (name: string, { hubAccount }: Pick<Settings, "hubAccount">): string =>
  `arn:${Aws.PARTITION}:iam::${hubAccount ?? Aws.ACCOUNT_ID}:role/${name}`;

/** ARNs of those who look and change nothing: pull requests that plan, and people. Only whom the settings name: IAM trusts no role that is not there. */
export const readersOf = (settings: Pick<Settings, "readers" | "github" | "hubAccount">): readonly string[] => [
  ...(settings.github?.plan === true ? [roleInHub(PLANNER_ROLE_NAME, settings)] : []),
  ...settings.readers,
];
