import { type App, Validations } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";

/**
 * Has synthesis fail on whatever cdk-nag's AwsSolutions rules find and nobody has acknowledged (acknowledge.ts). They look at policies
 * within roles and at managed ones, not at those that stand beside a role (AWS::IAM::RolePolicy): the hub's own are held by tests alone.
 */
export const checkApp = (app: App): void => Validations.of(app).addPlugins(new AwsSolutionsChecks());
