/** Snapshots of volumes: those of Data Lifecycle Manager, and the recovery points that AWS Backup made (EC2 API Reference). */
import type { Tags } from "../backup/state.ts";
import { tagList, type Owned } from "./context.ts";

export interface OwnedSnapshot {
  readonly id: string;
  readonly volumeId: string;
  readonly sizeBytes: number;
  readonly started: Date;
  readonly state: "completed" | "pending";
  readonly tags: Tags;
}

const gibibyte = 2 ** 30;

export function snapshotsOf({ state }: Owned): readonly OwnedSnapshot[] {
  const made: OwnedSnapshot[] = [];
  for (const vault of state.backup.vaults.values())
    for (const { arn, resourceArn, sizeBytes, creationDate, status, tags } of vault.points)
      if (arn.includes("::snapshot/"))
        made.push({
          id: lastOf(arn),
          volumeId: lastOf(resourceArn),
          sizeBytes: sizeBytes ?? 0,
          started: creationDate,
          state: status === "CREATING" ? "pending" : "completed",
          tags,
        });
  const others = [...state.compute.snapshots.values()].map((one) => ({ ...one, state: "completed" as const }));
  return [...made, ...others].toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

export function snapshotView({ account }: Owned, snapshot: OwnedSnapshot): unknown {
  return {
    SnapshotId: snapshot.id,
    VolumeId: snapshot.volumeId,
    VolumeSize: Math.max(1, Math.ceil(snapshot.sizeBytes / gibibyte)),
    State: snapshot.state,
    StartTime: snapshot.started,
    OwnerId: account,
    Tags: tagList(snapshot.tags),
  };
}

const lastOf = (arn: string): string => arn.slice(arn.lastIndexOf("/") + 1);
