import { describe, expect, it } from "vitest";
import { describeKey, getPublicKey, sign } from "../../controller/aws/kms-signer.ts";
import { assumeRole } from "../../controller/aws/credentials.ts";
import { listAccounts, listParents, listTagsForResource } from "../../controller/aws/organizations.ts";
import { getObject, listObjects, putObject } from "../../controller/aws/s3-store.ts";
import { controllerPolicy } from "../../infra/controller-policy.ts";
import { coordinatorPolicy } from "../../infra/coordinator-policy.ts";
import { workerPolicy } from "../../infra/worker-policy.ts";
import type { ConditionContext } from "../simulator/iam/conditions.ts";
import { evaluate } from "../simulator/iam/evaluate.ts";
import { hubTemplate, resolvedPolicy } from "./deployed.ts";

const hub = "111111111111";
const publisher = `arn:aws:iam::${hub}:role/holdfast-sync`;
const template = hubTemplate({
  publishers: [publisher],
  secondSignature: true,
  evidence: { mode: "compliance", days: 2557 },
  engine: "durable",
  eventBus: `arn:aws:events:eu-central-1:${hub}:event-bus/holdfast`,
});
const lambda = `arn:aws:lambda:eu-central-1:${hub}:function`;
const deployed = {
  "AWS::Partition": "aws",
  "AWS::AccountId": hub,
  "ControllerRole.*Arn": `arn:aws:iam::${hub}:role/holdfast-controller`,
  "DesiredState.*Arn": "arn:aws:s3:::desired",
  "Evidence.*Arn": "arn:aws:s3:::evidence",
  "Work.*Arn": "arn:aws:s3:::work",
  "SigningKey.*Arn": `arn:aws:kms:eu-central-1:${hub}:key/evidence`,
  "EngineCoordinatorAlias.*": `${lambda}:coordinator:live`,
  "EngineWorkerAlias.*": `${lambda}:worker:live`,
  "EngineCoordinatorFunction.*Arn": `${lambda}:coordinator`,
  "ControllerFunction.*Arn": `${lambda}:controller`,
  "IntakeEvents.*Arn": `arn:aws:sqs:eu-central-1:${hub}:events`,
  ".*Logs.*Arn": `arn:aws:logs:eu-central-1:${hub}:log-group:holdfast:*`,
  "WebhooksSecret.*": `arn:aws:secretsmanager:eu-central-1:${hub}:secret:webhooks`,
  "Failures.*Arn": `arn:aws:sqs:eu-central-1:${hub}:failures`,
};

/** The policy of the resource whose logical id begins so. */
function policyOf(type: string, id: string, property: string) {
  const [, resource] = Object.entries(template.findResources(type)).find(([name]) => name.startsWith(id))!;
  return resolvedPolicy((resource["Properties"] as Readonly<Record<string, unknown>>)[property], deployed);
}
const controllerRights = policyOf("AWS::IAM::RolePolicy", "ControllerRolePolicy", "PolicyDocument");
const coordinatorRights = policyOf("AWS::IAM::RolePolicy", "ControllerRoleCoordinatorPolicy", "PolicyDocument");
const destroyerRights = policyOf("AWS::IAM::RolePolicy", "ControllerRoleDestroyerPolicy", "PolicyDocument");
const eventsRights = policyOf("AWS::IAM::RolePolicy", "ControllerRoleEventsPolicy", "PolicyDocument");
const noticesRights = policyOf("AWS::IAM::RolePolicy", "ControllerRoleNoticesPolicy", "PolicyDocument");
const workerRights = policyOf("AWS::IAM::RolePolicy", "EngineWorkerRole", "PolicyDocument");
const evidenceRights = policyOf("AWS::S3::BucketPolicy", "Evidence", "PolicyDocument");
const desiredRights = policyOf("AWS::S3::BucketPolicy", "DesiredState", "PolicyDocument");
const signingRights = policyOf("AWS::KMS::Key", "SigningKey", "KeyPolicy");
const secondRights = policyOf("AWS::KMS::Key", "SecondKey", "KeyPolicy");
const syncRights = policyOf("AWS::KMS::Key", "SyncKey", "KeyPolicy");

