import type { Template } from "aws-cdk-lib/assertions";
import { describe, expect, it } from "vitest";
import { ROLES } from "../../controller/domain/outcome.ts";
import { bindPolicy, type PolicyDocument } from "../../infra/policy-document.ts";
import { reviewedPolicy } from "../../infra/policy-files.ts";
import { evaluate } from "../simulator/iam/evaluate.ts";
import { memberTemplate, resolvedPolicy } from "./deployed.ts";

const member = "222222222222";
const hub = "111111111111";
const deployed = { "AWS::Partition": "aws", "AWS::AccountId": member };

interface RoleProperties {
  readonly RoleName: string;
  readonly MaxSessionDuration: number;
  readonly AssumeRolePolicyDocument: unknown;
  readonly Policies: readonly { readonly PolicyName: string; readonly PolicyDocument: unknown }[];
}
const template = memberTemplate({ hubAccount: hub });
const rolesOf = (of: Template): readonly RoleProperties[] =>
  Object.values(of.findResources("AWS::IAM::Role")).map(({ Properties }) => Properties as RoleProperties);
const roles = rolesOf(template);
const trustOf = (role: RoleProperties): PolicyDocument => resolvedPolicy(role.AssumeRolePolicyDocument, deployed);

describe("a member account", () => {
  it("gets the four roles, by the names a Fleet expects, for an hour at a time, and nothing else", () => {
    expect(roles.map(({ RoleName }) => RoleName)).toEqual(ROLES.map((role) => `holdfast-${role}`));
    expect(roles.map(({ MaxSessionDuration }) => MaxSessionDuration)).toEqual([3600, 3600, 3600, 3600]);
    template.resourceCountIs("AWS::IAM::Role", 4);
    expect(Object.keys(template.toJSON().Resources as object)).toHaveLength(4);
  });

  it.each(ROLES)("gives %s the reviewed policy and no other", (role) => {
    const { Policies } = roles.find(({ RoleName }) => RoleName === `holdfast-${role}`)!;
    const bindings = { "AWS::Partition": "aws", "AWS::AccountId": member, Fleet: "production" };
    expect(Policies.map(({ PolicyDocument }) => resolvedPolicy(PolicyDocument, deployed))).toEqual([
      bindPolicy(reviewedPolicy(role), bindings),
    ]);
  });

  it("keeps each role within what IAM allows inline policies of a role to weigh", () => {
    const weights = roles.map(
      ({ Policies }) => JSON.stringify(resolvedPolicy(Policies[0]?.PolicyDocument, deployed)).length,
    );
    expect(Math.max(...weights)).toBeLessThan(10_240);
  });

  it("can be deployed by any means: its template asks for no bootstrap and holds no asset", () => {
    const whole = template.toJSON() as Readonly<Record<string, unknown>>;
    expect(Object.keys(whole).toSorted()).toEqual(["Outputs", "Resources"]);
    expect(JSON.stringify(whole).length).toBeLessThan(51_200);
  });

  it("trusts its own account's controller where no hub account is set: a fleet of one account", () => {
    const trust = trustOf(rolesOf(memberTemplate())[0]!);
    expect(trust.Statement.map(({ Principal }) => Principal)).toEqual([
      { AWS: `arn:aws:iam::${member}:role/holdfast-controller` },
      { AWS: `arn:aws:iam::${member}:role/holdfast-controller` },
    ]);
  });
});

describe("a member role's trust", () => {
  const controller = `arn:aws:sts::${hub}:assumed-role/holdfast-controller/run`;
  const asked = {
    "aws:PrincipalOrgID": "o-exampleorgid",
    "sts:ExternalId": "holdfast-production",
    "sts:SourceIdentity": "run-1",
  };
  const decide = (action: string, context: object, arn = controller) =>
    roles.map((role) =>
      evaluate([trustOf(role)], {
        action,
        resource: `arn:aws:iam::${member}:role/${role.RoleName}`,
        principal: { account: hub, arn },
        context: { ...context },
      }),
    );
  const every = (decision: string) => [decision, decision, decision, decision];

  it("lets the controller in, in a run's name", () => {
    expect(decide("sts:AssumeRole", asked)).toEqual(every("allowed"));
  });

  it("lets the run be named even if STS judges that by the source identity alone", () => {
    const { "sts:ExternalId": _, ...withoutExternalId } = asked;
    expect(decide("sts:SetSourceIdentity", withoutExternalId)).toEqual(every("allowed"));
  });

  it.each([
    ["without an external id", { "sts:ExternalId": undefined }],
    ["with another fleet's external id", { "sts:ExternalId": "holdfast-staging" }],
    ["without a run's name", { "sts:SourceIdentity": undefined }],
    ["from another organization", { "aws:PrincipalOrgID": "o-another0000" }],
  ])("refuses the controller %s", (_, without) => {
    expect(decide("sts:AssumeRole", { ...asked, ...without })).toEqual(every("implicitly-denied"));
  });

  it.each([
    ["another role of the hub", `arn:aws:sts::${hub}:assumed-role/administrator/somebody`],
    ["a user of the hub", `arn:aws:iam::${hub}:user/somebody`],
  ])("refuses %s", (_, arn) => {
    expect(decide("sts:AssumeRole", asked, arn)).toEqual(every("implicitly-denied"));
  });

  it("lets nobody tag the session: tags would count as the principal's own", () => {
    expect(decide("sts:TagSession", asked)).toEqual(every("implicitly-denied"));
  });
});
