import { Aws } from "aws-cdk-lib";
import { CfnRole, CfnRolePolicy, OidcProviderNative } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import { type GitHubSettings, subjectOf } from "../github-settings.ts";
import { type Bindings, bindPolicy, policyDocument, type PolicyDocument } from "../policy-document.ts";
import { reviewedPolicy } from "../policy-files.ts";
import { PUBLISHER_ROLE_NAME } from "../roles.ts";

/** Seconds. A sync takes some of them. */
const SESSION_SECONDS = 3600;

/** Who issues the tokens of workflows on github.com, and whom they are for when AWS's own action asks for one. */
const ISSUER = "token.actions.githubusercontent.com";
const AUDIENCE = "sts.amazonaws.com";

/**
 * The role that a repository's workflow publishes desired state as, by a token of its own run: no key is kept anywhere. Its rights come by
 * `permit`, since the sync key and the bucket name it in their policies.
 */
export class PublisherRole extends Construct {
  readonly arn: string;
  private readonly role: CfnRole;

  constructor(scope: Construct, id: string, github: GitHubSettings) {
    super(scope, id);
    this.role = new CfnRole(this, "Role", {
      roleName: PUBLISHER_ROLE_NAME,
      description: "Holdfast: publishes desired state and signs it, as a workflow on GitHub.",
      maxSessionDuration: SESSION_SECONDS,
      assumeRolePolicyDocument: workflowTrust(providerArn(this, github), subjectOf(github)),
    });
    this.arn = this.role.attrArn;
  }

  permit(bindings: Bindings): CfnRolePolicy {
    return new CfnRolePolicy(this, "Policy", {
      roleName: this.role.ref,
      policyName: "publisher",
      policyDocument: bindPolicy(reviewedPolicy("publisher"), bindings),
    });
  }
}

/** An account has one provider an issuer: a second fails to deploy, so that an account with one gives it to be used. */
const providerArn = (scope: Construct, { provider }: GitHubSettings): string =>
  provider === "import"
    ? `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:oidc-provider/${ISSUER}`
    : new OidcProviderNative(scope, "GitHub", { url: `https://${ISSUER}`, clientIds: [AUDIENCE] }).oidcProviderArn;

/** One subject, compared as it is: a condition on the audience alone would let in every repository there is. */
export const workflowTrust = (provider: string, subject: string): PolicyDocument =>
  policyDocument([
    {
      Sid: "PublishAsWorkflow",
      Effect: "Allow",
      Principal: { Federated: provider },
      Action: ["sts:AssumeRoleWithWebIdentity"],
      Condition: { StringEquals: { [`${ISSUER}:aud`]: AUDIENCE, [`${ISSUER}:sub`]: subject } },
    },
  ]);
