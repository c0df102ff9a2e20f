import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { assumeRole } from "../../controller/aws/credentials.ts";
import { listAccounts, listParents, listTagsForResource } from "../../controller/aws/organizations.ts";
import { getObject, listObjects } from "../../controller/aws/s3-store.ts";
import { planningSubject } from "../../infra/github-settings.ts";
import { plannerPolicy } from "../../infra/planner-policy.ts";
import { runNode } from "../cli/child.ts";
import { CENTRAL_VAULT, NIGHTLY_PLAN, NIGHTLY_VAULT } from "../scenarios/manifests.ts";
import type { ConditionContext } from "../simulator/iam/conditions.ts";
import { evaluate } from "../simulator/iam/evaluate.ts";
import { many, type PolicyDocument } from "../simulator/iam/policy.ts";
import { addServiceRoles } from "../simulator/seed/roles.ts";
import { createSimulator, type Simulator } from "../simulator/simulator.ts";
import { install } from "../support/installed.ts";
import { recordUse } from "../support/ledger.ts";
import type { Template } from "../support/template.ts";
import { FLEET, FRANKFURT, HUB, IRELAND, SHOP, VAULTS } from "../support/universe.ts";
import { hubTemplate, memberTemplate, propertiesAt, resolvedPolicy } from "./deployed.ts";
import { temporaryFolder } from "./temporary-folder.ts";
import { admits, claims } from "./workflow-trust.ts";

const github = { repository: "acme@1234/backups@5678", branch: "main", provider: "import", plan: true } as const;
const settings = { fleet: "acme", externalId: "holdfast", hubAccount: HUB, github };
const template = hubTemplate(settings);
const deployed = {
  "AWS::Partition": "aws",
  "AWS::AccountId": HUB,
  "Evidence.*Arn": "arn:aws:s3:::evidence",
};
const policyOf = (type: string, property: string): PolicyDocument =>
  resolvedPolicy(propertiesAt(template, type, "Planner")[property], deployed);
const planning = { account: HUB, arn: `arn:aws:sts::${HUB}:assumed-role/holdfast-planner/GitHubActions` };

describe("who may become the planner", () => {
  const trust = policyOf("AWS::IAM::Role", "AssumeRolePolicyDocument");
  const subject = "repo:acme@1234/backups@5678:pull_request";

  it("is vouched for by GitHub's provider, which the publisher has as well: an account has one", () => {
    const [Federated] = [`arn:aws:iam::${HUB}:oidc-provider/token.actions.githubusercontent.com`];
    expect(many(trust.Statement).map(({ Principal }) => Principal)).toEqual([{ Federated }]);
    const creating = hubTemplate({ ...settings, github: { ...github, provider: "create" } });
    expect(Object.keys(creating.findResources("AWS::IAM::OIDCProvider"))).toHaveLength(1);
  });

  it("is a pull request's workflow, of the repository as its tokens name it", () => {
    expect(admits(trust, planning, claims(subject))).toBe("allowed");
    expect(planningSubject({ repository: "acme/backups" })).toBe("repo:acme/backups:pull_request");
  });

  it.each([
    ["the branch that publishes", claims("repo:acme@1234/backups@5678:ref:refs/heads/main")],
    ["a branch of that name", claims("repo:acme@1234/backups@5678:ref:refs/heads/pull_request")],
    ["a job in an environment", claims("repo:acme@1234/backups@5678:environment:pull_request")],
    ["a pull request within a fork", claims("repo:mallory@99/backups@98:pull_request")],
    ["another repository that took the name over", claims("repo:acme@1234/backups@9998:pull_request")],
    ["a repository named in the old way", claims("repo:acme/backups:pull_request")],
    ["a repository whose name begins so", claims("repo:acme@1234/backups@56789:pull_request")],
    ["a token that is for somebody else", claims(subject, "https://github.com/acme")],
    ["a token without a subject", { "token.actions.githubusercontent.com:aud": "sts.amazonaws.com" }],
    ["nobody's token", {}],
  ])("is not %s", (_case, given) => {
    expect(admits(trust, planning, given)).toBe("implicitly-denied");
  });

  it("is nobody where the settings do not ask for it", () => {
    const without = hubTemplate({ ...settings, github: { ...github, plan: false } });
    expect(without.findResources("AWS::IAM::Role", { Properties: { RoleName: "holdfast-planner" } })).toEqual({});
    expect(without.findOutputs("PlannerRoleArn")).toEqual({});
  });
});

