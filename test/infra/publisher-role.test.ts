import { describe, expect, it } from "vitest";
import { getObject, listObjects, putObject } from "../../controller/aws/s3-store.ts";
import { describeKey, getPublicKey, sign } from "../../controller/aws/kms-signer.ts";
import { publishingSubject } from "../../infra/github-settings.ts";
import { publisherPolicy } from "../../infra/publisher-policy.ts";
import { readSettings } from "../../infra/settings.ts";
import type { ConditionContext } from "../simulator/iam/conditions.ts";
import { evaluate } from "../simulator/iam/evaluate.ts";
import { many, type PolicyDocument } from "../simulator/iam/policy.ts";
import { createSimulator } from "../simulator/simulator.ts";
import { runNode } from "../cli/child.ts";
import { INSTALLED } from "../support/installation.ts";
import { install } from "../support/installed.ts";
import { recordUse } from "../support/ledger.ts";
import { goldenTemplate } from "../support/template.ts";
import { appWith, hubTemplate, resolvedPolicy } from "./deployed.ts";
import { admits, claims } from "./workflow-trust.ts";

const { hub } = INSTALLED;
const github = { repository: "acme@1234/backups@5678", branch: "main" } as const;
const provider = `arn:aws:iam::${hub}:oidc-provider/token.actions.githubusercontent.com`;
const key = `arn:aws:kms:eu-central-1:${hub}:key/sync`;
const deployed = {
  "AWS::Partition": "aws",
  "AWS::AccountId": hub,
  "PublisherGitHub.*": provider,
  "PublisherRole.*Arn": `arn:aws:iam::${hub}:role/holdfast-publisher`,
  "DesiredState.*Arn": "arn:aws:s3:::desired",
  "SyncKey.*Arn": key,
};
const template = hubTemplate({ github });
const publishing = { account: hub, arn: `arn:aws:sts::${hub}:assumed-role/holdfast-publisher/GitHubActions` };

function policyOf(type: string, id: string, property: string, from = template) {
  const [, resource] = Object.entries(from.findResources(type)).find(([name]) => name.startsWith(id))!;
  return resolvedPolicy((resource["Properties"] as Readonly<Record<string, unknown>>)[property], deployed);
}
const rights = policyOf("AWS::IAM::RolePolicy", "Publisher", "PolicyDocument");
const bucket = policyOf("AWS::S3::BucketPolicy", "DesiredState", "PolicyDocument");
const signing = policyOf("AWS::KMS::Key", "SyncKey", "KeyPolicy");

describe("who may become the publisher", () => {
  const trust = policyOf("AWS::IAM::Role", "Publisher", "AssumeRolePolicyDocument");
  const admitted = (claims: ConditionContext) => admits(trust, publishing, claims);
  const main = "repo:acme@1234/backups@5678:ref:refs/heads/main";

  it("is vouched for by GitHub's provider, and nobody else", () => {
    expect(trust.Statement.map(({ Principal }) => Principal)).toEqual([{ Federated: provider }]);
    expect(template.findResources("AWS::IAM::OIDCProvider")).toEqual({
      [Object.keys(template.findResources("AWS::IAM::OIDCProvider"))[0]!]: expect.objectContaining({
        Properties: { Url: "https://token.actions.githubusercontent.com", ClientIdList: ["sts.amazonaws.com"] },
      }),
    });
  });

  it("is the branch's workflow", () => {
    expect(admitted(claims(main))).toBe("allowed");
  });

  it.each([
    ["another branch", claims("repo:acme@1234/backups@5678:ref:refs/heads/main2")],
    ["a tag of the branch's name", claims("repo:acme@1234/backups@5678:ref:refs/tags/main")],
    ["a pull request", claims("repo:acme@1234/backups@5678:pull_request")],
    ["a job in an environment", claims("repo:acme@1234/backups@5678:environment:main")],
    ["another repository that took the name over", claims("repo:acme@9999/backups@9998:ref:refs/heads/main")],
    ["a repository named in the old way", claims("repo:acme/backups:ref:refs/heads/main")],
    ["a repository whose name begins so", claims("repo:acme@1234/backups@56789:ref:refs/heads/main")],
    ["a token that is for somebody else", claims(main, "https://github.com/acme")],
    ["a token without a subject", { "token.actions.githubusercontent.com:aud": "sts.amazonaws.com" }],
    ["nobody's token", {}],
  ])("is not %s", (_case, given) => {
    expect(admitted(given)).toBe("implicitly-denied");
  });

  it("may be vouched for by a provider that is there already", () => {
    const importing = hubTemplate({ github: { ...github, provider: "import" } });
    expect(importing.findResources("AWS::IAM::OIDCProvider")).toEqual({});
    const { Statement } = policyOf("AWS::IAM::Role", "Publisher", "AssumeRolePolicyDocument", importing);
    expect(Statement.map(({ Principal }) => Principal)).toEqual([{ Federated: provider }]);
  });
});

