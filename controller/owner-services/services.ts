import { instance, volume } from "./compute.ts";
import { cluster, db } from "./databases.ts";
import { fileSystem, fsxFileSystem, fsxVolume } from "./files.ts";
import type { OwnerService } from "./service.ts";
import { bucket, redshiftCluster, table } from "./stores.ts";

/**
 * The services that can prove a resource gone (rule 3). Stacks and EKS clusters are not among them although they could: their points
 * are composite, and those are never judged (rule 10). Every other type is unknown.
 */
export const OWNER_SERVICES: Readonly<Record<string, OwnerService>> = {
  volume,
  instance,
  db,
  cluster,
  table,
  fileSystem,
  fsxFileSystem,
  fsxVolume,
  bucket,
  redshiftCluster,
};

/** The service that a resource of a type belongs to, if it is one that can prove anything. */
export const ownerOf = (type: string, arn: string): readonly [name: string, service: OwnerService] | undefined =>
  Object.entries(OWNER_SERVICES).find(([, service]) => service.types.includes(type) && service.owns(arn));
