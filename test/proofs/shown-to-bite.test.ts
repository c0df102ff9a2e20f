import { beforeAll, describe, expect, it } from "vitest";
import { PRODUCTION } from "../scenarios/manifests.ts";
import { many } from "../simulator/iam/policy.ts";
import { usesSoFar } from "../support/ledger.ts";
import { universe } from "../support/universe.ts";
import { FORBIDDEN } from "./forbidden.ts";
import { edited, rightsOfTemplates } from "./rights.ts";
import { allowedAllTheSame, reachingOut, refused, unused } from "./three-proofs.ts";

const rights = rightsOfTemplates();
beforeAll(async () => {
  await universe({ files: PRODUCTION }).run();
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
      "holdfast-apply may backup:DeleteRecoveryPoint (ListTarget), which no scenario used",
    ]);
  });

  it("is found to be forbidden", () => {
    expect(allowedAllTheSame(rights, FORBIDDEN)).toEqual([]);
    expect(allowedAllTheSame(added, FORBIDDEN).join("\n")).toMatch(
      /holdfast-apply may backup:DeleteRecoveryPoint on arn:aws:ec2:eu-west-1::snapshot\S+ \(ListTarget\)/,
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