describe("a repository in the settings", () => {
  const read = (given: object) => readSettings(appWith({ github: given }).node).github!;

  it.each([
    [{ repository: "acme/backups", branch: "main" }, "repo:acme/backups:ref:refs/heads/main"],
    [{ repository: "acme@1/b.a_c-k@2", branch: "release/1.x" }, "repo:acme@1/b.a_c-k@2:ref:refs/heads/release/1.x"],
    [{ repository: "acme/backups", environment: "production" }, "repo:acme/backups:environment:production"],
  ])("comes to one subject: %j", (given, subject) => {
    expect(publishingSubject(read(given))).toBe(subject);
  });

  it.each([
    { repository: "acme/*", branch: "main" },
    { repository: "*/backups", branch: "main" },
    { repository: "acme/back?ps", branch: "main" },
    { repository: "acme", branch: "main" },
    { repository: "acme@1/backups", branch: "main" },
    { repository: "acme/backups:environment:x", branch: "main" },
    { repository: "acme/backups", branch: "*" },
    { repository: "acme/backups", branch: "main:x" },
    { repository: "acme/backups", environment: "${aws:username}" },
    { repository: "acme/backups" },
    { repository: "acme/backups", branch: "main", environment: "production" },
    { repository: "acme/backups", branch: "main", provider: "none" },
  ])("is refused: %j", (given) => {
    expect(() => read(given)).toThrow(/github/);
  });
});

describe("what the publisher may do", () => {
  const onCondition = { "s3:if-none-match": "*" };
  const digest = { "kms:SigningAlgorithm": "ECDSA_SHA_256", "kms:MessageType": "DIGEST" };
  const head = "arn:aws:s3:::desired/desired/HEAD.json";
  const judged = (action: string, resource: string, context: ConditionContext = {}) =>
    evaluate([rights], { action, resource, principal: publishing, context });

  it("is what holdfast sync calls, and nothing besides", () => {
    const allowed = publisherPolicy.Statement.filter(({ Effect }) => Effect === "Allow");
    const called = [getObject, putObject, listObjects, describeKey, getPublicKey, sign].map(({ name }) => name);
    const granted = allowed.flatMap(({ Action }) => many(Action));
    expect(granted.toSorted()).toEqual(called.toSorted());
  });

  it.each([
    ["files, where there are none", "s3:PutObject", "arn:aws:s3:::desired/desired/tree/fleet.yaml", onCondition],
    ["the pointer, as it was looked at", "s3:PutObject", head, { "s3:if-match": '"etag"' }],
    ["reading what is published", "s3:GetObject", head, {}],
    ["telling absent from forbidden", "s3:ListBucket", "arn:aws:s3:::desired", {}],
    ["signing a digest", "kms:Sign", key, digest],
    ["naming its key", "kms:GetPublicKey", key, {}],
  ])("allows %s", (_case, action, resource, context) => {
    expect(judged(action, resource, context)).toBe("allowed");
  });

  it.each([
    ["a write over what it has not seen", "s3:PutObject", head, {}],
    ["anything beside desired state", "s3:PutObject", "arn:aws:s3:::desired/other", onCondition],
    ["deleting", "s3:DeleteObject", head, {}],
    ["old versions", "s3:GetObjectVersion", head, {}],
    ["evidence", "s3:PutObject", "arn:aws:s3:::evidence/v1/x", onCondition],
    ["reading evidence", "s3:GetObject", "arn:aws:s3:::evidence/keys.json", {}],
    ["the lease", "s3:PutObject", "arn:aws:s3:::work/lease.json", onCondition],
    ["signing what is no digest", "kms:Sign", key, { ...digest, "kms:MessageType": "RAW" }],
    ["signing reports", "kms:Sign", `arn:aws:kms:eu-central-1:${hub}:key/evidence`, digest],
    ["entering an account", "sts:AssumeRole", "arn:aws:iam::222222222222:role/holdfast-observe", {}],
    ["starting a run", "lambda:InvokeFunction", "*", {}],
    ["AWS Backup", "backup:ListBackupVaults", "*", {}],
  ])("does not allow %s", (_case, action, resource, context) => {
    expect(judged(action, resource, context)).not.toBe("allowed");
  });

  it("is let through by the bucket and by the key, which name it among the publishers", () => {
    const ofBucket = { action: "s3:PutObject", resource: head, principal: publishing };
    const tls = { "aws:SecureTransport": true };
    expect(evaluate([bucket], { ...ofBucket, context: { ...tls, ...onCondition } })).toBe("allowed");
    expect(evaluate([signing], { action: "kms:Sign", resource: key, principal: publishing, context: digest })).toBe(
      "allowed",
    );
  });
});