describe("what the planner may do", () => {
  const rights = policyOf("AWS::IAM::RolePolicy", "PolicyDocument");
  const judged = (action: string, resource: string, context: ConditionContext = {}) =>
    evaluate([rights], { action, resource, principal: planning, context });
  const role = (name: string) => `arn:aws:iam::${SHOP}:role/holdfast-${name}`;
  const named = {
    "sts:ExternalId": "holdfast",
    "sts:SourceIdentity": "plan",
    "aws:ResourceOrgID": "o-exampleorgid",
  };

  it.each<readonly [string, string, string, ConditionContext]>([
    ["entering to change", "sts:AssumeRole", role("apply"), named],
    ["entering to retain", "sts:AssumeRole", role("retain"), named],
    ["entering to destroy", "sts:AssumeRole", role("destroy"), named],
    ["entering under no name", "sts:AssumeRole", role("observe"), { ...named, "sts:SourceIdentity": undefined }],
    ["entering another fleet's", "sts:AssumeRole", role("observe"), { ...named, "sts:ExternalId": "other" }],
    ["entering elsewhere", "sts:AssumeRole", role("observe"), { ...named, "aws:ResourceOrgID": "o-another0000" }],
    ["writing evidence", "s3:PutObject", "arn:aws:s3:::evidence/v1/x", { "s3:if-none-match": "*" }],
    ["deleting evidence", "s3:DeleteObject", "arn:aws:s3:::evidence/v1/x", {}],
    ["old versions", "s3:GetObjectVersion", "arn:aws:s3:::evidence/v1/x", {}],
    ["publishing", "s3:PutObject", "arn:aws:s3:::desired/desired/HEAD.json", { "s3:if-none-match": "*" }],
    ["reading what is published", "s3:GetObject", "arn:aws:s3:::desired/desired/HEAD.json", {}],
    ["the lease", "s3:GetObject", "arn:aws:s3:::work/lease.json", {}],
    ["signing", "kms:Sign", `arn:aws:kms:${IRELAND}:${HUB}:key/evidence`, {}],
    ["starting a run", "lambda:InvokeFunction", "*", {}],
    ["AWS Backup", "backup:ListBackupVaults", "*", {}],
  ])("does not allow %s", (_case, action, resource, context) => {
    expect(judged(action, resource, context)).toBe("implicitly-denied");
  });

  it("is what a plan calls, and nothing besides", () => {
    const operations = [getObject, listObjects, listAccounts, listParents, listTagsForResource, assumeRole];
    const called = operations.flatMap(({ name, also }) => [name, ...also]);
    expect(plannerPolicy.Statement.flatMap(({ Action }) => Action).toSorted()).toEqual(called.toSorted());
    expect(judged("sts:AssumeRole", role("observe"), named)).toBe("allowed");
  });
});

const EVIDENCE = "acme-evidence";
const HOME = { account: HUB, region: IRELAND };

/** The organization's units and tags say who is in the fleet, so that all of it is asked. */
const TAGGED_FLEET = FLEET.replace(
  `accounts: { ids: ["${SHOP}", "${VAULTS}"] }`,
  'accounts: { tags: { backup: "yes" } }',
);
const OBSERVED = TAGGED_FLEET.replace("management: enforce", "management: observe");
const FILES = {
  "fleet.yaml": OBSERVED,
  "vault.yaml": NIGHTLY_VAULT,
  "central.yaml": CENTRAL_VAULT,
  "plan.yaml": NIGHTLY_PLAN,
};

