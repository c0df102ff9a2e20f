import { describe, expect, it } from "vitest";
import { HoldfastError } from "../../controller/domain/errors.ts";
import type { ConditionContext } from "../simulator/iam/conditions.ts";
import { evaluate } from "../simulator/iam/evaluate.ts";
import { evidenceTemplate, hubTemplate, propertiesAt, propertiesOf, resolvedPolicy } from "./deployed.ts";

const hub = "111111111111";
const archive = "444444444444";
const archived = { hubAccount: hub, evidence: { account: archive, mode: "compliance" }, engine: "durable" };
const template = evidenceTemplate(archived);
const bucket = `arn:aws:s3:::holdfast-evidence-${hub}-eu-central-1`;
const deployed = {
  "AWS::Partition": "aws",
  "AWS::AccountId": archive,
  "AWS::Region": "eu-central-1",
  "EvidenceBucket.*Arn": bucket,
};
const rightsIn = (of: typeof template) =>
  resolvedPolicy(propertiesAt(of, "AWS::S3::BucketPolicy", "Evidence")["PolicyDocument"], deployed);
const rights = rightsIn(template);

const session = (role: string, account = hub) => ({ account, arn: `arn:aws:sts::${account}:assumed-role/${role}/run` });
const controller = session("holdfast-controller");
const worker = session("holdfast-worker");
const report = `${bucket}/v1/chain/reports/0000000001.dsse.json`;
const attachment = `${bucket}/v1/chain/attachments/0f1d`;
const locked = {
  "aws:SecureTransport": true,
  "s3:if-none-match": "*",
  "s3:ObjectCreationOperation": true,
  "s3:object-lock-mode": "COMPLIANCE",
  "s3:object-lock-remaining-retention-days": 2557,
};
const judged = (
  principal: typeof controller,
  action: string,
  resource: string,
  context: ConditionContext = { "aws:SecureTransport": true },
) => evaluate([rights], { action, resource, principal, context });