/** The hub as the template makes it, and a pipeline there as the publisher: nobody in it has any other right. */
async function installed() {
  const simulator = createSimulator({
    hubAccount: hub,
    accounts: [{ id: hub, name: "hub" }],
    regions: ["eu-west-1"],
    judged: recordUse,
  });
  const place = { account: hub, region: "eu-west-1", buckets: { DesiredState: "acme-desired-state" } };
  install(simulator, goldenTemplate("hub-github"), place);
  const role = simulator.iam.role(`arn:aws:iam::${hub}:role/holdfast-publisher`)!;
  const expires = new Date("9999-01-01T00:00:00Z");
  const session = simulator.iam.issueSession({ role, name: "GitHubActions", sourceIdentity: undefined, expires });
  const { endpoint, close } = await simulator.listen(0);
  const env = {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: "eu-west-1",
    AWS_ACCESS_KEY_ID: session.accessKeyId,
    AWS_SECRET_ACCESS_KEY: session.secretAccessKey,
    AWS_SESSION_TOKEN: session.sessionToken,
  };
  return { simulator, role, env, [Symbol.asyncDispose]: close };
}

describe("holdfast sync, as the publisher of the template", () => {
  const words = ["sync", "--desired-state", "desired-state/examples/first-vault", "--to", "s3://acme-desired-state"];

  it("publishes, signs, and publishes anew, by all the rights that it has", async () => {
    await using h = await installed();
    const sync = (...more: readonly string[]) => runNode("controller/cli/main.ts", [...words, ...more], { env: h.env });
    expect(await sync("--sync-signer", "kms:alias/holdfast-sync")).toMatchObject({ code: 0, err: "" });
    expect(await sync("--sync-signer", "kms:alias/holdfast-sync"), "the same").toMatchObject({
      code: 0,
      out: expect.stringContaining("has this revision already"),
    });
    expect(await sync(), "in the place of what is there").toMatchObject({ code: 0 });
    const calls = h.simulator.calls.all();
    expect(calls.filter(({ outcome }) => outcome.startsWith("AccessDenied"))).toEqual([]);
    const granted = publisherPolicy.Statement.filter(({ Effect }) => Effect === "Allow").flatMap(
      ({ Action }) => Action,
    );
    const used = new Set([...calls.flatMap(({ permissions }) => permissions), "s3:ListBucket"]);
    expect([...used].toSorted(), "the right to list is for the next test").toEqual(granted.toSorted());
  });

  it("needs the right to list, which no call of its own is named after: without it, absent looks forbidden", async () => {
    await using h = await installed();
    const policies = (h.role.grant as readonly PolicyDocument[]).map(({ Statement }) => ({
      Statement: many(Statement).filter(({ Action }) => !many(Action).includes("s3:ListBucket")),
    }));
    h.simulator.iam.putRole(hub, { name: "holdfast-publisher", trust: h.role.trust, policies });
    const { Statement } = h.simulator.bucket("acme-desired-state").policy!;
    h.simulator.bucket("acme-desired-state").policy = {
      Statement: many(Statement).filter(({ Sid }) => Sid !== "ListDesiredState"),
    };
    const role = h.simulator.iam.role(h.role.arn)!;
    const expires = new Date("9999-01-01T00:00:00Z");
    const weaker = h.simulator.iam.issueSession({ role, name: "GitHubActions", sourceIdentity: undefined, expires });
    const keys = { AWS_ACCESS_KEY_ID: weaker.accessKeyId, AWS_SECRET_ACCESS_KEY: weaker.secretAccessKey };
    const env = { ...h.env, ...keys, AWS_SESSION_TOKEN: weaker.sessionToken };
    const said = await runNode("controller/cli/main.ts", words, { env });
    expect(said.code).toBe(1);
    expect(said.err).toMatch(/AccessDenied|denied/i);
  });
});

describe("the desired state's bucket", () => {
  it("is written to over what nobody looked at by no one, administrators included", () => {
    const administrator = { account: hub, arn: `arn:aws:sts::${hub}:assumed-role/administrator/somebody` };
    const everything = { Statement: { Effect: "Allow", Action: "*", Resource: "*" } } as const;
    const judged = (context: ConditionContext) =>
      evaluate([everything, bucket], {
        action: "s3:PutObject",
        resource: "arn:aws:s3:::desired/desired/HEAD.json",
        principal: administrator,
        context: { "aws:SecureTransport": true, ...context },
      });
    expect(judged({})).toBe("explicitly-denied");
    expect(judged({ "s3:if-match": '"etag"' })).toBe("allowed");
  });
});