/** Hub and members as the templates make them, a first report published by the controller, and a pull request's checkout. */
async function installed() {
  const simulator = createSimulator({
    hubAccount: HUB,
    organizationId: "o-exampleorgid",
    accounts: [HUB, SHOP, VAULTS].map((id) => ({
      id,
      name: `account-${id.slice(0, 4)}`,
      ou: "Workloads",
      tags: { backup: id === HUB ? "no" : "yes" },
    })),
    regions: [IRELAND, FRANKFURT],
    judged: recordUse,
  });
  addServiceRoles(simulator);
  const buckets = { DesiredState: "acme-desired", Evidence: EVIDENCE, Work: "acme-work" };
  install(simulator, template.toJSON() as Template, { ...HOME, buckets });
  const member = memberTemplate(settings).toJSON() as Template;
  for (const account of [HUB, SHOP, VAULTS]) {
    install(simulator, member, { account, region: IRELAND });
    for (const region of [IRELAND, FRANKFURT]) simulator.addKey(account, region, { alias: "alias/backup" });
  }
  const folder = temporaryFolder();
  for (const [path, text] of Object.entries(FILES)) writeFileSync(join(folder, path), text);
  const { endpoint, close } = await simulator.listen(0);
  const holdfast = (as: string, ...words: readonly string[]) =>
    runNode("controller/cli/main.ts", [...words, "--desired-state", folder, "--evidence", `s3://${EVIDENCE}`], {
      env: { ...keysOf(simulator, as), AWS_ENDPOINT_URL: endpoint, AWS_REGION: IRELAND },
    });
  const propose = (fleet: string) => writeFileSync(join(folder, "fleet.yaml"), fleet);
  return { simulator, holdfast, propose, [Symbol.asyncDispose]: close };
}

function keysOf(simulator: Simulator, name: string) {
  const role = simulator.iam.role(`arn:aws:iam::${HUB}:role/${name}`)!;
  const expires = new Date("9999-01-01T00:00:00Z");
  const session = simulator.iam.issueSession({ role, name: "GitHubActions", sourceIdentity: undefined, expires });
  return {
    AWS_ACCESS_KEY_ID: session.accessKeyId,
    AWS_SECRET_ACCESS_KEY: session.secretAccessKey,
    AWS_SESSION_TOKEN: session.sessionToken,
  };
}

describe("holdfast plan, as the planner of the templates", () => {
  it("sees the whole fleet in the light of its reports, by all the rights that it has, and changes nothing", async () => {
    await using h = await installed();
    const run = ["reconcile", "--work", "s3://acme-work", "--signer", "kms:alias/holdfast-evidence"];
    const first = await h.holdfast("holdfast-controller", ...run, "--retention", "governance:2557d");
    expect(first, first.err).toMatchObject({ code: 2, out: expect.stringContaining("report") });
    h.propose(TAGGED_FLEET);
    const from = h.simulator.calls.all().length;

    const planned = await h.holdfast("holdfast-planner", "plan", "--exit-code");
    expect(planned, planned.err).toMatchObject({ code: 2 });
    expect(planned.out).toContain("nightly");
    const calls = h.simulator.calls.since(from);
    expect(calls.filter(({ outcome }) => outcome.startsWith("AccessDenied"))).toEqual([]);
    expect(calls.filter(({ mutating }) => mutating)).toEqual([]);
    const entered = calls.flatMap(({ operation, input }) => (operation === "AssumeRole" ? [input["RoleArn"]] : []));
    expect(new Set(entered)).toEqual(new Set([VAULTS, SHOP].map((id) => `arn:aws:iam::${id}:role/holdfast-observe`)));

    const own = calls.filter(({ principal }) => principal.includes("/holdfast-planner/"));
    const used = new Set(own.flatMap(({ permissions }) => permissions));
    const granted = plannerPolicy.Statement.flatMap(({ Action }) => Action);
    expect(granted.filter((action) => !used.has(action))).toEqual([]);
  });

  it("is turned away by members that were deployed before the settings named it: exit 4, and why", async () => {
    await using h = await installed();
    const before = memberTemplate({ ...settings, github: undefined }).toJSON() as Template;
    for (const account of [SHOP, VAULTS]) install(h.simulator, before, { account, region: IRELAND });
    const planned = await h.holdfast("holdfast-planner", "plan");
    expect(planned, planned.err).toMatchObject({ code: 4 });
    expect(planned.out + planned.err).toContain("its trust policy names");
  });
});
