import { AwsError } from "../domain/errors.ts";
import { TAGGING_FILTERS } from "./protectable.ts";
import { type TaggedResource, taggedResources, type TagReading } from "./tagged.ts";

/** AWS's most. */
const PAGE = 100;

/**
 * Everything that has or once had a tag, of the types that AWS Backup can protect and perhaps of others. A Region that lacks one of
 * their services refuses to narrow its listing by it: then all that is tagged is listed.
 */
export async function* taggedProtectables(call: TagReading): AsyncGenerator<TaggedResource> {
  try {
    yield* taggedResources(call, { ResourceTypeFilters: [...TAGGING_FILTERS], ResourcesPerPage: PAGE });
  } catch (error) {
    if (!(error instanceof AwsError) || error.failure.kind !== "invalid") throw error;
    yield* taggedResources(call, { ResourcesPerPage: PAGE });
  }
}
