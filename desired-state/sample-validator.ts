/** A validator of restored EBS volumes: `VALIDATORS.md` says what it is asked and what it may answer. */
import { DescribeVolumesCommand, EC2Client } from "@aws-sdk/client-ec2";

/** As much of the request as it reads. */
interface Request {
  readonly resourceType: string;
  readonly recoveryPointArn: string;
  readonly createdResourceArn: string;
}

interface Answer {
  readonly status: "SUCCESSFUL" | "FAILED";
  readonly message: string;
}

const failed = (message: string): Answer => ({ status: "FAILED", message });
const idOf = (arn: string): string => arn.split("/").at(-1) ?? "";

/**
 * The volume is there, it is not broken, and it was made of the snapshot that was to be restored. Trouble with the call itself is thrown: that
 * is no verdict, and Holdfast asks again.
 */
export const validatorWith =
  (ec2: EC2Client) =>
  async ({ resourceType, recoveryPointArn, createdResourceArn }: Request): Promise<Answer> => {
    if (resourceType !== "EBS") return failed(`this validator knows volumes, and was asked about ${resourceType}`);
    const Filters = [{ Name: "volume-id", Values: [idOf(createdResourceArn)] }];
    const { Volumes: [volume] = [] } = await ec2.send(new DescribeVolumesCommand({ Filters }));
    if (volume === undefined) return failed(`${createdResourceArn} is not there`);
    if (volume.State === "error") return failed(`${createdResourceArn} is in state error`);
    if (volume.SnapshotId && volume.SnapshotId !== idOf(recoveryPointArn))
      return failed(`the volume was made of ${volume.SnapshotId}, and not of ${idOf(recoveryPointArn)}`);
    return { status: "SUCCESSFUL", message: `a volume of ${volume.Size} GiB, ${volume.State}` };
  };

/** What Lambda calls. */
export const handler = (request: Request): Promise<Answer> => validatorWith(new EC2Client({}))(request);
