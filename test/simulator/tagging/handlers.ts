/** Resource Groups Tagging (semantics §9.2). What never had a tag is invisible; the last page carries an empty token. */
import type { BackupState } from "../backup/state.ts";
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

function getResources(input: GetResourcesInput, { account, region, state }: Context<TaggingContext>): unknown {
  checkCombination(input);
  const listing = `tagging ${account} ${region} ${JSON.stringify([input.TagFilters, input.ResourceTypeFilters])}`;
  const from = startFrom(input.PaginationToken, listing, () => invalid("The specified PaginationToken is invalid."));
  const limit = Math.min(input.ResourcesPerPage ?? 50, state.world.options.pageSize);
  const matching = visible(state)
    .filter((one) => isListed(one, input))
    .toSorted((a, b) => (a.arn < b.arn ? -1 : 1));
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

/** Resources that have or once had a tag, and AWS Backup's tagged objects. */
function visible({ backup, resources }: TaggingContext): Tagged[] {
  const protectable = [...resources.values()].filter(({ everTagged }) => everTagged);
  const objects =
    backup === undefined ? [] : [...taggableObjects(backup)].filter(({ tags }) => Object.keys(tags).length > 0);
  return [...protectable, ...objects];
}

function isListed({ arn, tags }: Tagged, input: GetResourcesInput): boolean {
  if (input.ResourceARNList !== undefined) return input.ResourceARNList.includes(arn);
  const typed = input.ResourceTypeFilters ?? [];
  return (
    (typed.length === 0 || typed.some((filter) => hasType(arn, filter))) &&
    (input.TagFilters ?? []).every(({ Key, Values }) => {
      const value = Key === undefined ? undefined : tags[Key];
      return value !== undefined && (Values === undefined || Values.length === 0 || Values.includes(value));
    })
  );
}

/** `service[:type]`, where the type is what an ARN's resource part begins with. */
function hasType(arn: string, filter: string): boolean {
  const [, , service, , , ...rest] = arn.split(":");
  const [wantedService, wantedType] = filter.split(":", 2);
  if (service !== wantedService) return false;
  return (
    wantedType === undefined ||
    new RegExp(`^${wantedType.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?:[:/]|$)`).test(rest.join(":"))
  );
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
    if (tags === undefined)
      failed[arn] = { StatusCode: 400, ErrorCode: "InvalidParameterException", ErrorMessage: `${arn} was not found` };
    else change(tags);
  }
  return { FailedResourcesMap: failed };
}

function tagsOf(arn: string, { backup, resources }: TaggingContext): Record<string, string> | undefined {
  const resource = resources.get(arn);
  if (resource === undefined) return backup === undefined ? undefined : backupTags(backup, arn);
  resource.everTagged = true;
  return resource.tags;
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

function getTagKeys(
  input: { readonly PaginationToken?: string },
  { account, region, state }: Context<TaggingContext>,
): unknown {
  const keys = [...new Set(visible(state).flatMap(({ tags }) => Object.keys(tags)))].toSorted();
  const listing = `tagging keys ${account} ${region}`;
  const from = startFrom(input.PaginationToken, listing, () => invalid("The specified PaginationToken is invalid."));
  const page = takePage(keys, { from, listing, limit: state.world.options.pageSize });
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