const controller = { account: hub, arn: `arn:aws:sts::${hub}:assumed-role/holdfast-controller/run` };
const administrator = { account: hub, arn: `arn:aws:sts::${hub}:assumed-role/administrator/somebody` };
const worker = { account: hub, arn: `arn:aws:sts::${hub}:assumed-role/holdfast-worker/run` };
const syncing = { account: hub, arn: `arn:aws:sts::${hub}:assumed-role/holdfast-sync/pipeline` };
/** May do anything in its account, as administrators may. */
const everything = { Statement: { Effect: "Allow", Action: "*", Resource: "*" } } as const;
const tls = { "aws:SecureTransport": true };

describe("the controller's policy", () => {
  it("grants what the controller's own adapters declare", () => {
    const operations = [
      getObject,
      putObject,
      listObjects,
      describeKey,
      getPublicKey,
      sign,
      listAccounts,
      listParents,
      listTagsForResource,
      assumeRole,
    ];
    const granted = controllerPolicy.Statement.flatMap(({ Action }) => Action);
    const declared = operations.flatMap(({ name, also }) => [name, ...also]);
    expect(declared.filter((action) => !granted.includes(action))).toEqual([]);
    const ofTheFunction = new Set(["logs:CreateLogStream", "logs:PutLogEvents", "sqs:SendMessage"]);
    expect(granted.filter((action) => !declared.includes(action) && !ofTheFunction.has(action))).toEqual([]);
  });

  const judged = (action: string, resource: string, context: ConditionContext = {}) =>
    evaluate([controllerRights], { action, resource, principal: controller, context });

  it.each([
    ["reads desired state", "s3:GetObject", "arn:aws:s3:::desired/desired/HEAD.json", {}],
    ["tells an absent object from a forbidden one", "s3:ListBucket", "arn:aws:s3:::evidence", {}],
    ["publishes", "s3:PutObject", "arn:aws:s3:::evidence/v1/chain/reports/0000000001.dsse.json", {}],
    ["renews its lease", "s3:PutObject", "arn:aws:s3:::work/lease.json", {}],
    [
      "enters a member account in a run's name",
      "sts:AssumeRole",
      "arn:aws:iam::222222222222:role/holdfast-observe",
      { "sts:ExternalId": "holdfast-production", "sts:SourceIdentity": "run", "aws:ResourceOrgID": "o-exampleorgid" },
    ],
  ])("%s", (_, action, resource, context) => {
    expect(judged(action, resource, context)).toBe("allowed");
  });

  it.each([
    ["does not write desired state", "s3:PutObject", "arn:aws:s3:::desired/desired/HEAD.json", {}],
    ["deletes nothing", "s3:DeleteObject", "arn:aws:s3:::work/runs/1", {}],
    ["locks nothing of its work", "s3:PutObjectRetention", "arn:aws:s3:::work/lease.json", {}],
    ["looks at no versions", "s3:ListBucketVersions", "arn:aws:s3:::evidence", {}],
    ["does not touch AWS Backup in its own name", "backup:ListBackupVaults", "*", {}],
    [
      "becomes no other role",
      "sts:AssumeRole",
      "arn:aws:iam::222222222222:role/administrator",
      { "sts:ExternalId": "holdfast-production", "sts:SourceIdentity": "run", "aws:ResourceOrgID": "o-exampleorgid" },
    ],
    [
      "does not leave the organization",
      "sts:AssumeRole",
      "arn:aws:iam::222222222222:role/holdfast-observe",
      { "sts:ExternalId": "holdfast-production", "sts:SourceIdentity": "run", "aws:ResourceOrgID": "o-another0000" },
    ],
    [
      "does not enter without a run's name",
      "sts:AssumeRole",
      "arn:aws:iam::222222222222:role/holdfast-observe",
      { "sts:ExternalId": "holdfast-production", "aws:ResourceOrgID": "o-exampleorgid" },
    ],
  ])("%s", (_, action, resource, context) => {
    expect(judged(action, resource, context)).toBe("implicitly-denied");
  });
});

