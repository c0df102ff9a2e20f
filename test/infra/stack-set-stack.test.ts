import { describe, expect, it } from "vitest";
import { memberEventsTemplate, memberTemplate, propertiesOf, stackSetTemplate } from "./deployed.ts";

const hubAccount = "111111111111";
const bus = `arn:aws:events:eu-west-1:${hubAccount}:event-bus/holdfast`;
const stackSet = { organizationalUnits: ["ou-ab12-11111111"], regions: ["eu-central-1", "eu-west-1"] };

interface StackSetProperties {
  readonly StackSetName: string;
  readonly TemplateBody: string;
  readonly [property: string]: unknown;
}
const stackSetsOf = (settings: object) =>
  propertiesOf(stackSetTemplate(settings), "AWS::CloudFormation::StackSet") as readonly StackSetProperties[];
const [members, events, ...others] = stackSetsOf({ hubAccount, eventBus: bus, stackSet });

describe("the stack set of member stacks", () => {
  it("deploys to the accounts of organizational units, in one Region as roles are global", () => {
    expect(members).toMatchObject({
      StackSetName: "holdfast-member",
      PermissionModel: "SERVICE_MANAGED",
      CallAs: "DELEGATED_ADMIN",
      Capabilities: ["CAPABILITY_NAMED_IAM"],
      ManagedExecution: { Active: true },
      StackInstancesGroup: [
        {
          DeploymentTargets: { OrganizationalUnitIds: ["ou-ab12-11111111"] },
          Regions: ["eu-central-1"],
        },
      ],
    });
    expect(others).toEqual([]);
  });

  it("follows accounts as they come, and leaves no role behind in one that goes", () => {
    expect(members?.["AutoDeployment"]).toEqual({ Enabled: true, RetainStacksOnAccountRemoval: false });
  });

  it("stops where more accounts fail than may, and never has many more at work", () => {
    expect(members?.["OperationPreferences"]).toEqual({
      ConcurrencyMode: "STRICT_FAILURE_TOLERANCE",
      FailureTolerancePercentage: 10,
      MaxConcurrentPercentage: 25,
      RegionConcurrencyType: "PARALLEL",
    });
  });

  it("carries the template that the member stack by itself is deployed with", () => {
    expect(JSON.parse(members?.TemplateBody ?? "")).toEqual(memberTemplate({ hubAccount }).toJSON());
    expect(Buffer.byteLength(members?.TemplateBody ?? "")).toBeLessThan(51_200);
  });

  it("carries the settings of members: path, engine and boundary", () => {
    const settings = { hubAccount, rolePath: "/holdfast/", engine: "durable", permissionsBoundary: "limits" };
    const [set] = stackSetsOf({ ...settings, stackSet });
    expect(JSON.parse(set?.TemplateBody ?? "")).toEqual(memberTemplate(settings).toJSON());
  });

  it("forwards events from every Region, where the hub's bus is known", () => {
    expect(events).toMatchObject({
      StackSetName: "holdfast-member-events",
      StackInstancesGroup: [{ Regions: ["eu-central-1", "eu-west-1"] }],
    });
    expect(JSON.parse(events?.TemplateBody ?? "")).toEqual(memberEventsTemplate(bus).toJSON());
    expect(stackSetsOf({ hubAccount, stackSet })).toHaveLength(1);
  });

  it("leaves out the accounts that the settings leave out, and is called as they say", () => {
    const [set] = stackSetsOf({
      hubAccount,
      stackSet: { ...stackSet, excludeAccounts: ["333333333333"], callAs: "self", failureTolerancePercent: 0 },
    });
    expect(set).toMatchObject({
      CallAs: "SELF",
      OperationPreferences: { FailureTolerancePercentage: 0 },
      StackInstancesGroup: [{ DeploymentTargets: { AccountFilterType: "DIFFERENCE", Accounts: ["333333333333"] } }],
    });
  });

  it("is refused without the account whose controller members are to trust", () => {
    expect(() => stackSetTemplate({ stackSet })).toThrow("hubAccount is needed");
    expect(() => stackSetTemplate({ hubAccount })).toThrow("stackSet is needed");
  });
});
