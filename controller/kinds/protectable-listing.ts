import { getTaggedResources } from "../aws/owner-operations.ts";
import type { Call } from "../aws/operation.ts";
import { AwsError } from "../domain/errors.ts";
import { pages } from "./listing.ts";
import { TAGGING_FILTERS } from "./protectable.ts";

/** AWS's most. */
const PAGE = 100;

export interface TaggedResource {
  readonly arn: string;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * Everything that has or once had a tag, of the types that AWS Backup can protect and perhaps of others. A Region that lacks one of
 * their services refuses to narrow its listing by it: then all that is tagged is listed.
 */
export async function* taggedProtectables(call: Call<typeof getTaggedResources>): AsyncGenerator<TaggedResource> {
  try {
    yield* listTagged(call, { ResourceTypeFilters: [...TAGGING_FILTERS] });
  } catch (error) {
    if (!(error instanceof AwsError) || error.failure.kind !== "invalid") throw error;
    yield* listTagged(call, {});
  }
}

async function* listTagged(
  call: Call<typeof getTaggedResources>,
  narrowed: { readonly ResourceTypeFilters?: string[] },
): AsyncGenerator<TaggedResource> {
  const read = async (PaginationToken: string | undefined) => {
    const page = await call(getTaggedResources, { ...narrowed, ResourcesPerPage: PAGE, PaginationToken });
    return { ...page, NextToken: page.PaginationToken };
  };
  for await (const page of pages(getTaggedResources.name, read))
    for (const { ResourceARN: arn, Tags = [] } of page.ResourceTagMappingList ?? [])
      if (arn !== undefined)
        yield { arn, tags: Object.fromEntries(Tags.map(({ Key, Value }) => [Key ?? "", Value ?? ""])) };
}
