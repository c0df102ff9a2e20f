/* oxlint-disable no-new -- a construct joins its scope by being made */
import { Aws, RemovalPolicy } from "aws-cdk-lib";
import { CfnAlias, CfnKey } from "aws-cdk-lib/aws-kms";
import { Construct } from "constructs";
import { policyDocument, type PolicyDocument, type Statement } from "../policy-document.ts";

export interface SigningKeyProps {
  readonly alias: string;
  readonly description: string;
  /** ARNs of the only roles that may sign. None: nobody can, until a role is named. */
  readonly signers: readonly string[];
}

/** A P-256 key whose private half never leaves KMS, and that signs digests for named roles only. Kept when the stack goes. */
export class SigningKey extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, { alias, description, signers }: SigningKeyProps) {
    super(scope, id);
    const key = new CfnKey(this, "Key", {
      description,
      keySpec: "ECC_NIST_P256",
      keyUsage: "SIGN_VERIFY",
      keyPolicy: signingKeyPolicy(`arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:root`, signers),
    });
    key.applyRemovalPolicy(RemovalPolicy.RETAIN);
    new CfnAlias(this, "Alias", { aliasName: `alias/${alias}`, targetKeyId: key.ref });
    this.arn = key.attrArn;
  }
}

/** All that the account's administrators may do with the key. Neither Sign nor CreateGrant, by which Sign could be handed on. */
const ADMINISTRATION = [
  "kms:CancelKeyDeletion",
  "kms:CreateAlias",
  "kms:DeleteAlias",
  "kms:DescribeKey",
  "kms:DisableKey",
  "kms:EnableKey",
  "kms:GetKeyPolicy",
  "kms:GetPublicKey",
  "kms:ListGrants",
  "kms:ListKeyPolicies",
  "kms:ListResourceTags",
  "kms:PutKeyPolicy",
  "kms:ScheduleKeyDeletion",
  "kms:TagResource",
  "kms:UntagResource",
  "kms:UpdateAlias",
  "kms:UpdateKeyDescription",
  "kms:Verify",
];

/** In a key's own policy `*` means the key. An administrator can still rewrite the policy, which CloudTrail shows as PutKeyPolicy. */
export function signingKeyPolicy(accountRoot: string, signers: readonly string[]): PolicyDocument {
  return policyDocument([
    { Sid: "Administer", Effect: "Allow", Principal: { AWS: accountRoot }, Action: ADMINISTRATION, Resource: ["*"] },
    ...(signers.length === 0 ? [] : letSign(signers)),
    refuseOthers(signers),
    { Sid: "NeverHandOn", Effect: "Deny", Principal: "*", Action: ["kms:CreateGrant"], Resource: ["*"] },
  ]);
}

/** Digests only, by ECDSA: a message signed raw would verify as something else (KMS Developer Guide, "Sign"). */
const letSign = (signers: readonly string[]): readonly Statement[] => [
  {
    Sid: "SignDigests",
    Effect: "Allow",
    Principal: { AWS: signers },
    Action: ["kms:Sign"],
    Resource: ["*"],
    Condition: { StringEquals: { "kms:SigningAlgorithm": "ECDSA_SHA_256", "kms:MessageType": "DIGEST" } },
  },
  {
    Sid: "ReadPublicKey",
    Effect: "Allow",
    Principal: { AWS: signers },
    Action: ["kms:DescribeKey", "kms:GetPublicKey"],
    Resource: ["*"],
  },
];

const refuseOthers = (signers: readonly string[]): Statement => ({
  Sid: "NobodyElseSigns",
  Effect: "Deny",
  Principal: "*",
  Action: ["kms:Sign"],
  Resource: ["*"],
  ...(signers.length === 0 ? {} : { Condition: { ArnNotEquals: { "aws:PrincipalArn": signers } } }),
});
