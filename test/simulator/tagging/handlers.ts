/** Resource Groups Tagging (semantics §9.2). What never had a tag is invisible; the last page carries an empty token. */
import type { BackupState } from "../backup/state.ts";
import { ownerTags } from "../owners/tags.ts";
import { startFrom, takePage } from "../paging.ts";
import { ApiError, type Context, type Handlers } from "../service.ts";
import type { Resource, World } from "../world.ts";
import { backupTags, taggableObjects } from "./backup-tags.ts";

export interface TaggingContext {
  readonly world: World;
  readonly backup: BackupState | undefined;
  readonly resources: Map<string, Resource>;
}

interface TagFilter {
  readonly Key?: string;
  readonly Values?: readonly string[];
}

interface GetResourcesInput {
  readonly PaginationToken?: string;
  readonly TagFilters?: readonly TagFilter[];
  readonly ResourceTypeFilters?: readonly string[];
  readonly ResourceARNList?: readonly string[];
  readonly ResourcesPerPage?: number;
  readonly TagsPerPage?: number;
}

interface Tagged {
  readonly arn: string;
  readonly tags: Readonly<Record<string, string>>;
}

function getResources(input: GetResourcesInput, context: Context<TaggingContext>): unknown {
  checkCombination(input);
  const { account, region, state } = context;
  const listing = `tagging ${account} ${region} ${JSON.stringify([input.TagFilters, input.ResourceTypeFilters])}`;
  const from = startFrom(input.PaginationToken, listing, () => invalid("The specified PaginationToken is invalid."));
  const limit = Math.min(input.ResourcesPerPage ?? 50, state.world.options.pageSize);
  const matching = matchingOf(input, context).toSorted((a, b) => (a.arn < b.arn ? -1 : 1));
  const page = takePage(matching, { from, listing, limit: input.ResourceARNList === undefined ? limit : 100 });
  return {
    ResourceTagMappingList: page.items.map(({ arn, tags }) => ({
      ResourceARN: arn,
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    })),
    PaginationToken: page.next ?? "",
  };
}

function checkCombination(input: GetResourcesInput): void {
  const others =
    input.TagFilters ??
    input.ResourceTypeFilters ??
    input.ResourcesPerPage ??
    input.TagsPerPage ??
    (input.PaginationToken || undefined);
  if (input.ResourceARNList !== undefined && others !== undefined) {
    throw invalid("ResourceARNList cannot be combined with filters or pagination parameters.");
  }
  if (input.TagsPerPage !== undefined && input.TagsPerPage % 100 !== 0)
    throw invalid("TagsPerPage must be a multiple of 100.");
}

/** What is named is looked up, what is described is searched for. */
function matchingOf(input: GetResourcesInput, context: Context<TaggingContext>): Tagged[] {
  const found: Tagged[] = [];
  if (input.ResourceARNList === undefined) {
    for (const one of visible(context.state)) if (isListed(one, input)) found.push(told(one, context));
  } else {
    for (const arn of new Set(input.ResourceARNList.map(keptArn))) {
      const tags = visibleTags(arn, context);
      if (tags !== undefined) found.push(told({ arn, tags }, context));
    }
  }
  return found;
}

/** Resources that have or once had a tag, and what AWS Backup keeps that has one. */
function* visible({ backup, resources }: TaggingContext): Generator<Tagged> {
  for (const resource of resources.values()) if (resource.everTagged) yield resource;
  if (backup === undefined) return;
  for (const one of taggableObjects(backup)) if (hasAny(one.tags)) yield one;
}

function visibleTags(arn: string, { state }: Context<TaggingContext>): Tagged["tags"] | undefined {
  const resource = state.resources.get(arn);
  if (resource !== undefined) return resource.everTagged ? resource.tags : undefined;
  const tags = tagsOf(arn, state);
  return tags !== undefined && hasAny(tags) ? tags : undefined;
}

function hasAny(tags: Tagged["tags"]): boolean {
  for (const _key in tags) return true;
  return false;
}

