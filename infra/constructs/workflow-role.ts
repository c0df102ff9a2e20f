import { Aws } from "aws-cdk-lib";
import { CfnRole, CfnRolePolicy, OidcProviderNative } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import type { GitHubSettings } from "../github-settings.ts";
import { type Bindings, bindPolicy, policyDocument, type PolicyDocument } from "../policy-document.ts";
import { type HubPolicy, reviewedPolicy } from "../policy-files.ts";

/** Seconds. A sync takes some of them, and the workflow that plans is given half of it. */
const SESSION_SECONDS = 3600;

/** Who issues the tokens of workflows on github.com, and whom they are for when AWS's own action asks for one. */
const ISSUER = "token.actions.githubusercontent.com";
const AUDIENCE = "sts.amazonaws.com";

export interface WorkflowRoleProps {
  readonly name: string;
  readonly description: string;
  /** Id of the one statement of its trust. */
  readonly sid: string;
  /** The `sub` claim of the tokens that it is become with. */
  readonly subject: string;
  /** Whether GitHub's OIDC provider is to be made, or is in the account; or the role that it was made with. */
  readonly provider: GitHubSettings["provider"] | WorkflowRole;
}

/** A role that a repository's workflow becomes by a token of its own run: no key is kept anywhere. Its rights come by `permit`. */
export class WorkflowRole extends Construct {
  readonly arn: string;
  private readonly role: CfnRole;
  private readonly provider: string;

  constructor(scope: Construct, id: string, { name, description, sid, subject, provider }: WorkflowRoleProps) {
    super(scope, id);
    this.provider = provider instanceof WorkflowRole ? provider.provider : providerArn(this, provider);
    this.role = new CfnRole(this, "Role", {
      roleName: name,
      description,
      maxSessionDuration: SESSION_SECONDS,
      assumeRolePolicyDocument: workflowTrust(sid, this.provider, subject),
    });
    this.arn = this.role.attrArn;
  }

  /** Gives the role a reviewed policy, with what it leaves open put in. */
  permit(policy: HubPolicy, bindings: Bindings): CfnRolePolicy {
    return new CfnRolePolicy(this, "Policy", {
      roleName: this.role.ref,
      policyName: policy,
      policyDocument: bindPolicy(reviewedPolicy(policy), bindings),
    });
  }
}

/** An account has one provider an issuer: a second fails to deploy, so that an account with one gives it to be used. */
const providerArn = (scope: Construct, provider: GitHubSettings["provider"]): string =>
  provider === "import"
    ? `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:oidc-provider/${ISSUER}`
    : new OidcProviderNative(scope, "GitHub", { url: `https://${ISSUER}`, clientIds: [AUDIENCE] }).oidcProviderArn;

/** One subject, compared as it is: a condition on the audience alone would let in every repository there is. */
const workflowTrust = (Sid: string, provider: string, subject: string): PolicyDocument =>
  policyDocument([
    {
      Sid,
      Effect: "Allow",
      Principal: { Federated: provider },
      Action: ["sts:AssumeRoleWithWebIdentity"],
      Condition: { StringEquals: { [`${ISSUER}:aud`]: AUDIENCE, [`${ISSUER}:sub`]: subject } },
    },
  ]);
