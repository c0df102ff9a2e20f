/** Redshift's clusters, and tags of them and of their snapshots (Amazon Redshift API Reference). */
import { ApiError, type Handlers } from "../service.ts";
import {
  resourceNamed,
  resourcesOf,
  tagList,
  tagsFrom,
  type Owned,
  type OwnedResource,
  type OwnerState,
} from "./context.ts";
import { queryPage, type QueryListing } from "./query-pages.ts";
import { addOwnerTags } from "./tags.ts";

function describeClusters(input: QueryListing & { readonly ClusterIdentifier?: string }, context: Owned): unknown {
  const rows =
    input.ClusterIdentifier === undefined
      ? resourcesOf(context, "redshift", "cluster:")
      : [clusterNamed(context, input.ClusterIdentifier)];
  const page = queryPage(context, rows, input, ["redshift", "DescribeClusters"]);
  return { Clusters: page.items.map(view), Marker: page.next };
}

function clusterNamed(context: Owned, id: string): OwnedResource {
  const found = resourceNamed(context, "redshift", "cluster:", id.toLowerCase());
  if (found === undefined) throw new ApiError("ClusterNotFoundFault", `Cluster ${id} not found.`);
  return found;
}

function view({ id, resource }: OwnedResource): unknown {
  return {
    ClusterIdentifier: id,
    ClusterStatus: resource.idle ? "paused" : "available",
    ClusterCreateTime: resource.created,
    AutomatedSnapshotRetentionPeriod: resource.ownBackupDays ?? 0,
    Encrypted: resource.encryptedWith !== undefined,
    KmsKeyId: resource.encryptedWith,
    Tags: tagList(resource.tags),
  };
}

function createTags(
  input: { readonly ResourceName: string; readonly Tags?: Parameters<typeof tagsFrom>[0] },
  context: Owned,
): void {
  const tags = tagsFrom(input.Tags, (message) => new ApiError("InvalidTagFault", message));
  if (!addOwnerTags(context.state, input.ResourceName, tags)) {
    throw new ApiError("ResourceNotFoundFault", `The resource ${input.ResourceName} does not exist.`);
  }
}

export const redshiftHandlers: Handlers<OwnerState> = { DescribeClusters: describeClusters, CreateTags: createTags };