/** What STS is told of an entry that is as it should be. */
const named = {
  "sts:ExternalId": "holdfast-production",
  "sts:SourceIdentity": "run",
  "aws:ResourceOrgID": "o-exampleorgid",
};

/** A call from within a function, as Lambda says of it. */
const within = (name: string) => ({ "lambda:SourceFunctionArn": `${lambda}:${name}` });

describe("the functions that run as the controller", () => {
  const rights = [controllerRights, coordinatorRights, destroyerRights, eventsRights, noticesRights];
  const judged = (action: string, resource: string, context: ConditionContext) =>
    evaluate(rights, { action, resource, principal: controller, context });
  const member = (role: string) => `arn:aws:iam::222222222222:role/holdfast-${role}`;
  const entered = (role: string, context: ConditionContext) =>
    ["sts:AssumeRole", "sts:SetSourceIdentity"].map((action) => judged(action, member(role), { ...named, ...context }));

  it.each(["controller", "coordinator", "events"])("enter members from within %s", (name) => {
    for (const role of ["observe", "apply", "retain"])
      expect(entered(role, within(name)), role).toEqual(["allowed", "allowed"]);
  });

  it.each<readonly [string, ConditionContext, string]>([
    ["the controller's function may", within("controller"), "allowed"],
    ["the coordinator's may", within("coordinator"), "allowed"],
    ["what events wake may not", within("events"), "implicitly-denied"],
    ["a version of the controller's by its number may not", within("controller:7"), "implicitly-denied"],
    ["whoever has the role's credentials elsewhere may not", {}, "implicitly-denied"],
  ])("enter to destroy: %s", (_, context, decision) => {
    expect(entered("destroy", context)).toEqual([decision, decision]);
  });

  it.each<readonly [string, ConditionContext, string]>([
    ["the controller's function may", within("controller"), "allowed"],
    ["what events wake may not", within("events"), "implicitly-denied"],
    ["nor whoever is elsewhere", {}, "implicitly-denied"],
  ])("start the coordinator, which destroys: %s", (_, context, decision) => {
    expect(judged("lambda:InvokeFunction", `${lambda}:coordinator:live`, context)).toBe(decision);
  });
});

describe("the coordinator's policy", () => {
  const judged = (action: string, resource: string) =>
    evaluate([coordinatorRights], { action, resource, principal: controller, context: within("controller") });
  const execution = `${lambda}:coordinator:7/durable-execution/run-1/0b1c`;

  it.each([
    ["starts the coordinator by its alias", "lambda:InvokeFunction", `${lambda}:coordinator:live`],
    ["has shards carried by the worker's alias", "lambda:InvokeFunction", `${lambda}:worker:live`],
    ["keeps its execution", "lambda:CheckpointDurableExecution", execution],
    ["goes on from it", "lambda:GetDurableExecutionState", execution],
  ])("%s", (_, action, resource) => {
    expect(judged(action, resource)).toBe("allowed");
  });

  it.each([
    ["starts no version that was not deployed last", "lambda:InvokeFunction", `${lambda}:coordinator:6`],
    ["starts nothing that is unpublished", "lambda:InvokeFunction", `${lambda}:worker`],
    [
      "keeps no other function's execution",
      "lambda:CheckpointDurableExecution",
      `${lambda}:payroll:1/durable-execution/r/0`,
    ],
    ["ends no execution", "lambda:StopDurableExecution", execution],
    ["changes no function", "lambda:UpdateFunctionCode", `${lambda}:worker`],
  ])("%s", (_, action, resource) => {
    expect(judged(action, resource)).toBe("implicitly-denied");
  });

  it("is not there where there is no coordinator", () => {
    const policies = Object.keys(hubTemplate().findResources("AWS::IAM::RolePolicy"));
    expect(policies).toEqual(
      ["Policy", "NoticesPolicy", "DestroyerPolicy"]
        .map((id) => `^ControllerRole${id}`)
        .concat("^WebhooksRolePolicy")
        .map((id) => expect.stringMatching(id) as string),
    );
  });
});

