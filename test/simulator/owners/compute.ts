/** What EC2 keeps beside the resources that are backed up: images people registered, snapshots that AWS Backup did not make, and instances that are gone but still shown. */
import type { Resource } from "../world.ts";

/** An image that somebody registered by hand from a snapshot. AWS Backup knows nothing of it. */
export interface Image {
  readonly id: string;
  readonly snapshotId: string;
  readonly registered: Date;
  readonly tags: Record<string, string>;
}

/** A snapshot that AWS Backup knows nothing of. It outlives its volume. */
export interface Snapshot {
  readonly id: string;
  readonly volumeId: string;
  readonly sizeBytes: number;
  readonly started: Date;
  readonly tags: Record<string, string>;
}

interface Terminated {
  readonly instance: Resource;
  readonly at: Date;
}

export interface Compute {
  readonly images: Map<string, Image>;
  readonly snapshots: Map<string, Snapshot>;
  /** By ARN. */
  readonly terminated: Map<string, Terminated>;
}

/** A terminated instance is shown for about so long, in milliseconds (EC2 User Guide, "Terminate instances"). */
const shownAfterEnd = 3_600_000;

export function createCompute(): Compute {
  return { images: new Map(), snapshots: new Map(), terminated: new Map() };
}

/** Instances that ended within the last hour. */
export function lately(compute: Compute, now: Date): readonly Resource[] {
  return [...compute.terminated.values()]
    .filter(({ at }) => now.getTime() - at.getTime() < shownAfterEnd)
    .map(({ instance }) => instance);
}

/** The image or instance that still needs the snapshot or image behind a recovery point. */
export function userOf(compute: Compute, resources: Iterable<Resource>, pointArn: string): string | undefined {
  const id = /:(?:snapshot|image)\/((?:snap|ami)-[^/]+)$/.exec(pointArn)?.[1];
  if (id === undefined) return undefined;
  for (const image of compute.images.values()) if (image.snapshotId === id) return image.id;
  if (id.startsWith("snap-")) return undefined;
  for (const { arn, imageId } of resources) if (imageId === id) return arn.slice(arn.indexOf("/") + 1);
  return undefined;
}
