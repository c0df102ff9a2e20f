/* oxlint-disable no-new -- a construct joins its scope by being made */
import { Aws, BootstraplessSynthesizer, CfnOutput, type IStackSynthesizer, Stack, type StackProps } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { ROLES } from "../controller/domain/outcome.ts";
import { memberRole } from "./constructs/member-role.ts";
import { CONTROLLER_ROLE_NAME } from "./roles.ts";
import type { Settings } from "./settings.ts";

export interface MemberStackProps extends StackProps {
  readonly settings: Settings;
}

/**
 * A member account: four roles and nothing else. IAM is global, so once an account is enough, in any Region. It needs no CDK bootstrap:
 * its template is plain CloudFormation, deployable by any means to any number of accounts.
 */
export class MemberStack extends Stack {
  constructor(scope: Construct, id: string, { settings, ...props }: MemberStackProps) {
    // CDK's own types do not agree under exactOptionalPropertyTypes.
    super(scope, id, { synthesizer: new BootstraplessSynthesizer() as IStackSynthesizer, ...props });
    const { fleet, externalId, organizationId, hubAccount = Aws.ACCOUNT_ID } = settings;
    const controllerRole = `arn:${Aws.PARTITION}:iam::${hubAccount}:role/${CONTROLLER_ROLE_NAME}`;
    const bindings = { "AWS::Partition": Aws.PARTITION, "AWS::AccountId": Aws.ACCOUNT_ID, Fleet: fleet };
    for (const role of ROLES) {
      const { attrArn } = memberRole(this, role, { controllerRole, externalId, organizationId }, bindings);
      new CfnOutput(this, `${role}RoleArn`, { value: attrArn });
    }
  }
}
