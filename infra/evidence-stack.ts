/* oxlint-disable no-new -- a construct joins its scope by being made */
import { Aws, CfnOutput, Stack, type StackProps } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { HoldfastError } from "../controller/domain/errors.ts";
import { accessLogs } from "./constructs/access-logs.ts";
import { evidenceBucket } from "./constructs/evidence-bucket.ts";
import { evidenceElsewhere } from "./evidence-place.ts";
import type { Statement } from "./policy-document.ts";
import { CONTROLLER_ROLE_NAME, WORKER_ROLE_NAME } from "./roles.ts";
import type { Settings } from "./settings.ts";

export interface EvidenceStackProps extends StackProps {
  readonly settings: Settings;
}

/**
 * A log-archive account: the evidence bucket, out of reach of everybody in the hub but the controller and, for attachments, its workers.
 * Deployed before the hub, to the same Region. Throws HoldfastError `setting-refused` where the settings keep evidence in the hub.
 */
export class EvidenceStack extends Stack {
  constructor(scope: Construct, id: string, { settings, ...props }: EvidenceStackProps) {
    super(scope, id, props);
    const { evidence, engine, hubAccount } = settings;
    const place = evidenceElsewhere(settings);
    if (place === undefined || hubAccount === undefined)
      throw new HoldfastError("setting-refused", "the settings evidence.account and hubAccount are needed");
    const bucket = evidenceBucket(this, "Evidence", evidence, {
      name: place.name,
      also: (arn) => [
        ...letIn(hubAccount, CONTROLLER_ROLE_NAME, "Controller", arn, `${arn}/*`),
        ...(engine === "durable"
          ? [
              ...letIn(hubAccount, WORKER_ROLE_NAME, "Worker", arn, `${arn}/v1/*/attachments/*`),
              letWorkersFind(hubAccount, arn),
            ]
          : []),
      ],
    });
    accessLogs(this, "AccessLogs", { evidence: bucket });
    new CfnOutput(this, "EvidenceUrl", { value: `s3://${bucket.name}` });
  }
}

/**
 * What a role of the hub needs here besides its own policy. Its account is named, on condition of the role: a role that is named itself
 * must exist beforehand, and is forgotten when it is made anew (IAM User Guide, "AWS JSON policy elements: Principal").
 */
function letIn(hub: string, role: string, who: string, bucket: string, objects: string): readonly Statement[] {
  const caller = callerIn(hub, role);
  return [
    { Sid: `Let${who}List`, ...caller, Action: ["s3:ListBucket"], Resource: [bucket] },
    {
      Sid: `Let${who}Publish`,
      ...caller,
      Action: ["s3:GetObject", "s3:PutObject", "s3:PutObjectRetention"],
      Resource: [objects],
    },
  ];
}

/** Which chain there is to attach to. */
const letWorkersFind = (hub: string, bucket: string): Statement => ({
  Sid: "LetWorkerFindChain",
  ...callerIn(hub, WORKER_ROLE_NAME),
  Action: ["s3:GetObject"],
  Resource: [`${bucket}/keys.json`],
});

function callerIn(hub: string, role: string) {
  const inAccount = `arn:${Aws.PARTITION}:iam::${hub}`;
  return {
    Effect: "Allow",
    Principal: { AWS: `${inAccount}:root` },
    Condition: { ArnEquals: { "aws:PrincipalArn": `${inAccount}:role/${role}` } },
  } as const;
}
