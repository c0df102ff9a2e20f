import { Aws, PermissionsBoundary, type StackProps } from "aws-cdk-lib";
import type { Settings } from "./settings.ts";

/** ARN of a managed policy of the account deployed to, by its name, which may have a path. */
export const managedPolicyArn = (name: string): string =>
  `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:policy/${name.replace(/^\//, "")}`;

/** Bounds every role of a stack by the organization's own policy, where the settings name one. */
export const boundedBy = ({ permissionsBoundary: name }: Settings): Pick<StackProps, "permissionsBoundary"> =>
  name === undefined ? {} : { permissionsBoundary: PermissionsBoundary.fromName(name.replace(/^\//, "")) };
