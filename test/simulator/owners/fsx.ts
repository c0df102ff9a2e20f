/** FSx's file systems and ONTAP volumes, and tags of both and of their backups (Amazon FSx API Reference). */
import { ApiError, type Handlers } from "../service.ts";
import { pageOf, resourcesOf, tagList, tagsFrom, type Owned, type OwnedResource, type OwnerState } from "./context.ts";
import { addOwnerTags } from "./tags.ts";

interface ListingInput {
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

function describeFileSystems(
  input: ListingInput & { readonly FileSystemIds?: readonly string[] },
  context: Owned,
): unknown {
  const all = resourcesOf(context, "fsx", "file-system/");
  const page = pageOfNamed(context, "DescribeFileSystems", input, chosen(all, input.FileSystemIds, "FileSystem"));
  return { FileSystems: page.items.map((one) => fileSystemView(context, one)), NextToken: page.next };
}

function fileSystemView({ account }: Owned, { id, resource }: OwnedResource): unknown {
  return {
    FileSystemId: id,
    ResourceARN: resource.arn,
    OwnerId: account,
    FileSystemType: "WINDOWS",
    WindowsConfiguration: { AutomaticBackupRetentionDays: resource.ownBackupDays ?? 0 },
    Lifecycle: "AVAILABLE",
    CreationTime: resource.created,
    KmsKeyId: resource.encryptedWith,
    Tags: tagList(resource.tags),
  };
}

function describeVolumes(input: ListingInput & { readonly VolumeIds?: readonly string[] }, context: Owned): unknown {
  const all = resourcesOf(context, "fsx", "volume/").map(({ id, resource }) => ({ ...volumeIds(id), resource }));
  const page = pageOfNamed(context, "DescribeVolumes", input, chosen(all, input.VolumeIds, "Volume"));
  const Volumes = page.items.map(({ id, fileSystemId, resource }) => ({
    VolumeId: id,
    FileSystemId: fileSystemId,
    ResourceARN: resource.arn,
    Lifecycle: "AVAILABLE",
    CreationTime: resource.created,
    Tags: tagList(resource.tags),
  }));
  return { Volumes, NextToken: page.next };
}

/** A volume's ARN has its file system before it. */
function volumeIds(path: string): { readonly id: string; readonly fileSystemId: string | undefined } {
  const slash = path.indexOf("/");
  return slash < 0
    ? { id: path, fileSystemId: undefined }
    : { id: path.slice(slash + 1), fileSystemId: path.slice(0, slash) };
}

function chosen<T extends { readonly id: string }>(
  all: readonly T[],
  wanted: readonly string[] | undefined,
  what: "FileSystem" | "Volume",
): readonly T[] {
  return (
    wanted?.map((id) => {
      const found = all.find((one) => one.id === id);
      if (found === undefined) throw new ApiError(`${what}NotFound`, `${what} '${id}' does not exist.`);
      return found;
    }) ?? all
  );
}

function pageOfNamed<T>(context: Owned, operation: string, input: ListingInput, rows: readonly T[]) {
  return pageOf(context, rows, {
    listing: ["fsx", operation],
    token: input.NextToken,
    limit: input.MaxResults,
    invalid: () => badRequest("The NextToken is invalid."),
  });
}

function tagResource(
  input: { readonly ResourceARN: string; readonly Tags?: Parameters<typeof tagsFrom>[0] },
  context: Owned,
): unknown {
  if (!addOwnerTags(context.state, input.ResourceARN, tagsFrom(input.Tags, badRequest))) {
    const { ResourceARN } = input;
    throw new ApiError("ResourceNotFound", `Resource '${ResourceARN}' does not exist.`, { ResourceARN });
  }
  return {};
}

function badRequest(message: string): ApiError {
  return new ApiError("BadRequest", message);
}

export const fsxHandlers: Handlers<OwnerState> = {
  DescribeFileSystems: describeFileSystems,
  DescribeVolumes: describeVolumes,
  TagResource: tagResource,
};