describe("evidence in a log-archive account", () => {
  it("has a name that the hub knows before it is there", () => {
    const name = (of: typeof template) =>
      resolvedPolicy(propertiesAt(of, "AWS::S3::Bucket", "Evidence")["BucketName"], deployed);
    expect(name(template)).toBe(`holdfast-evidence-${hub}-eu-central-1`);
    const here = hubTemplate(archived);
    expect(Object.keys(here.findResources("AWS::S3::Bucket")).filter((id) => id.startsWith("Evidence"))).toEqual([]);
    const functions = propertiesOf(here, "AWS::Lambda::Function") as readonly {
      readonly Environment?: { readonly Variables: Readonly<Record<string, unknown>> };
    }[];
    // One that exchanges the webhooks' key has nothing to do with evidence, and is told nothing.
    const told = functions.flatMap(({ Environment }) =>
      Environment ? [resolvedPolicy(Environment.Variables["HOLDFAST_EVIDENCE"], deployed)] : [],
    );
    expect(new Set(told)).toEqual(new Set([`s3://holdfast-evidence-${hub}-eu-central-1`]));
  });

  it("is what the hub's own roles are permitted", () => {
    const policies = propertiesOf(hubTemplate(archived), "AWS::IAM::RolePolicy") as readonly {
      readonly PolicyName: string;
      readonly PolicyDocument: unknown;
    }[];
    const others = { "[A-Z]\\w+": "other", "[A-Z]\\w+[.]Arn": "arn:aws:other" };
    const may = (name: string, resource: string) => {
      const { PolicyDocument } = policies.find(({ PolicyName }) => PolicyName === name)!;
      const policy = resolvedPolicy(PolicyDocument, { ...deployed, ...others });
      return evaluate([policy], { action: "s3:PutObject", resource, principal: controller, context: {} });
    };
    expect(may("controller", report)).toBe("allowed");
    expect(may("worker", attachment)).toBe("allowed");
    expect(may("worker", report)).toBe("implicitly-denied");
  });

  it.each([
    ["the controller publishes", controller, "s3:PutObject", report],
    ["the controller reads what there is", controller, "s3:GetObject", report],
    ["a worker attaches", worker, "s3:PutObject", attachment],
  ])("lets in: %s", (_, principal, action, resource) => {
    expect(judged(principal, action, resource, locked)).toBe("allowed");
  });

  it.each([
    ["the controller tells what is absent", controller],
    ["a worker does", worker],
  ])("lets in: %s", (_, principal) => {
    expect(judged(principal, "s3:ListBucket", bucket)).toBe("allowed");
  });

  it.each([
    ["a worker that would report", worker, "s3:PutObject", report],
    ["an administrator of the hub", session("administrator"), "s3:PutObject", report],
    ["an administrator of the hub who reads", session("administrator"), "s3:GetObject", report],
    ["a role of that name in another account", session("holdfast-controller", "999999999999"), "s3:PutObject", report],
    ["the controller that looks at versions", controller, "s3:ListBucketVersions", bucket],
    ["the controller that changes the policy", controller, "s3:PutBucketPolicy", bucket],
  ])("keeps out: %s", (_, principal, action, resource) => {
    expect(judged(principal, action, resource, locked)).toBe("implicitly-denied");
  });

  it.each([
    ["deletes", "s3:DeleteObject", {}],
    ["deletes a version", "s3:DeleteObjectVersion", {}],
    ["bypasses a lock", "s3:BypassGovernanceRetention", {}],
    ["writes over a report", "s3:PutObject", { ...locked, "s3:if-none-match": undefined }],
    ["locks for less", "s3:PutObject", { ...locked, "s3:object-lock-remaining-retention-days": 30 }],
    ["sends in the clear", "s3:PutObject", { ...locked, "aws:SecureTransport": false }],
  ])("refuses the controller itself where it %s", (_, action, context) => {
    expect(judged(controller, action, report, context)).toBe("explicitly-denied");
  });

  it("lets no workers in where there are none", () => {
    const inline = rightsIn(evidenceTemplate({ ...archived, engine: "inline" }));
    const asked = { action: "s3:PutObject", resource: attachment, principal: worker, context: locked };
    expect(evaluate([inline], asked)).toBe("implicitly-denied");
  });

  it("lets readers read, and neither write nor anybody else read", () => {
    const reader = `arn:aws:iam::${hub}:role/platform-team`;
    const github = { repository: "acme/backups", branch: "main", plan: true };
    const read = rightsIn(evidenceTemplate({ ...archived, github, readers: [reader] }));
    const asked = (role: string, action: string, resource: string, of = read) =>
      evaluate([of], { action, resource, principal: session(role), context: locked });
    for (const role of ["holdfast-planner", "platform-team"]) {
      expect(asked(role, "s3:PutObject", report)).toBe("implicitly-denied");
      expect(asked(role, "s3:PutObjectRetention", report)).toBe("implicitly-denied");
      expect(asked(role, "s3:GetObject", report, rights), "unless the settings name them").toBe("implicitly-denied");
      expect(asked(role, "s3:GetObject", report)).toBe("allowed");
      expect(asked(role, "s3:ListBucket", bucket)).toBe("allowed");
    }
    expect(asked("administrator", "s3:GetObject", report)).toBe("implicitly-denied");
  });

  it("is locked, kept when the stack goes, and has its accesses written down", () => {
    expect(propertiesAt(template, "AWS::S3::Bucket", "Evidence")).toMatchObject({
      ObjectLockEnabled: true,
      ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: "COMPLIANCE", Days: 2557 } } },
      VersioningConfiguration: { Status: "Enabled" },
      LoggingConfiguration: { LogFilePrefix: "evidence/" },
    });
    const kept = Object.values(template.findResources("AWS::S3::Bucket")).map(
      ({ DeletionPolicy }) => DeletionPolicy as unknown,
    );
    expect(kept).toEqual(["Retain", "Retain"]);
  });

  it("is a bucket, its access logs and nothing else: no role, no key", () => {
    const types = Object.values(template.toJSON()["Resources"] as object).map(({ Type }: { Type: string }) => Type);
    expect([...new Set(types)].toSorted()).toEqual(["AWS::S3::Bucket", "AWS::S3::BucketPolicy"]);
  });

  it("is not made where the settings keep evidence in the hub", () => {
    expect(() => evidenceTemplate({ hubAccount: hub })).toThrow(HoldfastError);
  });
});