describe("the right to be heard", () => {
  const judged = (action: string, resource: string) =>
    evaluate([noticesRights], { action, resource, principal: controller, context: {} });
  const here = (service: string, resource: string) => `arn:aws:${service}:eu-central-1:${hub}:${resource}`;

  it.each([
    ["speaks on the hub's own topic", "sns:Publish", here("sns", "holdfast-hub-NotificationsTopic-1A2B")],
    ["speaks on a topic that is called so", "sns:Publish", here("sns", "holdfast-payments")],
    ["puts on the hub's own bus", "events:PutEvents", here("events", "event-bus/holdfast-notices")],
    [
      "reads a channel's address",
      "secretsmanager:GetSecretValue",
      here("secretsmanager", "secret:holdfast/notify/ops-AbCdEf"),
    ],
    ["reads the key of webhooks", "secretsmanager:GetSecretValue", here("secretsmanager", "secret:webhooks")],
  ])("%s", (_, action, resource) => {
    expect(judged(action, resource)).toBe("allowed");
  });

  it.each([
    ["speaks on no other topic", "sns:Publish", here("sns", "payroll")],
    ["speaks on no other account's", "sns:Publish", "arn:aws:sns:eu-central-1:999988887777:holdfast-payments"],
    ["calls up no event of AWS Backup's", "events:PutEvents", here("events", "event-bus/holdfast")],
    ["puts nothing on the account's own bus", "events:PutEvents", here("events", "event-bus/default")],
    [
      "reads no other secret",
      "secretsmanager:GetSecretValue",
      here("secretsmanager", "secret:holdfast/database-AbCdEf"),
    ],
    ["changes no secret", "secretsmanager:PutSecretValue", here("secretsmanager", "secret:holdfast/notify/ops-AbCdEf")],
    ["subscribes nobody", "sns:Subscribe", here("sns", "holdfast-payments")],
  ])("%s", (_, action, resource) => {
    expect(judged(action, resource)).toBe("implicitly-denied");
  });
});

describe("a worker's policy", () => {
  const judged = (action: string, resource: string, context: ConditionContext = {}) =>
    evaluate([workerRights], { action, resource, principal: worker, context });
  const attachment = "arn:aws:s3:::evidence/v1/chain/attachments/0f1d";

  it.each<readonly [string, string, string, ConditionContext]>([
    ["leaves its shard's work", "s3:PutObject", "arn:aws:s3:::work/runs/1/shard-0001", {}],
    ["attaches a list to evidence", "s3:PutObject", attachment, {}],
    ["locks what it attaches", "s3:PutObjectRetention", attachment, {}],
    ["enters to read", "sts:AssumeRole", "arn:aws:iam::222222222222:role/holdfast-observe", named],
    ["enters to change", "sts:AssumeRole", "arn:aws:iam::222222222222:role/holdfast-apply", named],
    ["enters to retain", "sts:AssumeRole", "arn:aws:iam::222222222222:role/holdfast-retain", named],
  ])("%s", (_, action, resource, context) => {
    expect(judged(action, resource, context)).toBe("allowed");
  });

  it.each<readonly [string, string, string, ConditionContext]>([
    ["enters nowhere to destroy", "sts:AssumeRole", "arn:aws:iam::222222222222:role/holdfast-destroy", named],
    [
      "enters nothing without a run's name",
      "sts:AssumeRole",
      "arn:aws:iam::222222222222:role/holdfast-apply",
      { ...named, "sts:SourceIdentity": undefined },
    ],
    ["signs nothing", "kms:Sign", `arn:aws:kms:eu-central-1:${hub}:key/evidence`, {}],
    ["writes no report", "s3:PutObject", "arn:aws:s3:::evidence/v1/chain/reports/0000000001.dsse.json", {}],
    ["names no keys", "s3:PutObject", "arn:aws:s3:::evidence/keys.json", {}],
    ["does not write desired state", "s3:PutObject", "arn:aws:s3:::desired/desired/HEAD.json", {}],
    ["deletes nothing", "s3:DeleteObject", "arn:aws:s3:::work/runs/1/shard-0001", {}],
    ["starts nothing", "lambda:InvokeFunction", `${lambda}:coordinator:live`, {}],
    ["does not ask the organization", "organizations:ListAccounts", "*", {}],
  ])("%s", (_, action, resource, context) => {
    expect(judged(action, resource, context)).toBe("implicitly-denied");
  });

  it("goes nowhere that the controller's does not", () => {
    const grants = (policy: typeof workerPolicy) => policy.Statement.flatMap(({ Action }) => Action);
    expect(grants(workerPolicy).filter((action) => !grants(controllerPolicy).includes(action))).toEqual([]);
    expect(grants(coordinatorPolicy).filter((action) => /^(s3|kms):/.test(action))).toEqual([]);
  });

  it("signs by no key's policy either", () => {
    const context = { "kms:SigningAlgorithm": "ECDSA_SHA_256", "kms:MessageType": "DIGEST" };
    const asked = { action: "kms:Sign", resource: "*", principal: worker, context };
    expect(evaluate([everything, signingRights], asked)).toBe("explicitly-denied");
  });
});

