import type { GetResourcesInput, Tag } from "@aws-sdk/client-resource-groups-tagging-api";
import { getTaggedResources } from "../aws/owner-operations.ts";
import type { Call } from "../aws/operation.ts";
import { AwsError, type AwsFailure } from "../domain/errors.ts";
import { pages } from "../aws/pages.ts";

export type TagReading = Call<typeof getTaggedResources>;
/** ARN to its tags, of everything in a target that bears one tag key; or why that could not be listed whole. */
export type Tagged = ReadonlyMap<string, Readonly<Record<string, string>>> | { readonly failure: AwsFailure };

export interface TaggedResource {
  readonly arn: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** Everything in a target that has or once had a tag and is as asked for, as the Tagging API spells it (semantics §9.2). */
export async function* taggedResources(
  call: TagReading,
  asked: Omit<GetResourcesInput, "PaginationToken">,
): AsyncGenerator<TaggedResource> {
  const read = async (PaginationToken: string | undefined) => {
    const page = await call(getTaggedResources, { ...asked, PaginationToken });
    return { ...page, NextToken: page.PaginationToken };
  };
  for await (const page of pages(getTaggedResources.name, read))
    for (const { ResourceARN: arn, Tags } of page.ResourceTagMappingList ?? [])
      if (arn !== undefined) yield { arn, tags: tagsIn(Tags) };
}

/** As many as the Tagging API takes by name. */
const MOST_ARNS = 100;

/** Tags of these resources of a target. One that is gone, or never had any, is not told. */
export async function* tagsOf(call: TagReading, arns: readonly string[]): AsyncGenerator<TaggedResource> {
  for (let from = 0; from < arns.length; from += MOST_ARNS)
    yield* taggedResources(call, { ResourceARNList: arns.slice(from, from + MOST_ARNS) });
}

/** Tags by their key. */
export const tagsIn = (tags: readonly Tag[] = []): Readonly<Record<string, string>> =>
  Object.fromEntries(tags.map(({ Key, Value }) => [Key ?? "", Value ?? ""]));

/** One complete listing of what bears a tag key, with whatever value. */
export async function listTagged(call: TagReading, key: string): Promise<Tagged> {
  const found = new Map<string, Readonly<Record<string, string>>>();
  try {
    for await (const { arn, tags } of taggedResources(call, { TagFilters: [{ Key: key }] }))
      found.set(asBackupSpells(arn), tags);
    return found;
  } catch (error) {
    if (error instanceof AwsError) return { failure: error.failure };
    throw error;
  }
}

/**
 * AWS Backup names snapshots and images without their account (semantics §4.1); the Tagging API may name them with it. Compared
 * letter by letter, every keep mark on them would be missed.
 */
const asBackupSpells = (arn: string): string =>
  arn.replace(/^(arn:[^:]+:ec2:[^:]*:)\d{12}(:(?:snapshot|image)\/)/, "$1$2");
