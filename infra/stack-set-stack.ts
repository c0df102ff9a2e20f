/* oxlint-disable no-new -- a construct joins its scope by being made */
import { CfnOutput, CfnStackSet, Stack, type StackProps } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { HoldfastError } from "../controller/domain/errors.ts";
import { boundedBy } from "./boundary.ts";
import { MemberEventsStack } from "./member-events-stack.ts";
import { MemberStack } from "./member-stack.ts";
import type { Settings } from "./settings.ts";
import { templateText } from "./template-text.ts";

export interface StackSetStackProps extends StackProps {
  readonly settings: Settings;
}

type Deployment = NonNullable<Settings["stackSet"]>;

/**
 * Member stacks for every account of some organizational units, those that join later included. Service-managed stack sets never deploy
 * into the management account (CloudFormation User Guide, "StackSets and AWS Organizations"): that one takes the member stack by itself.
 */
export class StackSetStack extends Stack {
  constructor(scope: Construct, id: string, { settings, ...props }: StackSetStackProps) {
    super(scope, id, props);
    const { stackSet: deployment, eventBus: bus } = settings;
    if (deployment === undefined)
      throw new HoldfastError("setting-refused", "the setting stackSet is needed: it names the organizational units");
    // In a member's template "this account" is the member's: whose controller is trusted must be said.
    if (settings.hubAccount === undefined)
      throw new HoldfastError("setting-refused", "the setting hubAccount is needed: members trust its controller");
    const context = this.node.getAllContext() as Readonly<Record<string, unknown>>;
    new MemberStackSet(this, "Members", {
      name: "holdfast-member",
      description: "Holdfast's roles in the accounts of its fleet.",
      template: templateText(context, (app) => new MemberStack(app, "holdfast-member", { settings })),
      deployment,
      // IAM is global: a second Region would make the same names again.
      regions: deployment.regions.slice(0, 1),
    });
    if (bus === undefined) return;
    new MemberStackSet(this, "MemberEvents", {
      name: "holdfast-member-events",
      description: "Forwards AWS Backup's events to Holdfast.",
      template: templateText(context, (app) => new MemberEventsStack(app, "events", { bus, ...boundedBy(settings) })),
      deployment,
      regions: deployment.regions,
    });
  }
}

interface MemberStackSetProps {
  readonly name: string;
  readonly description: string;
  readonly template: string;
  readonly deployment: Deployment;
  readonly regions: readonly string[];
}

/** Most of the accounts worked on at once, in per cent. */
const MOST_AT_ONCE = 25;

class MemberStackSet extends CfnStackSet {
  constructor(scope: Construct, id: string, { name, description, template, deployment, regions }: MemberStackSetProps) {
    super(scope, id, {
      stackSetName: name,
      description,
      templateBody: template,
      capabilities: ["CAPABILITY_NAMED_IAM"],
      permissionModel: "SERVICE_MANAGED",
      callAs: deployment.callAs === "self" ? "SELF" : "DELEGATED_ADMIN",
      // Operations that do not conflict run beside one another, and the others queue, rather than fail.
      managedExecution: { Active: true },
      // Roles hold nothing that could be lost, and one left behind would go on trusting a controller of an organization that the
      // account may have left. An account that only moves gets them anew where its next OU is a target as well.
      autoDeployment: { enabled: true, retainStacksOnAccountRemoval: false },
      operationPreferences: {
        failureTolerancePercentage: deployment.failureTolerancePercent,
        maxConcurrentPercentage: MOST_AT_ONCE,
        // A template that breaks one account stops before it has broken many: never more at once than may fail, and one.
        concurrencyMode: "STRICT_FAILURE_TOLERANCE",
        regionConcurrencyType: "PARALLEL",
      },
      stackInstancesGroup: [{ deploymentTargets: targetsOf(deployment), regions: [...regions] }],
    });
    new CfnOutput(this, "Id", { value: this.attrStackSetId });
  }
}

const targetsOf = ({ organizationalUnits, excludeAccounts }: Deployment) => ({
  organizationalUnitIds: [...organizationalUnits],
  ...(excludeAccounts.length === 0 ? {} : { accountFilterType: "DIFFERENCE", accounts: [...excludeAccounts] }),
});
