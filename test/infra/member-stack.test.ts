import type { Template } from "aws-cdk-lib/assertions";
import { describe, expect, it } from "vitest";
import { ROLES } from "../../controller/domain/outcome.ts";
import { bindPolicy, type PolicyDocument } from "../../infra/policy-document.ts";
import { reviewedPolicy } from "../../infra/policy-files.ts";
import { evaluate } from "../simulator/iam/evaluate.ts";
import { memberTemplate, only, resolvedPolicy } from "./deployed.ts";

const member = "222222222222";
const hub = "111111111111";
const deployed = { "AWS::Partition": "aws", "AWS::AccountId": member };

interface RoleProperties {
  readonly RoleName: string;
  readonly Path: string;
  readonly PermissionsBoundary: unknown;
  readonly MaxSessionDuration: number;
  readonly AssumeRolePolicyDocument: unknown;
  readonly Policies: readonly { readonly PolicyName: string; readonly PolicyDocument: unknown }[];
}
const template = memberTemplate({ hubAccount: hub });
const rolesOf = (of: Template): readonly RoleProperties[] =>
  Object.values(of.findResources("AWS::IAM::Role")).map(({ Properties }) => Properties as RoleProperties);
const roles = rolesOf(template);
const boundaryOf = (of: Template): PolicyDocument =>
  resolvedPolicy(
    (only(of, "AWS::IAM::ManagedPolicy") as { readonly PolicyDocument: unknown }).PolicyDocument,
    deployed,
  );
const trustOf = (role: RoleProperties): PolicyDocument => resolvedPolicy(role.AssumeRolePolicyDocument, deployed);

describe("a member account", () => {
  it("gets the four roles, by the names a Fleet expects, for an hour at a time, what bounds them, and nothing else", () => {
    expect(roles.map(({ RoleName }) => RoleName)).toEqual(ROLES.map((role) => `holdfast-${role}`));
    expect(roles.map(({ MaxSessionDuration }) => MaxSessionDuration)).toEqual([3600, 3600, 3600, 3600]);
    template.resourceCountIs("AWS::IAM::Role", 4);
    template.resourceCountIs("AWS::IAM::ManagedPolicy", 1);
    expect(Object.keys(template.toJSON().Resources as object)).toHaveLength(5);
  });

  it.each(ROLES)("gives %s the reviewed policy and no other", (role) => {
    const { Policies } = roles.find(({ RoleName }) => RoleName === `holdfast-${role}`)!;
    const bindings = { "AWS::Partition": "aws", "AWS::AccountId": member, Fleet: "production", RolePath: "/" };
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

describe("a member account's settings", () => {
  it("move the roles to a path, and what names them with them", () => {
    const moved = memberTemplate({ hubAccount: hub, rolePath: "/platform/holdfast/" });
    expect(rolesOf(moved).map(({ Path }) => Path)).toEqual(ROLES.map(() => "/platform/holdfast/"));
    expect(JSON.stringify(boundaryOf(moved))).toContain(`arn:aws:iam::${member}:role/platform/holdfast/holdfast-apply`);
  });

  it("put the organization's own boundary in the place of ours", () => {
    const bounded = memberTemplate({ hubAccount: hub, permissionsBoundary: "security/workload-boundary" });
    bounded.resourceCountIs("AWS::IAM::ManagedPolicy", 0);
    const arns = rolesOf(bounded).map(({ PermissionsBoundary }) => resolvedPolicy(PermissionsBoundary, deployed));
    expect(arns).toEqual(ROLES.map(() => `arn:aws:iam::${member}:policy/security/workload-boundary`));
  });

  it("let workers of a large fleet in, but never to destroy", () => {
    const principals = rolesOf(memberTemplate({ hubAccount: hub, engine: "durable" })).map((role) => [
      role.RoleName,
      trustOf(role).Statement.map(({ Principal }) => Principal),
    ]);
    const controller = `arn:aws:iam::${hub}:role/holdfast-controller`;
    const both = { AWS: [controller, `arn:aws:iam::${hub}:role/holdfast-worker`] };
    expect(principals).toEqual([
      ["holdfast-observe", [both, both]],
      ["holdfast-apply", [both, both]],
      ["holdfast-retain", [both, both]],
      ["holdfast-destroy", [{ AWS: controller }, { AWS: controller }]],
    ]);
  });
});

describe("those who look and change nothing", () => {
  const person = `arn:aws:iam::${hub}:role/aws-reserved/sso.amazonaws.com/eu-central-1/AWSReservedSSO_Backups_0123456789abcdef`;
  const planner = `arn:aws:iam::${hub}:role/holdfast-planner`;
  const github = { repository: "acme/backups", branch: "main", plan: true };
  const entrants = (settings: object, name = "observe") =>
    trustOf(
      rolesOf(memberTemplate({ hubAccount: hub, ...settings })).find((one) => one.RoleName === `holdfast-${name}`)!,
    );
  const named = (trust: PolicyDocument) =>
    trust.Statement.map(({ Principal }) => [(Principal as { readonly AWS: string | readonly string[] }).AWS].flat());

  it.each(ROLES.filter((role) => role !== "observe"))("are let in by no role that %ss", (role) => {
    const [controller] = named(trustOf(roles[0]!));
    expect(named(entrants({ github, readers: [person] }, role))).toEqual([controller, controller]);
  });

  it("are let in to observe, under the conditions of the controller", () => {
    const trust = entrants({ github, readers: [person] });
    const [controller] = named(trustOf(roles[0]!));
    expect(named(trust)).toEqual([
      [...controller!, planner, person],
      [...controller!, planner, person],
    ]);
    const conditions = ({ Statement }: PolicyDocument) => Statement.map(({ Condition }) => Condition);
    expect(conditions(trust)).toEqual(conditions(trustOf(roles[0]!)));
  });

  it("are named only where the settings name them: IAM trusts no role that does not exist", () => {
    const [controller] = named(trustOf(roles[0]!));
    expect(named(entrants({ github: { ...github, plan: false } }))).toEqual([controller, controller]);
  });

  it("all fit into the trust policy that IAM takes", () => {
    const longest = Array.from({ length: 4 }, (_, at) => person.replace("Backups", `${"B".repeat(32)}${at}`));
    const trust = entrants({ github, readers: longest, engine: "durable" });
    expect(JSON.stringify(trust).length).toBeLessThanOrEqual(2048);
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
