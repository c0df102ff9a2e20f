import { CfnRole, CfnRolePolicy } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import { type Bindings, bindPolicy, policyDocument } from "../policy-document.ts";
import { reviewedPolicy } from "../policy-files.ts";
import { CONTROLLER_ROLE_NAME } from "../roles.ts";

/** The role the controller runs as. Its rights come by `permit`, once there is something to have rights to. */
export class ControllerRole extends Construct {
  readonly arn: string;
  private readonly role: CfnRole;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.role = new CfnRole(this, "Role", {
      roleName: CONTROLLER_ROLE_NAME,
      description: "Holdfast's controller: reads desired state, signs evidence, enters member accounts.",
      assumeRolePolicyDocument: policyDocument([
        {
          Sid: "RunAsLambda",
          Effect: "Allow",
          Principal: { Service: "lambda.amazonaws.com" },
          Action: ["sts:AssumeRole"],
        },
      ]),
    });
    this.arn = this.role.attrArn;
  }

  permit(bindings: Bindings): CfnRolePolicy {
    return new CfnRolePolicy(this, "Policy", {
      roleName: this.role.ref,
      policyName: "controller",
      policyDocument: bindPolicy(reviewedPolicy("controller"), bindings),
    });
  }
}
