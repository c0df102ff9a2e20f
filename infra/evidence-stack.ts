/* oxlint-disable no-new -- a construct joins its scope by being made */
import { Aws, CfnOutput, Stack, type StackProps } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { HoldfastError } from "../controller/domain/errors.ts";
import { accessLogs } from "./constructs/access-logs.ts";
import { evidenceBucket } from "./constructs/evidence-bucket.ts";
import { evidenceElsewhere } from "./evidence-place.ts";
import type { Statement } from "./policy-document.ts";
import { readersOf, roleInHub } from "./readers.ts";
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
    const controller = callerIn(hubAccount, roleInHub(CONTROLLER_ROLE_NAME, settings));
    const worker = callerIn(hubAccount, roleInHub(WORKER_ROLE_NAME, settings));
    const readers = readersOf(settings);
    const bucket = evidenceBucket(this, "Evidence", evidence, {
      name: place.name,
      also: (arn) => [
        ...letPublish("Controller", controller, arn, `${arn}/*`),
        ...(engine === "durable"
          ? [...letPublish("Worker", worker, arn, `${arn}/v1/*/attachments/*`), letWorkersFind(worker, arn)]
          : []),
        ...(readers.length === 0 ? [] : letRead(callerIn(hubAccount, ...readers), arn)),
      ],
    });
    accessLogs(this, "AccessLogs", { evidence: bucket });
    new CfnOutput(this, "EvidenceUrl", { value: `s3://${bucket.name}` });
  }
}

/**
 * A role of the hub, or one of some. Its account is named, on condition of the role: a role that is named itself must exist beforehand, and
 * is forgotten when it is made anew (IAM User Guide, "AWS JSON policy elements: Principal").
 */
const callerIn = (hub: string, ...[first = "", ...others]: readonly string[]) =>
  ({
    Effect: "Allow",
    Principal: { AWS: `arn:${Aws.PARTITION}:iam::${hub}:root` },
    Condition: { ArnEquals: { "aws:PrincipalArn": others.length === 0 ? first : [first, ...others] } },
  }) as const;
type Caller = ReturnType<typeof callerIn>;

/** What a role of the hub that puts evidence needs here besides its own policy. */
const letPublish = (who: string, caller: Caller, bucket: string, objects: string): readonly Statement[] => [
  letList(who, caller, bucket),
  {
    Sid: `Let${who}Publish`,
    ...caller,
    Action: ["s3:GetObject", "s3:PutObject", "s3:PutObjectRetention"],
    Resource: [objects],
  },
];

/** Which chain there is to attach to. */
const letWorkersFind = (caller: Caller, bucket: string): Statement => ({
  Sid: "LetWorkerFindChain",
  ...caller,
  Action: ["s3:GetObject"],
  Resource: [`${bucket}/keys.json`],
});

/** A plan is made in the light of reports. */
const letRead = (caller: Caller, bucket: string): readonly Statement[] => [
  letList("Readers", caller, bucket),
  { Sid: "LetReadersRead", ...caller, Action: ["s3:GetObject"], Resource: [`${bucket}/*`] },
];

const letList = (who: string, caller: Caller, bucket: string): Statement => ({
  Sid: `Let${who}List`,
  ...caller,
  Action: ["s3:ListBucket"],
  Resource: [bucket],
});
