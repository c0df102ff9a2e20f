/** Images: those that people registered, and those that AWS Backup made of instances. */
import { findPoint } from "../backup/points.ts";
import type { RecoveryPoint, Tags } from "../backup/state.ts";
import type { Image } from "./compute.ts";
import { tagList, type Owned } from "./context.ts";
import { ec2Arn } from "./ec2-ids.ts";

export interface OwnedImage {
  readonly id: string;
  readonly name: string;
  readonly snapshotId: string;
  readonly created: Date;
  readonly state: "available" | "pending";
  readonly tags: Tags;
}

export function imagesOf(context: Owned): readonly OwnedImage[] {
  const made: OwnedImage[] = [];
  for (const vault of context.state.backup.vaults.values()) {
    for (const point of vault.points) if (isImage(point)) made.push(ofPoint(point));
  }
  const registered = [...context.state.compute.images.values()].map(ofImage);
  return [...made, ...registered].toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

export function imageNamed(context: Owned, id: string): OwnedImage | undefined {
  const registered = context.state.compute.images.get(id);
  if (registered !== undefined) return ofImage(registered);
  const point = findPoint(context.state.backup, ec2Arn(context, id));
  return point !== undefined && isImage(point) ? ofPoint(point) : undefined;
}

export function imageView({ account }: Owned, image: OwnedImage): unknown {
  return {
    ImageId: image.id,
    Name: image.name,
    State: image.state,
    OwnerId: account,
    Public: false,
    CreationDate: image.created.toISOString(),
    BlockDeviceMappings: [{ DeviceName: "/dev/xvda", Ebs: { SnapshotId: image.snapshotId } }],
    Tags: tagList(image.tags),
  };
}

function isImage({ arn }: RecoveryPoint): boolean {
  return arn.includes("::image/");
}

function ofImage({ id, snapshotId, registered, tags }: Image): OwnedImage {
  return { id, name: `registered-from-${snapshotId}`, snapshotId, created: registered, state: "available", tags };
}

/** The snapshot of an image that AWS Backup made is no recovery point itself (semantics §4.1). */
function ofPoint(point: RecoveryPoint): OwnedImage {
  const id = point.arn.slice(point.arn.lastIndexOf("/") + 1);
  const instance = point.resourceArn.slice(point.resourceArn.lastIndexOf("/") + 1);
  return {
    id,
    name: `AwsBackup_${instance}_${id}`,
    snapshotId: id.replace(/^ami-/, "snap-"),
    created: point.creationDate,
    state: point.status === "CREATING" ? "pending" : "available",
    tags: point.tags,
  };
}