/** Snapshots and images by their ARNs here, which may have the account that AWS Backup leaves out (unconfirmed). */
function told({ arn, tags }: Tagged, { account, state }: Context<TaggingContext>): Tagged {
  if (!state.world.options.accountInImageArns) return { arn, tags };
  return { arn: arn.replace(/^(arn:[^:]+:ec2:[^:]+:):(snapshot|image)\//, `$1${account}:$2/`), tags };
}

/** The ARN that AWS Backup knows a snapshot or an image by. */
function keptArn(arn: string): string {
  return arn.replace(/^(arn:[^:]+:ec2:[^:]+:)\d+:(snapshot|image)\//, "$1:$2/");
}

function isListed({ arn, tags }: Tagged, input: GetResourcesInput): boolean {
  const typed = input.ResourceTypeFilters ?? [];
  return (
    (input.TagFilters ?? []).every(({ Key, Values }) => {
      const value = Key === undefined ? undefined : tags[Key];
      return value !== undefined && (Values === undefined || Values.length === 0 || Values.includes(value));
    }) &&
    (typed.length === 0 || typed.some((filter) => hasType(arn, filter)))
  );
}

/** `service[:type]`, where the type is what an ARN's resource part begins with. */
function hasType(arn: string, filter: string): boolean {
  const [, , service, , , ...rest] = arn.split(":");
  const [wantedService, wantedType] = filter.split(":", 2);
  if (service !== wantedService) return false;
  return wantedType === undefined || rest.join(":").split(/[:/]/, 1)[0] === wantedType;
}

interface Failure {
  readonly StatusCode: number;
  readonly ErrorCode: string;
  readonly ErrorMessage: string;
}

/** Applies a change to each ARN by itself. Answers 200 whatever comes of it: failures are rows of a map. */
function changeEach(
  arns: readonly string[],
  context: TaggingContext,
  change: (tags: Record<string, string>) => void,
): unknown {
  const failed: Record<string, Failure> = {};
  for (const arn of arns) {
    const tags = tagsOf(arn, context);
    const resource = context.resources.get(arn);
    if (resource !== undefined) resource.everTagged = true;
    if (tags === undefined)
      failed[arn] = { StatusCode: 400, ErrorCode: "InvalidParameterException", ErrorMessage: `${arn} was not found` };
    else change(tags);
  }
  return { FailedResourcesMap: failed };
}

function tagsOf(arn: string, { backup, resources }: TaggingContext): Record<string, string> | undefined {
  if (backup === undefined) return resources.get(arn)?.tags;
  return backupTags(backup, arn) ?? ownerTags({ backup, resources }, keptArn(arn));
}

function tagResources(
  input: { readonly ResourceARNList: readonly string[]; readonly Tags: Readonly<Record<string, string>> },
  { state }: Context<TaggingContext>,
): unknown {
  if (Object.keys(input.Tags).some((key) => key.toLowerCase().startsWith("aws:"))) {
    throw invalid("Tag keys starting with 'aws:' are reserved for system use.");
  }
  return changeEach(input.ResourceARNList, state, (tags) => Object.assign(tags, input.Tags));
}

function untagResources(
  input: { readonly ResourceARNList: readonly string[]; readonly TagKeys: readonly string[] },
  { state }: Context<TaggingContext>,
): unknown {
  return changeEach(input.ResourceARNList, state, (tags) => {
    for (const key of input.TagKeys) delete tags[key];
  });
}

function getTagKeys(input: { readonly PaginationToken?: string }, context: Context<TaggingContext>): unknown {
  const { account, region, state } = context;
  const keys = new Set<string>();
  for (const { tags } of visible(state)) for (const key of Object.keys(tags)) keys.add(key);
  const listing = `tagging keys ${account} ${region}`;
  const from = startFrom(input.PaginationToken, listing, () => invalid("The specified PaginationToken is invalid."));
  const page = takePage([...keys].toSorted(), { from, listing, limit: state.world.options.pageSize });
  return { TagKeys: page.items, PaginationToken: page.next ?? "" };
}

function invalid(message: string): ApiError {
  return new ApiError("InvalidParameterException", message);
}

export const taggingHandlers: Handlers<TaggingContext> = {
  GetResources: getResources,
  TagResources: tagResources,
  UntagResources: untagResources,
  GetTagKeys: getTagKeys,
};
