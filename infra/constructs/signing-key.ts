/* oxlint-disable no-new -- a construct joins its scope by being made */
import { Aws, RemovalPolicy } from "aws-cdk-lib";
import { CfnAlias, CfnKey } from "aws-cdk-lib/aws-kms";
import { Construct } from "constructs";
import type { SignatureAlgorithm } from "../../controller/domain/chain-keys.ts";
import { policyDocument, type PolicyDocument, type Statement } from "../policy-document.ts";

export interface SigningKeyProps {
  readonly alias: string;
  readonly description: string;
  /** ARNs of the only roles that may sign. None: nobody can, until a role is named. */
  readonly signers: readonly string[];
  /** P-256 by default, whose signatures every machine verifies; ML-DSA-65 for a second one. */
  readonly algorithm?: SignatureAlgorithm;
}

/** An algorithm's key, and how a message is sent to it that is longer than Sign takes (KMS Developer Guide, "Sign"). */
const KINDS = {
  ECDSA_SHA_256: { keySpec: "ECC_NIST_P256", sid: "SignDigests", messageType: "DIGEST" },
  ML_DSA_SHAKE_256: { keySpec: "ML_DSA_65", sid: "SignMu", messageType: "EXTERNAL_MU" },
} as const satisfies Readonly<Record<SignatureAlgorithm, unknown>>;

/** A key whose private half never leaves KMS, and that signs reports' digests for named roles only. Kept when the stack goes. */
export class SigningKey extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: SigningKeyProps) {
    super(scope, id);
    const { alias, description, signers, algorithm = "ECDSA_SHA_256" } = props;
    const key = new CfnKey(this, "Key", {
      description,
      keySpec: KINDS[algorithm].keySpec,
      keyUsage: "SIGN_VERIFY",
      keyPolicy: signingKeyPolicy(`arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:root`, signers, algorithm),
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
export function signingKeyPolicy(
  accountRoot: string,
  signers: readonly string[],
  algorithm: SignatureAlgorithm,
): PolicyDocument {
  return policyDocument([
    { Sid: "Administer", Effect: "Allow", Principal: { AWS: accountRoot }, Action: ADMINISTRATION, Resource: ["*"] },
    ...(signers.length === 0 ? [] : letSign(signers, algorithm)),
    refuseOthers(signers),
    { Sid: "NeverHandOn", Effect: "Deny", Principal: "*", Action: ["kms:CreateGrant"], Resource: ["*"] },
  ]);
}

/** What stands for a message and no message: one signed raw would verify as something else (KMS Developer Guide, "Sign"). */
const letSign = (signers: readonly string[], algorithm: SignatureAlgorithm): readonly Statement[] => [
  {
    Sid: KINDS[algorithm].sid,
    Effect: "Allow",
    Principal: { AWS: signers },
    Action: ["kms:Sign"],
    Resource: ["*"],
    Condition: {
      StringEquals: { "kms:SigningAlgorithm": algorithm, "kms:MessageType": KINDS[algorithm].messageType },
    },
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
