import { describe, expect, it } from "vitest";
import { type Role, ROLES } from "../../controller/domain/outcome.ts";
import { boundaryPolicy } from "../../infra/boundary-policy.ts";
import { generatePolicies, registry } from "../../infra/policy.ts";
import { bindPolicy } from "../../infra/policy-document.ts";
import { reviewedPolicy } from "../../infra/policy-files.ts";
import { evaluate } from "../simulator/iam/evaluate.ts";

const account = "222222222222";
const bindings = { "AWS::Partition": "aws", "AWS::AccountId": account, Fleet: "production", RolePath: "/" };
const boundary = bindPolicy(reviewedPolicy("boundary"), bindings);
const policies = generatePolicies(registry);
const somewhere = `arn:aws:backup:eu-west-1:${account}:backup-vault:nightly`;

const granted = (role: Role): readonly string[] => [
  ...new Set(policies[role].Statement.flatMap(({ Effect, Action }) => (Effect === "Allow" ? Action : []))),
];
const judged = (role: Role, action: string, resource = somewhere, context = {}) =>
  evaluate([boundary], {
    action,
    resource,
    principal: { account, arn: `arn:aws:sts::${account}:assumed-role/holdfast-${role}/run` },
    context,
  });

describe("the boundary of a member account's roles", () => {
  it.each(ROLES)("takes nothing from %s that it is granted", (role) => {
    expect(granted(role).filter((action) => judged(role, action) !== "allowed")).toEqual([]);
  });

  it("is the one that was reviewed", () => {
    expect(reviewedPolicy("boundary")).toEqual(boundaryPolicy(policies));
  });

  it("keeps each change to the roles it is granted to, whatever else is attached to the others", () => {
    const writing = [...new Set(ROLES.flatMap(granted))].filter((action) => !/:(Describe|Get|List)/.test(action));
    const elsewhere = ROLES.flatMap((role) =>
      writing.filter((action) => !granted(role).includes(action)).map((action) => [role, action] as const),
    );
    expect(elsewhere.length).toBeGreaterThan(60);
    expect(elsewhere.filter(([role, action]) => judged(role, action) !== "explicitly-denied")).toEqual([]);
  });

  it.each([
    "iam:AttachRolePolicy",
    "iam:CreateRole",
    "iam:DeleteRolePermissionsBoundary",
    "sts:AssumeRole",
    "kms:ScheduleKeyDeletion",
    "s3:GetObject",
    "s3:DeleteObject",
    "backup:DisassociateRecoveryPoint",
    "backup:StartRestoreJob",
    "ec2:DeleteSnapshot",
    "organizations:LeaveOrganization",
  ])("lets nobody do %s, were it ever attached", (action) => {
    expect(ROLES.filter((role) => judged(role, action) === "allowed")).toEqual([]);
  });

  it("refuses what the roles' own guards refuse", () => {
    const forEver = { "backup:ChangeableForDays": 30 };
    const putLock = "backup:PutBackupVaultLockConfiguration";
    expect(judged("apply", putLock, somewhere, forEver)).toBe("explicitly-denied");
    const marks = { "aws:TagKeys": ["holdfast:keep"] };
    expect(judged("apply", "backup:TagResource", somewhere, marks)).toBe("explicitly-denied");
  });

  it("fits into what IAM lets a managed policy weigh, with the longest path the settings take", () => {
    const bound = bindPolicy(reviewedPolicy("boundary"), { ...bindings, RolePath: `/${"a".repeat(126)}/` });
    expect(JSON.stringify(bound).length).toBeLessThan(6144);
  });
});
