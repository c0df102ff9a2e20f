/** The whole simulated cloud: what services may reach beyond their own state. */
import type { BackupState } from "./backup/state.ts";
import type { BackupWorld, ProtectableResource } from "./backup/world.ts";
import type { Clock } from "./clock.ts";
import type { Need } from "./iam/authorize.ts";
import type { ConditionContext } from "./iam/conditions.ts";
import type { Decision } from "./iam/evaluate.ts";
import type { Iam, Identity } from "./iam/registry.ts";
import type { KmsState } from "./kms/state.ts";
import type { LambdaRuntime } from "./durable/runtime.ts";
import type { EventBridge } from "./events/event-bridge.ts";
import type { Compute } from "./owners/compute.ts";
import type { Organization } from "./organizations/state.ts";
import type { PlatformState } from "./platform/state.ts";
import type { Random } from "./random.ts";
import type { Bucket } from "./s3/state.ts";
import type { SecretsState } from "./secrets/state.ts";

export interface WorldOptions {
  readonly hubAccount: string;
  readonly regions: readonly string[];
  /** Most items on a page of any listing but S3's. */
  readonly pageSize: number;
  readonly objectPageSize: number;
  /** Only keys that were issued are accepted. */
  readonly strict: boolean;
  /** Whether Tagging writes the account into the ARNs of snapshots and images, which AWS Backup leaves out. */
  readonly accountInImageArns: boolean;
  /** Told of each permission as it is judged, with the context that it was judged in. */
  readonly judged: (need: Need, identity: Identity, context: ConditionContext, decision: Decision) => void;
}

/** A resource that can be tagged and backed up: an EBS volume, a table, a file system… `everTagged` makes it visible to Tagging. */
export interface Resource extends ProtectableResource {
  /** Instances: the image they were launched from. */
  readonly imageId?: string;
  readonly tags: Record<string, string>;
  /** When it was made. */
  readonly created: Date;
  /** Nobody uses it: an instance or a database is stopped, a volume attached to nothing, a cluster of Redshift paused. */
  idle: boolean;
  /** For how many days its own service keeps the backups that it makes by itself. Absent: as few as the service allows. */
  readonly ownBackupDays?: number;
  /** Databases: the cluster that they are of, by its identifier. */
  readonly inCluster?: string;
  everTagged: boolean;
}

export interface World {
  readonly options: WorldOptions;
  readonly clock: Clock;
  readonly random: Random;
  /** Of a sequence of its own, for what services do by themselves: it changes nothing else that the seed invents. */
  readonly background: Random;
  readonly eventBridge: EventBridge;
  readonly iam: Iam;
  readonly organization: Organization;
  readonly buckets: Map<string, Bucket>;
  /** Undefined for an account or Region that does not exist. */
  readonly kms: (account: string, region: string) => KmsState | undefined;
  readonly secrets: (account: string, region: string) => SecretsState | undefined;
  readonly backup: (account: string, region: string) => BackupState | undefined;
  readonly backupWorld: BackupWorld;
  /** What exists to be backed up, by ARN. */
  readonly resources: (account: string, region: string) => Map<string, Resource>;
  /** Undefined for an account or Region that does not exist. */
  readonly compute: (account: string, region: string) => Compute | undefined;
  /** Functions to run; undefined for an account or Region that does not exist. */
  readonly lambda: (account: string, region: string) => LambdaRuntime | undefined;
  /** What a controller stands on; undefined for an account or Region that does not exist. */
  readonly platform: (account: string, region: string) => PlatformState | undefined;
  /** An account that exists and is neither suspended nor being closed. */
  readonly isActive: (account: string) => boolean;
  readonly exists: (account: string, region: string) => boolean;
}
