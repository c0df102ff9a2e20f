import { describeRegionSettings, listProtectedResources } from "../aws/backup-operations.ts";
import { type Call, step } from "../aws/operation.ts";
import { getTaggedResources } from "../aws/owner-operations.ts";
import { failureOf } from "../domain/errors.ts";
import { declaredSteps } from "../kinds/define-kind.ts";
import { pages } from "../kinds/listing.ts";
import type { Candidate, OptIns } from "../kinds/selection/evaluate.ts";
import { typesOf } from "../kinds/selection/resource-types.ts";

/** AWS's most. */
const PAGE = 1_000;
const TAGGING_PAGE = 100;

/**
 * The Region's opt-ins, and the resources of a target as selections see them: what has or once had a tag, with its tags, and what AWS Backup once backed up. Of the
 * latter nobody can tell the tags, nor whether it is still there. What never had either is in no listing (semantics §6.9, §9.2).
 */
export const populationOf = step("observe")(
  [getTaggedResources, listProtectedResources, describeRegionSettings],
  async (call) => {
    const found = new Map<string, Candidate>();
    const unread: string[] = [];
    const whole = async (listing: () => Promise<void>): Promise<void> => {
      try {
        await listing();
      } catch (error) {
        const { operation, message } = failureOf(error);
        unread.push(`${operation}: ${message}`);
      }
    };
    await whole(() => readBackedUp(call, found));
    await whole(() => readTagged(call, found));
    let optIns: OptIns | undefined;
    await whole(async () => {
      optIns = (await call(describeRegionSettings, {})).ResourceTypeOptInPreference;
    });
    return { resources: found.values(), unread, ...(optIns ? { optIns } : {}) };
  },
);

async function readTagged(call: Call<typeof getTaggedResources>, into: Map<string, Candidate>): Promise<void> {
  const read = async (PaginationToken: string | undefined) => {
    const page = await call(getTaggedResources, { ResourcesPerPage: TAGGING_PAGE, PaginationToken });
    return { ...page, NextToken: page.PaginationToken };
  };
  for await (const page of pages(getTaggedResources.name, read))
    for (const { ResourceARN: arn, Tags = [] } of page.ResourceTagMappingList ?? []) {
      const types = arn === undefined ? [] : (into.get(arn)?.types ?? typesOf(arn));
      if (arn === undefined || types.length === 0) continue;
      into.set(arn, { arn, types, tags: Object.fromEntries(Tags.map(({ Key, Value }) => [Key ?? "", Value ?? ""])) });
    }
}

async function readBackedUp(call: Call<typeof listProtectedResources>, into: Map<string, Candidate>): Promise<void> {
  const read = (NextToken: string | undefined) => call(listProtectedResources, { MaxResults: PAGE, NextToken });
  for await (const page of pages(listProtectedResources.name, read))
    for (const { ResourceArn: arn, ResourceType: type } of page.Results ?? [])
      if (arn !== undefined) into.set(arn, { arn, types: type === undefined ? typesOf(arn) : [type] });
}

/** What the observe role's policy is drawn from, besides the survey. */
export const POPULATION_STEPS = declaredSteps("population", { populationOf });
