import { beforeAll, describe, expect, it } from "vitest";
import { PRODUCTION } from "../scenarios/manifests.ts";
import { many, type Statement } from "../simulator/iam/policy.ts";
import { INSTALLED } from "../support/installation.ts";
import { usesSoFar } from "../support/ledger.ts";
import { universe } from "../support/universe.ts";
import { FORBIDDEN } from "./forbidden.ts";
import { archivedRun } from "../scenarios/archived-run.ts";
import { grantsOf } from "./resource-policies.ts";
import { deploy, edited, grantsOfTemplates, rightsOfTemplates } from "./rights.ts";
import { allowedAllTheSame, reachingOut, refused, unreached, unused, unusedGrants } from "./three-proofs.ts";

const rights = rightsOfTemplates();
beforeAll(async () => {
  await universe({ files: PRODUCTION }).run();
  await archivedRun();
});

describe("a policy that is weakened", () => {
  it("is no longer sufficient where an action is taken out, and the proof names role, statement and action", () => {
    expect(refused(rights, usesSoFar())).toEqual([]);
    const without = edited(rights, "holdfast-apply", "CreateForFleet", (one) => ({
      ...one,
      Action: many(one.Action).filter((action) => action !== "backup:CreateBackupVault"),
    }));
    const [wrong = "nothing"] = refused(without, usesSoFar());
    expect(wrong).toMatch(/^holdfast-apply may not backup:CreateBackupVault on .* \(CreateForFleet\)$/);
  });

  it("is no longer sufficient where a whole statement is, or a condition that scenarios do not meet is put in", () => {
    const without = edited(rights, "holdfast-controller", "EnterMembers", () => undefined);
    expect(refused(without, usesSoFar()).join("\n")).toContain("holdfast-controller may not sts:AssumeRole");
    const stricter = edited(rights, "holdfast-controller", "SignEvidence", (one) => ({
      ...one,
      Condition: { StringEquals: { "kms:MessageType": "RAW" } },
    }));
    expect(refused(stricter, usesSoFar()).join("\n")).toContain("holdfast-controller may not kms:Sign");
  });
});

describe("a permission that is added by hand", () => {
  const added = edited(rights, "holdfast-apply", "ListTarget", (one) => ({
    ...one,
    Action: [...many(one.Action), "backup:DeleteRecoveryPoint"],
  }));

  it("is no longer minimal, and the proof names role, statement and action", () => {
    const before = unused(rights, usesSoFar());
    expect(unused(added, usesSoFar()).filter((found) => !before.includes(found))).toEqual([
      "holdfast-apply may backup:DeleteRecoveryPoint (ListTarget)",
    ]);
  });

  it("is found to be forbidden", () => {
    expect(allowedAllTheSame(rights, FORBIDDEN)).toEqual([]);
    expect(allowedAllTheSame(added, FORBIDDEN).join("\n")).toMatch(
      /holdfast-apply may backup:DeleteRecoveryPoint on arn:aws:ec2:eu-west-1::snapshot\S+ \(ListTarget\)/,
    );
  });
});

describe("a condition that is taken away", () => {
  it("has what events wake destroy, and the proof says so", () => {
    const wider = edited(rights, "holdfast-controller", "EnterToDestroy", ({ Condition: _gone, ...one }) => one);
    expect(allowedAllTheSame(wider, FORBIDDEN).join("\n")).toMatch(
      /holdfast-controller may sts:AssumeRole on \S+role\/holdfast-destroy \(EnterToDestroy\): what events wake/,
    );
  });
});

describe("a resource that is widened", () => {
  it("reaches what is somebody else's, and the proof names role, statement and action", async () => {
    const wider = edited(rights, "holdfast-controller", "ReadDesiredState", (one) => ({ ...one, Resource: "*" }));
    const strangers = { Partition: "aws", Region: "eu-west-1", Account: "999988887777" };
    const before = await reachingOut(rights, strangers, new Set());
    const found = (await reachingOut(wider, strangers, new Set())).filter((one) => !before.includes(one));
    expect(found.join("\n")).toContain("holdfast-controller may s3:GetObject on arn:aws:s3:::somebodys/somebodys");
    expect(found.join("\n")).toContain("(ReadDesiredState)");
  });
});

describe("a right of those who carry shards that is taken away", () => {
  it("leaves their role's no longer sufficient", () => {
    const without = edited(rights, "holdfast-worker", "AttachEvidence", () => undefined);
    expect(refused(without, usesSoFar()).join("\n")).toMatch(
      /holdfast-worker may not s3:PutObject on .*\/attachments\//,
    );
  });
});

describe("a resource that is added to a statement", () => {
  it("is no longer minimal, though every action of the statement is used: the proof names the resource", async () => {
    const wider = edited(rights, "holdfast-apply", "CreateForFleet", (one) => ({
      ...one,
      Resource: [...many(one.Resource), "arn:aws:backup:*:999988887777:backup-vault:*"],
    }));
    const before = await unreached(rights, usesSoFar());
    const found = (await unreached(wider, usesSoFar())).filter((one) => !before.includes(one));
    expect(found).toEqual([
      "holdfast-apply may backup:CreateBackupVault (CreateForFleet) on arn:aws:backup:*:999988887777:backup-vault:*",
    ]);
  });
});

describe("a role that is deployed and that no scenario is run under", () => {
  it("is no longer minimal", () => {
    const one = rights.find(({ role }) => role === "holdfast-worker");
    const found = unused([...rights, { ...one!, role: "holdfast-new" }], usesSoFar());
    expect(found).toContain("holdfast-new may s3:PutObject (AttachEvidence)");
  });
});

describe("the policy of a bucket, a key or a role", () => {
  const grants = grantsOfTemplates();
  const attaching = grants.find(
    ({ statement, action }) => statement.Sid === "LetWorkerPublish" && action === "s3:PutObject",
  )!;
  const found = (statement: Statement, action = attaching.action) =>
    unusedGrants([{ ...attaching, statement, action }], usesSoFar());

  it("is minimal by what was done to that very resource", () => {
    expect(found(attaching.statement)).toEqual([]);
    expect(unusedGrants([{ ...attaching, arn: "arn:aws:s3:::another" }], usesSoFar())).toHaveLength(1);
  });

  it("is no longer minimal where an action or somebody else is let in", () => {
    const version = { ...attaching.statement, Action: "s3:GetObjectVersion" };
    expect(found(version, "s3:GetObjectVersion")).toEqual([
      expect.stringMatching(/^EvidencePolicy lets AWS .* s3:GetObjectVersion \(LetWorkerPublish\)$/),
    ]);
    expect(found({ ...attaching.statement, Principal: { AWS: "999988887777" } })).toHaveLength(1);
  });

  it("of a type that nobody has thought about is refused", () => {
    const [one] = deploy("member", { Resources: {} }, [INSTALLED.hub]);
    const template = { Resources: { Images: { Type: "AWS::ECR::RegistryPolicy" } } };
    expect(() => grantsOf({ ...one!, template })).toThrow(/AWS::ECR::RegistryPolicy \(Images\): say in/);
  });
});
