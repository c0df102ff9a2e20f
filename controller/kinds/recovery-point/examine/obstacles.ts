import { describeImages, describeInstances, getRole } from "../../../aws/owner-operations.ts";
import type { Call } from "../../../aws/operation.ts";
import type { Bar } from "../../../domain/change.ts";
import { AwsError, type AwsFailure, unless } from "../../../domain/errors.ts";
import { pages } from "../../../aws/pages.ts";

export const OBSTACLE_READS = [getRole, describeImages, describeInstances] as const;
export type ObstacleCall = Call<(typeof OBSTACLE_READS)[number]>;

/** A point about to be deleted, as far as what stands in the way is concerned. */
export interface Doomed {
  readonly arn: string;
  readonly type: string;
  readonly roleArn: string | null;
}

const LINKED_ROLE = "AWSServiceRoleForBackup";

/**
 * Why AWS would answer 200 to a deletion and leave the point EXPIRED (rule 9): the role that deletes is missing, or the snapshot or
 * image is in use. What cannot be read stands in the way as well: where in doubt, nothing is tried. Each question is asked of AWS once.
 */
export function obstaclesIn(call: ObstacleCall): (point: Doomed) => Promise<Bar | undefined> {
  const reads: Reads = {
    assumable: once((role: string) => assumedByBackup(call, role)),
    images: once(() => imagesBySnapshot(call)),
    instances: once(() => instancesByImage(call)),
  };
  return async (point) => {
    try {
      const because = (await roleObstacle(reads, point)) ?? (await useObstacle(reads, point.arn));
      return because === undefined
        ? undefined
        : { reason: "cannot-mend", because, release: "what is said to stand in the way; then the next run tries" };
    } catch (error) {
      if (error instanceof AwsError) return unreadable(error.failure);
      throw error;
    }
  };
}

interface Reads {
  readonly assumable: (role: string) => Promise<boolean>;
  readonly images: (none: "") => Promise<ReadonlyMap<string, string>>;
  readonly instances: (none: "") => Promise<ReadonlyMap<string, string>>;
}

function once<T>(ask: (question: string) => Promise<T>): (question: string) => Promise<T> {
  const answers = new Map<string, Promise<T>>();
  return (question) => {
    const answer = answers.get(question) ?? ask(question);
    answers.set(question, answer);
    return answer;
  };
}

const unreadable = ({ operation, message }: AwsFailure): Bar => ({
  reason: "unknown-state",
  because: `whether it could be deleted is not known: ${operation}: ${message}`,
  release: "leave to read it",
});

async function roleObstacle({ assumable }: Reads, { type, roleArn }: Doomed): Promise<string | undefined> {
  if (!(await assumable(LINKED_ROLE))) return `the account has no role ${LINKED_ROLE}, with which AWS Backup deletes`;
  if (type !== "EC2") return undefined;
  // An image is deregistered with the role of the job that made it (semantics §4.4).
  if (roleArn === null) return "AWS does not say which role made it, and an image is deleted with that role";
  return (await assumable(roleArn.slice(roleArn.lastIndexOf("/") + 1)))
    ? undefined
    : `the role ${roleArn} that made it is gone, or AWS Backup cannot assume it`;
}

async function assumedByBackup(call: ObstacleCall, RoleName: string): Promise<boolean> {
  const found = await unless("missing", call(getRole, { RoleName }), undefined);
  const document = found?.Role?.AssumeRolePolicyDocument;
  return document !== undefined && decodeURIComponent(document).includes("backup.amazonaws.com");
}

/** A snapshot that an image is made of cannot go, and an image that instances run from should not. */
async function useObstacle({ images, instances }: Reads, arn: string): Promise<string | undefined> {
  const [, kind, id = ""] = /^arn:[^:]+:ec2:.*:(snapshot|image)\/([0-9a-z-]+)$/.exec(arn) ?? [];
  const user =
    kind === "snapshot" ? (await images("")).get(id) : kind === "image" ? (await instances("")).get(id) : undefined;
  if (user === undefined) return undefined;
  return kind === "snapshot" ? `the image ${user} uses the snapshot` : `the instance ${user} runs from the image`;
}

async function imagesBySnapshot(call: ObstacleCall): Promise<ReadonlyMap<string, string>> {
  const users = new Map<string, string>();
  const read = (NextToken: string | undefined) =>
    call(describeImages, { Owners: ["self"], MaxResults: 500, NextToken });
  for await (const page of pages(describeImages.name, read))
    for (const { ImageId = "", BlockDeviceMappings = [] } of page.Images ?? [])
      for (const { Ebs } of BlockDeviceMappings) if (Ebs?.SnapshotId !== undefined) users.set(Ebs.SnapshotId, ImageId);
  return users;
}

async function instancesByImage(call: ObstacleCall): Promise<ReadonlyMap<string, string>> {
  const users = new Map<string, string>();
  const read = (NextToken: string | undefined) => call(describeInstances, { MaxResults: 500, NextToken });
  for await (const page of pages(describeInstances.name, read))
    for (const { InstanceId = "", ImageId, State } of (page.Reservations ?? []).flatMap(
      ({ Instances = [] }) => Instances,
    ))
      if (ImageId !== undefined && State?.Name !== "terminated") users.set(ImageId, InstanceId);
  return users;
}
