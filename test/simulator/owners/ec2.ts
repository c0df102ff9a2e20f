/** EC2, as far as it owns what is backed up: volumes, instances, images and their tags (EC2 API Reference). */
import type { Page } from "../paging.ts";
import { ApiError, type Handlers } from "../service.ts";
import { lately } from "./compute.ts";
import {
  ownArn,
  pageOf,
  resourceNamed,
  resourcesOf,
  tagList,
  tagsFrom,
  type Owned,
  type OwnedResource,
  type OwnerState,
} from "./context.ts";
import { checkFilters, passes, tagFacts, type Ec2Filter } from "./ec2-filters.ts";
import { imageNamed, imagesOf, imageView, type OwnedImage } from "./ec2-images.ts";
import { snapshotsOf, snapshotView } from "./ec2-snapshots.ts";
import { ec2Arn } from "./ec2-ids.ts";
import { addOwnerTags, ownerTags } from "./tags.ts";

const gibibyte = 2 ** 30;

interface DescribeInput {
  readonly Filters?: readonly Ec2Filter[];
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

function describeVolumes(input: DescribeInput & { readonly VolumeIds?: readonly string[] }, context: Owned): unknown {
  checkFilters(input.Filters, ["volume-id", "encrypted"]);
  const named = input.VolumeIds?.map((id) => {
    const missing = () => notFound("InvalidVolume.NotFound", `The volume '${id}' does not exist.`);
    return resourceNamed(context, "ec2", "volume/", id) ?? raise(missing);
  });
  const volumes = (named ?? resourcesOf(context, "ec2", "volume/")).filter(({ id, resource }) =>
    passes(input.Filters, {
      ...tagFacts(resource.tags),
      "volume-id": [id],
      encrypted: [String(resource.encryptedWith !== undefined)],
    }),
  );
  const page = pageUnlessNamed(context, "DescribeVolumes", input, volumes, named !== undefined);
  return { Volumes: page.items.map((volume) => volumeView(context, volume)), NextToken: page.next };
}

function volumeView({ region }: Owned, { id, resource }: OwnedResource): unknown {
  return {
    VolumeId: id,
    // What it is attached to is not told.
    State: resource.idle ? "available" : "in-use",
    CreateTime: resource.created,
    Size: Math.max(1, Math.ceil(resource.sizeBytes / gibibyte)),
    AvailabilityZone: `${region}a`,
    Encrypted: resource.encryptedWith !== undefined,
    KmsKeyId: resource.encryptedWith,
    Tags: tagList(resource.tags),
  };
}

interface Instance extends OwnedResource {
  readonly state: "running" | "stopped" | "terminated";
}

/** A terminated instance is told for about an hour, as if it were one of them. */
function describeInstances(
  input: DescribeInput & { readonly InstanceIds?: readonly string[] },
  context: Owned,
): unknown {
  checkFilters(input.Filters, ["instance-id", "image-id", "instance-state-name"]);
  const all = instancesOf(context);
  const missing = input.InstanceIds?.filter((wanted) => !all.some(({ id }) => id === wanted)) ?? [];
  if (missing.length > 0) {
    const which = missing.length === 1 ? "ID" : "IDs";
    const verb = missing.length === 1 ? "does" : "do";
    throw notFound("InvalidInstanceID.NotFound", `The instance ${which} '${missing.join(", ")}' ${verb} not exist`);
  }
  const instances = all.filter(
    ({ id, resource, state }) =>
      (input.InstanceIds?.includes(id) ?? true) &&
      passes(input.Filters, {
        ...tagFacts(resource.tags),
        "instance-id": [id],
        "image-id": resource.imageId === undefined ? [] : [resource.imageId],
        "instance-state-name": [state],
      }),
  );
  const named = input.InstanceIds !== undefined;
  const page = pageUnlessNamed(context, "DescribeInstances", input, instances, named);
  return { Reservations: page.items.map((instance) => reservation(context, instance)), NextToken: page.next };
}

function instancesOf(context: Owned): readonly Instance[] {
  const prefix = ownArn(context, "ec2", "instance/");
  const present = resourcesOf(context, "ec2", "instance/").map((one): Instance => {
    return { ...one, state: one.resource.idle ? "stopped" : "running" };
  });
  const ended = lately(context.state.compute, context.now)
    .filter(({ arn }) => !context.state.resources.has(arn))
    .map((resource): Instance => ({ id: resource.arn.slice(prefix.length), resource, state: "terminated" }));
  return [...present, ...ended].toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

/** Amazon EC2 API Reference, InstanceState. */
const instanceCodes = { running: 16, terminated: 48, stopped: 80 } as const;

/** Each instance was launched by itself, and never started again. */
function reservation({ account }: Owned, { id, resource, state }: Instance): unknown {
  const instance = {
    InstanceId: id,
    ImageId: resource.imageId,
    State: { Code: instanceCodes[state], Name: state },
    LaunchTime: resource.created,
    Tags: tagList(resource.tags),
  };
  return { ReservationId: id.replace(/^i-/, "r-"), OwnerId: account, Instances: [instance] };
}

interface DescribeImagesInput extends DescribeInput {
  readonly ImageIds?: readonly string[];
  readonly Owners?: readonly string[];
}

/** Only the account's own: nothing is shared, and there is no catalogue of Amazon's. */
function describeImages(input: DescribeImagesInput, context: Owned): unknown {
  checkFilters(input.Filters, ["image-id", "block-device-mapping.snapshot-id", "owner-id"]);
  const named = input.ImageIds?.map((id) => {
    const missing = () => notFound("InvalidAMIID.NotFound", `The image id '[${id}]' does not exist`);
    return imageNamed(context, id) ?? raise(missing);
  });
  const owned = input.Owners?.some((owner) => owner === "self" || owner === context.account) ?? true;
  const images = (owned ? (named ?? imagesOf(context)) : []).filter((image) => isAskedFor(image, input, context));
  const page = pageUnlessNamed(context, "DescribeImages", input, images, named !== undefined);
  return { Images: page.items.map((image) => imageView(context, image)), NextToken: page.next };
}

function isAskedFor(image: OwnedImage, { Filters }: DescribeImagesInput, { account }: Owned): boolean {
  return passes(Filters, {
    ...tagFacts(image.tags),
    "image-id": [image.id],
    "block-device-mapping.snapshot-id": [image.snapshotId],
    "owner-id": [account],
  });
}

/** Only the account's own: nothing is shared, and nobody's are public. */
function describeSnapshots(
  input: DescribeInput & { readonly SnapshotIds?: readonly string[]; readonly OwnerIds?: readonly string[] },
  context: Owned,
): unknown {
  checkFilters(input.Filters, ["snapshot-id", "volume-id", "status", "owner-id"]);
  const all = snapshotsOf(context);
  const missing = input.SnapshotIds?.find((wanted) => !all.some(({ id }) => id === wanted));
  if (missing !== undefined) throw notFound("InvalidSnapshot.NotFound", `The snapshot '${missing}' does not exist.`);
  const owned = input.OwnerIds?.some((owner) => owner === "self" || owner === context.account) ?? true;
  const snapshots = all.filter(
    ({ id, volumeId, state, tags }) =>
      owned &&
      (input.SnapshotIds?.includes(id) ?? true) &&
      passes(input.Filters, {
        ...tagFacts(tags),
        "snapshot-id": [id],
        "volume-id": [volumeId],
        status: [state],
        "owner-id": [context.account],
      }),
  );
  const page = pageUnlessNamed(context, "DescribeSnapshots", input, snapshots, input.SnapshotIds !== undefined);
  return { Snapshots: page.items.map((one) => snapshotView(context, one)), NextToken: page.next };
}

/** A call with ids is not paged, and may not ask for it. */
function pageUnlessNamed<T>(
  context: Owned,
  operation: string,
  { Filters, MaxResults, NextToken }: DescribeInput,
  rows: readonly T[],
  named: boolean,
): Page<T> {
  if (named && MaxResults !== undefined) {
    throw new ApiError("InvalidParameterCombination", "The parameter maxResults cannot be used with a list of IDs");
  }
  if (MaxResults !== undefined && (MaxResults < 5 || MaxResults > 1000)) {
    const bounds = "Expecting a value between 5 and 1000.";
    throw new ApiError(
      "InvalidParameterValue",
      `Value ( ${MaxResults} ) for parameter maxResults is invalid. ${bounds}`,
    );
  }
  if (named) return { items: rows, next: undefined };
  const invalid = () => new ApiError("InvalidNextToken", "The token provided is not valid.");
  return pageOf(context, rows, { listing: ["ec2", operation, Filters], token: NextToken, limit: MaxResults, invalid });
}

const absences: Readonly<Record<string, readonly [string, string]>> = {
  vol: ["InvalidVolume.NotFound", "volume"],
  i: ["InvalidInstanceID.NotFound", "instance ID"],
  ami: ["InvalidAMIID.NotFound", "image id"],
  snap: ["InvalidSnapshot.NotFound", "snapshot"],
};

/** All or nothing. */
function createTags(
  input: { readonly Resources?: readonly string[]; readonly Tags?: Parameters<typeof tagsFrom>[0] },
  context: Owned,
): void {
  const tags = tagsFrom(input.Tags, (message) => new ApiError("InvalidParameterValue", message));
  const all = (input.Resources ?? []).map((id) => ({ id, ...taggable(context, id) }));
  for (const { arn, image } of all) {
    if (image === undefined) addOwnerTags(context.state, arn, tags);
    else Object.assign(image.tags, tags);
  }
}

/** Whatever of EC2's an id names; it throws where that is nothing. */
function taggable(context: Owned, id: string): { readonly arn: string; readonly image: OwnedImage | undefined } {
  const arn = ec2Arn(context, id);
  const image = imageNamed(context, id);
  if (image !== undefined || ownerTags(context.state, arn) !== undefined) return { arn, image };
  const [code, noun] = absences[id.split("-")[0] ?? ""] ?? ["InvalidID", "ID"];
  throw notFound(code, `The ${noun} '${id}' does not exist`);
}

function notFound(code: string, message: string): ApiError {
  return new ApiError(code, message, {}, 400);
}

function raise(error: () => ApiError): never {
  throw error();
}

export const ec2Handlers: Handlers<OwnerState> = {
  DescribeVolumes: describeVolumes,
  DescribeInstances: describeInstances,
  DescribeImages: describeImages,
  DescribeSnapshots: describeSnapshots,
  CreateTags: createTags,
};
