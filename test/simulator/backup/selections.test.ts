import { describe, expect, it } from "vitest";
import type { BackupSelection } from "@aws-sdk/client-backup";
import type { ApiError } from "../service.ts";
import type { Checked } from "./contract.ts";
import { foreign, home, region, role, TestWorld } from "./fixture.ts";
import { picks } from "./matching.ts";
import { normalised } from "./selection-document.ts";
import type { ProtectableResource } from "./world.ts";

type Selection = Checked<BackupSelection>;

const tag = { ConditionType: "STRINGEQUALS", ConditionKey: "backup", ConditionValue: "true" } as const;

function selectionOf(over: Partial<Selection> = {}): Selection {
  return { SelectionName: "all", IamRoleArn: role, Resources: ["*"], ...over };
}

function worldWithPlan(): { world: TestWorld; plan: string } {
  const world = new TestWorld();
  const { BackupPlanId: plan = "" } = world.call("CreateBackupPlan", {
    BackupPlan: { BackupPlanName: "plan", Rules: [{ RuleName: "daily", TargetBackupVaultName: "main" }] },
  });
  return { world, plan };
}

const refusals: Readonly<
  Record<
    string,
    {
      readonly because: string;
      readonly selection: Selection;
      readonly given?: (world: TestWorld) => void;
      readonly error: Partial<ApiError>;
    }
  >
> = {
  "it says neither resources nor tags": {
    because: "3.2: conditions alone are rejected; text [TP]",
    selection: {
      SelectionName: "none",
      IamRoleArn: role,
      Conditions: { StringEquals: [{ ConditionKey: "aws:ResourceTag/a", ConditionValue: "1" }] },
    },
    error: {
      type: "InvalidParameterValueException",
      message: "Invalid backup selection. Either 'ListOfTags' or 'Resources' section must be non-empty.",
    },
  },
  "its role cannot be assumed": {
    because: "3.6 [TP]",
    selection: selectionOf(),
    given: (world) => world.missingRoles.add(role),
    error: { type: "InvalidParameterValueException", message: `IAM Role ${role} cannot be assumed by AWS Backup` },
  },
  "its role belongs to another account": {
    because: "3.6",
    selection: selectionOf({ IamRoleArn: `arn:aws:iam::${foreign}:role/backup` }),
    error: { type: "InvalidParameterValueException" },
  },
  "it uses tags and its role may not read them": {
    because: "3.6, 0.2 ERROR_3018 [TP]",
    selection: selectionOf({ Resources: [], ListOfTags: [tag] }),
    given: (world) => world.denied.add("tag:GetResources"),
    error: {
      message: `IAM Role ${role} is not authorized to call tag:GetResources`,
      fields: { Code: "ERROR_3018", Context: role },
    },
  },
  "a condition key lacks its prefix": {
    because: "3.1",
    selection: selectionOf({ Conditions: { StringEquals: [{ ConditionKey: "a", ConditionValue: "1" }] } }),
    error: { type: "InvalidParameterValueException" },
  },
  "it names more than 30 patterns": {
    because: "0.6",
    selection: selectionOf({ Resources: Array.from({ length: 31 }, (_, n) => `arn:aws:s3:::bucket-${n}-*`) }),
    error: { type: "LimitExceededException" },
  },
  "a pattern ends in something after its wildcard": {
    because: "3.3: suffix patterns are unsupported",
    selection: selectionOf({ Resources: ["arn:aws:s3:::*-logs"] }),
    error: { type: "InvalidParameterValueException" },
  },
};

describe("a selection is refused", () => {
  it.each(Object.entries(refusals))("where %s", (_sentence, { selection, given, error }) => {
    const { world, plan } = worldWithPlan();
    given?.(world);
    const refused = world.refusal("CreateBackupSelection", { BackupPlanId: plan, BackupSelection: selection });
    expect(refused).toMatchObject(error);
  });

  it("beyond ten that use tags (0.6)", () => {
    const { world, plan } = worldWithPlan();
    const make = (index: number) => ({
      BackupPlanId: plan,
      BackupSelection: selectionOf({ SelectionName: `s${index}`, ListOfTags: [tag] }),
    });
    for (let index = 0; index < 10; index += 1) world.call("CreateBackupSelection", make(index));
    expect(world.refusal("CreateBackupSelection", make(10)).type).toBe("LimitExceededException");
    const untagged = { BackupPlanId: plan, BackupSelection: selectionOf({ SelectionName: "untagged" }) };
    expect(world.call("CreateBackupSelection", untagged).SelectionId).toBeDefined();
  });
});