describe("the evidence bucket", () => {
  const report = "arn:aws:s3:::evidence/v1/chain/reports/0000000001.dsse.json";
  const bucket = "arn:aws:s3:::evidence";
  const judged = (action: string, resource: string, context: ConditionContext = {}) =>
    evaluate([everything, evidenceRights], {
      action,
      resource,
      principal: administrator,
      context: { ...tls, ...context },
    });
  const lock = { "s3:object-lock-mode": "COMPLIANCE", "s3:object-lock-remaining-retention-days": 2557 };
  const once = { "s3:if-none-match": "*", "s3:ObjectCreationOperation": true, ...lock };

  it("takes a report that is put on condition that there is none", () => {
    expect(judged("s3:PutObject", report, once)).toBe("allowed");
    expect(judged("s3:GetObject", report)).toBe("allowed");
  });

  it("takes a lock that is at least its own, and the parts of an upload, which name none", () => {
    expect(judged("s3:PutObject", report, { ...once, "s3:object-lock-remaining-retention-days": 3000 })).toBe(
      "allowed",
    );
    expect(judged("s3:PutObjectRetention", report, lock)).toBe("allowed");
    expect(judged("s3:PutObject", report, { "s3:ObjectCreationOperation": false })).toBe("allowed");
  });

  it("lets another chain be named in the place of the one that was looked at", () => {
    const keys = "arn:aws:s3:::evidence/keys.json";
    const made = { "s3:ObjectCreationOperation": true, ...lock };
    expect(judged("s3:PutObject", keys, once)).toBe("allowed");
    expect(judged("s3:PutObject", keys, { ...made, "s3:if-match": "etag" })).toBe("allowed");
    expect(judged("s3:PutObject", keys, made), "not unseen").toBe("explicitly-denied");
  });

  it.each<readonly [string, string, string, ConditionContext]>([
    ["a report is written over", "s3:PutObject", report, { ...lock, "s3:ObjectCreationOperation": true }],
    ["a report is written over, where S3 does not say by what", "s3:PutObject", report, lock],
    [
      "a report is replaced on condition of what it is",
      "s3:PutObject",
      report,
      { ...lock, "s3:if-match": "etag", "s3:ObjectCreationOperation": true },
    ],
    ["a marker is laid over a report", "s3:DeleteObject", report, {}],
    ["a version is deleted", "s3:DeleteObjectVersion", report, {}],
    ["a governance lock is bypassed", "s3:BypassGovernanceRetention", report, {}],
    ["a lifecycle expires reports", "s3:PutLifecycleConfiguration", bucket, {}],
    ["the bucket is deleted", "s3:DeleteBucket", bucket, {}],
    ["an object is replicated in", "s3:ReplicateObject", report, {}],
    ["a deletion is replicated in", "s3:ReplicateDelete", report, {}],
    ["a deleted version's tags go", "s3:DeleteObjectVersionTagging", report, {}],
    ["a report is put without a lock", "s3:PutObject", report, { ...once, "s3:object-lock-mode": undefined }],
    [
      "the keys are put without a lock",
      "s3:PutObject",
      `${bucket}/keys.json`,
      { ...once, "s3:object-lock-mode": undefined },
    ],
    ["a lock is taken off", "s3:PutObjectRetention", report, {}],
    [
      "a lock of another mode is set",
      "s3:PutObjectRetention",
      report,
      { ...lock, "s3:object-lock-mode": "GOVERNANCE" },
    ],
    [
      "a shorter lock is named in a put",
      "s3:PutObject",
      report,
      { ...once, "s3:object-lock-remaining-retention-days": 30 },
    ],
    ["a weaker lock is named", "s3:PutObject", report, { ...once, "s3:object-lock-mode": "GOVERNANCE" }],
    [
      "a shorter lock is named",
      "s3:PutObjectRetention",
      report,
      { "s3:object-lock-mode": "COMPLIANCE", "s3:object-lock-remaining-retention-days": 30 },
    ],
    ["it is read in the clear", "s3:GetObject", report, { "aws:SecureTransport": false }],
  ])("refuses even an administrator when %s", (_, action, resource, context) => {
    expect(judged(action, resource, context)).toBe("explicitly-denied");
  });
});

