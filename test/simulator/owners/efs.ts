/** EFS's file systems (Amazon EFS API Reference). */
import { ApiError, type Handlers } from "../service.ts";
import {
  pageOf,
  resourceNamed,
  resourcesOf,
  tagList,
  type Owned,
  type OwnedResource,
  type OwnerState,
} from "./context.ts";

interface DescribeFileSystemsInput {
  /** An id or an ARN. */
  readonly FileSystemId?: string;
  readonly MaxItems?: number;
  readonly Marker?: string;
}

function describeFileSystems(input: DescribeFileSystemsInput, context: Owned): unknown {
  const all = input.FileSystemId === undefined ? undefined : [fileSystem(context, input.FileSystemId)];
  const rows = all ?? resourcesOf(context, "elasticfilesystem", "file-system/");
  const page = pageOf(context, rows, {
    listing: ["elasticfilesystem", "DescribeFileSystems"],
    token: input.Marker,
    limit: input.MaxItems,
    invalid: () => refusal("BadRequest", "The marker is invalid."),
  });
  return { Marker: input.Marker, NextMarker: page.next, FileSystems: page.items.map((one) => view(context, one)) };
}

function fileSystem(context: Owned, named: string): OwnedResource {
  const id = named.slice(named.lastIndexOf("/") + 1);
  const found = resourceNamed(context, "elasticfilesystem", "file-system/", id);
  if (found !== undefined && (!named.startsWith("arn:") || found.resource.arn === named)) return found;
  throw refusal("FileSystemNotFound", `File system '${id}' does not exist.`);
}

function view({ account }: Owned, { id, resource }: OwnedResource): unknown {
  return {
    FileSystemId: id,
    FileSystemArn: resource.arn,
    OwnerId: account,
    CreationToken: id,
    LifeCycleState: "available",
    CreationTime: resource.created,
    Name: resource.tags["Name"],
    SizeInBytes: { Value: resource.sizeBytes },
    Encrypted: resource.encryptedWith !== undefined,
    KmsKeyId: resource.encryptedWith,
    Tags: tagList(resource.tags),
  };
}

/** Errors say their code in the body too. */
function refusal(code: string, message: string): ApiError {
  return new ApiError(code, message, { ErrorCode: code });
}

export const efsHandlers: Handlers<OwnerState> = { DescribeFileSystems: describeFileSystems };
