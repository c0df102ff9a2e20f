/** What happens to resources at the services that own them, where no simulated call does it: they are made, renamed, used and deleted. */
import { digestOf } from "../backup/digest.ts";
import type { Resource, World } from "../world.ts";
import type { Compute, Image, Snapshot } from "./compute.ts";

interface ResourceInput {
  readonly arn: string;
  /** AWS Backup's spelling: `EBS`, `DynamoDB`, `S3`… */
  readonly type: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly sizeBytes?: number;
  readonly name?: string;
  readonly encryptedWith?: string;
  /** Databases have one of their own unless it is given. */
  readonly resourceId?: string;
  readonly imageId?: string;
  /** Default: now. */
  readonly created?: Date;
  /** Default no. */
  readonly idle?: boolean;
  readonly inCluster?: string;
  /** For how many days its own service keeps backups, of a table point-in-time recovery. Default: as few as it allows. */
  readonly ownBackupDays?: number;
}

export interface Placing {
  /** Another resource of the same ARN takes the place of the one before it. */
  readonly addResource: (account: string, region: string, input: ResourceInput) => Resource;
  /** Deletes a resource at its own service. An instance is shown as terminated for an hour; a bucket goes with its objects. */
  readonly removeResource: (account: string, region: string, arn: string) => void;
  /** Renames a database: another ARN, the same resource id. */
  readonly renameResource: (account: string, region: string, arn: string, newName: string) => Resource;
  /** Registers an image from a snapshot; while it is there, EC2 would not let the snapshot be deleted. */
  readonly useSnapshot: (account: string, region: string, snapshotId: string) => Image;
  /** Launches an instance from an image; while it runs, the recovery point behind the image cannot be deleted. */
  readonly useImage: (account: string, region: string, imageId: string) => Resource;
  /** Takes a snapshot of a volume as a policy of Data Lifecycle Manager does, with the tags that it gives its own. */
  readonly manageSnapshot: (account: string, region: string, volumeArn: string) => Snapshot;
  /** Deregisters an image that `useSnapshot` made. */
  readonly removeImage: (account: string, region: string, imageId: string) => void;
}

/** Ids are made from what they are for and a count, not at random: a world without databases draws nothing. */
export function placingIn(world: World): Placing {
  let made = 0;
  const fresh = (subject: string, length: number) => {
    made += 1;
    return digestOf([subject, made]).slice(0, length);
  };
  const addResource: Placing["addResource"] = (account, region, input) => {
    const tags = { ...input.tags };
    const resourceId = input.resourceId ?? databaseId(input.arn, fresh);
    const resource: Resource = {
      sizeBytes: 1_000_000_000,
      created: world.clock.now(),
      idle: false,
      ...input,
      ...(resourceId !== undefined && { resourceId }),
      tags,
      everTagged: Object.keys(tags).length > 0,
    };
    world.resources(account, region).set(input.arn, resource);
    return resource;
  };

  return {
    addResource,
    removeResource: (account, region, arn) => remove(world, account, region, arn),
    renameResource: (account, region, arn, newName) => rename(world.resources(account, region), arn, newName),
    useSnapshot: (account, region, snapshotId) => {
      const id = `ami-${fresh(snapshotId, 17)}`;
      const image: Image = { id, snapshotId, registered: world.clock.now(), tags: {} };
      computeOf(world, account, region).images.set(id, image);
      return image;
    },
    useImage: (account, region, imageId) => {
      const arn = `arn:aws:ec2:${region}:${account}:instance/i-${fresh(imageId, 17)}`;
      return addResource(account, region, { arn, type: "EC2", imageId });
    },
    manageSnapshot: (account, region, volumeArn) => {
      const { sizeBytes } = present(world.resources(account, region), volumeArn);
      const volumeId = volumeArn.slice(volumeArn.lastIndexOf("/") + 1);
      const id = `snap-${fresh(volumeId, 17)}`;
      const snapshot: Snapshot = { id, volumeId, sizeBytes, started: world.clock.now(), tags: { ...LIFECYCLE_TAGS } };
      computeOf(world, account, region).snapshots.set(id, snapshot);
      return snapshot;
    },
    removeImage: (account, region, imageId) => {
      if (!computeOf(world, account, region).images.delete(imageId)) {
        throw new RangeError(`nobody registered an image ${imageId}`);
      }
    },
  };
}

/** Amazon EBS User Guide, "How Amazon Data Lifecycle Manager works": it tags what its policies make, and nothing else bears such tags. */
const LIFECYCLE_TAGS = {
  "aws:dlm:lifecycle-policy-id": "policy-0123456789abcdef0",
  "aws:dlm:lifecycle-schedule-name": "Daily",
  "dlm:managed": "true",
} as const;

function remove(world: World, account: string, region: string, arn: string): void {
  const resources = world.resources(account, region);
  const instance = present(resources, arn);
  resources.delete(arn);
  if (isInstance(arn)) computeOf(world, account, region).terminated.set(arn, { instance, at: world.clock.now() });
  const bucket = /^arn:[^:]+:s3:::(.+)$/.exec(arn)?.[1];
  if (bucket !== undefined && world.buckets.get(bucket)?.account === account) world.buckets.delete(bucket);
}

function rename(resources: Map<string, Resource>, arn: string, newName: string): Resource {
  const resource = present(resources, arn);
  if (resource.resourceId === undefined) throw new RangeError(`${arn} cannot be renamed`);
  const named = resource.name === undefined ? {} : { name: newName };
  const renamed: Resource = { ...resource, arn: arn.replace(/[^:]+$/, newName), ...named };
  resources.delete(arn);
  resources.set(renamed.arn, renamed);
  return renamed;
}

function isInstance(arn: string): boolean {
  return /^arn:[^:]+:ec2:[^:]+:\d+:instance\//.test(arn);
}

/** `db-…` or `cluster-…` for what RDS owns (Amazon RDS API Reference, DBInstance and DBCluster). */
function databaseId(arn: string, fresh: (subject: string, length: number) => string): string | undefined {
  const kind = /^arn:[^:]+:rds:[^:]+:\d+:(db|cluster):/.exec(arn)?.[1];
  return kind === undefined ? undefined : `${kind}-${fresh(arn, 26).toUpperCase()}`;
}

function present(resources: ReadonlyMap<string, Resource>, arn: string): Resource {
  const resource = resources.get(arn);
  if (resource === undefined) throw new RangeError(`the simulator has no resource ${arn}`);
  return resource;
}

function computeOf(world: World, account: string, region: string): Compute {
  const compute = world.compute(account, region);
  if (compute === undefined) throw new RangeError(`the simulator has no account ${account} or no Region ${region}`);
  return compute;
}