describe("the desired state's bucket", () => {
  const pointer = "arn:aws:s3:::desired/desired/HEAD.json";
  it("is written to by publishers, and by nobody else through its policy", () => {
    const judged = (principal: typeof syncing) =>
      evaluate([desiredRights], {
        action: "s3:PutObject",
        resource: pointer,
        principal,
        context: { ...tls, "s3:if-match": '"etag"' },
      });
    expect(judged(syncing)).toBe("allowed");
    expect(judged(controller)).toBe("implicitly-denied");
  });
});

describe.each([
  ["evidence", signingRights, controller, "the controller", "ECDSA_SHA_256", "DIGEST"],
  ["evidence beside it", secondRights, controller, "the controller", "ML_DSA_SHAKE_256", "EXTERNAL_MU"],
  ["desired state", syncRights, syncing, "a publisher", "ECDSA_SHA_256", "DIGEST"],
])("the key that signs %s", (_, policy, signer, named, algorithm, messageType) => {
  const digest = { "kms:SigningAlgorithm": algorithm, "kms:MessageType": messageType };
  const judged = (principal: typeof signer, action: string, context: ConditionContext = {}) =>
    evaluate([policy], { action, resource: `arn:aws:kms:eu-central-1:${hub}:key/k`, principal, context });

  it(`signs digests for ${named}`, () => {
    expect(judged(signer, "kms:Sign", digest)).toBe("allowed");
    expect(judged(signer, "kms:GetPublicKey")).toBe("allowed");
    expect(judged(signer, "kms:DescribeKey")).toBe("allowed");
  });

  it("signs nothing but digests: a raw message would verify as something else", () => {
    expect(judged(signer, "kms:Sign", { ...digest, "kms:MessageType": "RAW" })).toBe("implicitly-denied");
    expect(judged(signer, "kms:Sign")).toBe("implicitly-denied");
  });

  it("signs for no administrator, whatever else allows it, and is handed on by nobody", () => {
    const own = (action: string) =>
      evaluate([everything, policy], { action, resource: "*", principal: administrator, context: digest });
    expect(own("kms:Sign")).toBe("explicitly-denied");
    expect(own("kms:CreateGrant")).toBe("explicitly-denied");
    expect(judged(administrator, "kms:Sign", digest)).toBe("explicitly-denied");
  });

  it("stays in its administrators' care, and can be verified with by the whole account", () => {
    expect(judged(administrator, "kms:PutKeyPolicy")).toBe("allowed");
    expect(judged(administrator, "kms:Verify")).toBe("allowed");
  });
});

describe("a key without signers", () => {
  it("signs for nobody", () => {
    const [, key] = Object.entries(hubTemplate().findResources("AWS::KMS::Key")).find(([id]) =>
      id.startsWith("SyncKey"),
    )!;
    const policy = resolvedPolicy((key["Properties"] as { readonly KeyPolicy: unknown }).KeyPolicy, deployed);
    const asked = { action: "kms:Sign", resource: "*", principal: syncing, context: {} };
    expect(evaluate([everything, policy], asked)).toBe("explicitly-denied");
  });
});