describe("a selection", () => {
  it("is read with empty lists for what was left out, and a little late (3.5, 0.5)", () => {
    const { world, plan } = worldWithPlan();
    const { SelectionId = "" } = world.call("CreateBackupSelection", {
      BackupPlanId: plan,
      BackupSelection: selectionOf(),
    });
    const asked = { BackupPlanId: plan, SelectionId };
    expect(world.refusal("GetBackupSelection", asked).type).toBe("ResourceNotFoundException");
    world.advance({ seconds: 10 });
    expect(world.call("GetBackupSelection", asked).BackupSelection).toEqual({
      ...selectionOf(),
      ListOfTags: [],
      NotResources: [],
      Conditions: { StringEquals: [], StringNotEquals: [], StringLike: [], StringNotLike: [] },
    });
  });

  it("is the same one for the same CreatorRequestId, and another content under it is refused (0.4)", () => {
    const { world, plan } = worldWithPlan();
    const request = { BackupPlanId: plan, BackupSelection: selectionOf(), CreatorRequestId: "once" };
    const first = world.call("CreateBackupSelection", request);
    expect(world.call("CreateBackupSelection", request)).toEqual(first);
    const changed = { ...request, BackupSelection: selectionOf({ SelectionName: "other" }) };
    expect(world.refusal("CreateBackupSelection", changed)).toMatchObject({
      type: "AlreadyExistsException",
      fields: { CreatorRequestId: "once" },
    });
  });

  it("is deleted once (3.7)", () => {
    const { world, plan } = worldWithPlan();
    const { SelectionId = "" } = world.call("CreateBackupSelection", {
      BackupPlanId: plan,
      BackupSelection: selectionOf(),
    });
    world.call("DeleteBackupSelection", { BackupPlanId: plan, SelectionId });
    expect(world.refusal("DeleteBackupSelection", { BackupPlanId: plan, SelectionId }).type).toBe(
      "InvalidParameterValueException",
    );
  });

  it("keeps its plan from being deleted, and for a little while longer (2.5, 0.5)", () => {
    const { world, plan } = worldWithPlan();
    const { SelectionId = "" } = world.call("CreateBackupSelection", {
      BackupPlanId: plan,
      BackupSelection: selectionOf(),
    });
    const refusal = {
      type: "InvalidRequestException",
      message: "Related backup plan selections must be deleted prior to backup plan deletion",
    };
    expect(world.refusal("DeleteBackupPlan", { BackupPlanId: plan })).toMatchObject(refusal);
    world.call("DeleteBackupSelection", { BackupPlanId: plan, SelectionId });
    expect(world.refusal("DeleteBackupPlan", { BackupPlanId: plan })).toMatchObject(refusal);
    world.advance({ seconds: 10 });
    world.call("DeleteBackupPlan", { BackupPlanId: plan });
  });

  it("of a plan that does not exist is an invalid parameter (3.7)", () => {
    const { world } = worldWithPlan();
    const refused = world.refusal("GetBackupSelection", { BackupPlanId: "absent", SelectionId: "absent" });
    expect(refused.type).toBe("InvalidParameterValueException");
    expect(refused.message).toContain("Cannot find Backup plan");
  });
});

const volume: ProtectableResource = {
  arn: `arn:aws:ec2:${region}:${home}:volume/vol-1`,
  type: "EBS",
  tags: { backup: "true", stage: "prod", team: "a b" },
  sizeBytes: 1,
};
const cluster: ProtectableResource = {
  arn: `arn:aws:rds:${region}:${home}:cluster:one`,
  type: "Aurora",
  tags: {},
  sizeBytes: 1,
};
const likeTeam = (value: string) => ({
  Conditions: { StringLike: [{ ConditionKey: "aws:ResourceTag/team", ConditionValue: value }] },
});
const notStage = (value: string) => ({
  Conditions: { StringNotEquals: [{ ConditionKey: "aws:ResourceTag/stage", ConditionValue: value }] },
});

const matches: Readonly<
  Record<
    string,
    {
      readonly because: string;
      readonly selection: Partial<Selection>;
      readonly resource: ProtectableResource;
      readonly off?: string;
      readonly picked: boolean;
    }
  >
> = {
  "a tag alone": { because: "3.2.1", selection: { Resources: [], ListOfTags: [tag] }, resource: volume, picked: true },
  "a pattern or a tag": {
    because: "3.2: union",
    selection: { Resources: ["arn:aws:rds:*"], ListOfTags: [tag] },
    resource: volume,
    picked: true,
  },
  "not what NotResources names": {
    because: "3.2.2",
    selection: { NotResources: ["arn:aws:ec2:*:*:volume/*"] },
    resource: volume,
    picked: false,
  },
  "not where one condition fails": { because: "3.2.3", selection: notStage("prod"), resource: volume, picked: false },
  "a resource without the tag of a negative condition": {
    because: "3.2: following IAM",
    selection: notStage("test"),
    resource: cluster,
    picked: true,
  },
  "not a resource without the tag of a positive condition": {
    because: "3.2",
    selection: likeTeam("*"),
    resource: cluster,
    picked: false,
  },
  "nothing where a wildcard would have to stand for white space": {
    because: "3.2",
    selection: likeTeam("a*b"),
    resource: volume,
    picked: false,
  },
  "what a wildcard at the start leads to, white space apart": {
    because: "3.2",
    selection: likeTeam("a b*"),
    resource: volume,
    picked: true,
  },
  "no type that is opted out, by wildcard": {
    because: "3.4: * honours opt-in",
    selection: {},
    resource: volume,
    off: "EBS",
    picked: false,
  },
  "no type that is opted out, by service": {
    because: "3.4",
    selection: { Resources: ["arn:aws:ec2:*"] },
    resource: volume,
    off: "EBS",
    picked: false,
  },
  "a type that is opted out, by its name": {
    because: "3.4: regardless of opt-in",
    selection: { Resources: ["arn:aws:ec2:*:*:volume/*"] },
    resource: volume,
    off: "EBS",
    picked: true,
  },
  "no type that is opted out and shares its ARN's form": {
    because: "3.4: Aurora, Neptune, DocumentDB",
    selection: { Resources: [cluster.arn] },
    resource: cluster,
    off: "Aurora",
    picked: false,
  },
  "nothing that a restore test made": {
    because: "3.2.4",
    selection: {},
    resource: { ...volume, tags: { "awsbackup-restore-test": "1" } },
    picked: false,
  },
};

describe("a selection picks", () => {
  it.each(Object.entries(matches))("%s", (_sentence, { selection, resource, off, picked }) => {
    const optIn = new TestWorld().state().optIn;
    if (off !== undefined) optIn.set(off, false);
    expect(picks(normalised(selectionOf(selection)), resource, optIn)).toBe(picked);
  });
});
