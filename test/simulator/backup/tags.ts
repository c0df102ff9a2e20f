/** Tags of vaults, plans, restore testing plans, fully managed recovery points and legal holds (semantics §0.7). Nothing else of AWS Backup's takes tags here. */
import type { ListTagsInput, ListTagsOutput, TagResourceInput, UntagResourceInput } from "@aws-sdk/client-backup";
import { parseArn } from "./arns.ts";
import type { BackupContext, Checked } from "./contract.ts";
import { invalidParameter, limitExceeded, notFound } from "./errors.ts";
import { pageOf } from "./paging.ts";
import { findPoint } from "./points.ts";
import type { BackupState, Tags } from "./state.ts";

/** Per taggable object. */
const mostTags = 50;

export function listTags(input: Checked<ListTagsInput>, context: BackupContext): ListTagsOutput {
  const rows = Object.entries(tagsOf(context.state, input.ResourceArn)).map((tag, sequence) => ({ tag, sequence }));
  const page = pageOf(context, "ListTags", input, rows);
  return { Tags: Object.fromEntries(page.rows.map(({ tag }) => tag)), NextToken: page.NextToken };
}

/** Adds and overwrites; removes nothing. */
export function tagResource(input: Checked<TagResourceInput>, context: BackupContext): void {
  checkTags(input.Tags);
  const tags = tagsOf(context.state, input.ResourceArn);
  if (Object.keys({ ...tags, ...input.Tags }).length > mostTags) {
    throw limitExceeded(`The number of tags exceeds ${mostTags}`);
  }
  Object.assign(tags, input.Tags);
}

export function untagResource(input: Checked<UntagResourceInput>, context: BackupContext): void {
  const tags = tagsOf(context.state, input.ResourceArn);
  if (input.TagKeyList.some(isReservedKey)) throw invalidParameter("aws: prefixed tag key names are reserved");
  for (const key of input.TagKeyList) delete tags[key];
}

export function checkTags(tags: Readonly<Record<string, string>> | undefined): void {
  const entries = Object.entries(tags ?? {});
  if (entries.length > mostTags) throw limitExceeded(`The number of tags exceeds ${mostTags}`);
  for (const [key, value] of entries) {
    if (isReservedKey(key)) throw invalidParameter("aws: prefixed tag key names are reserved");
    if (key.length === 0 || key.length > 128) throw invalidParameter("Tag keys have 1 to 128 characters");
    if (value.length > 256) throw invalidParameter("Tag values have at most 256 characters");
  }
}

/** In any case of letters. */
function isReservedKey(key: string): boolean {
  return key.toLowerCase().startsWith("aws:");
}

function tagsOf(state: BackupState, arn: string): Tags {
  const parsed = parseArn(arn);
  if (parsed?.service !== "backup") throw invalidParameter(`Tagging is not supported for ${arn}`);
  const tags =
    parsed.region === state.region && parsed.account === state.account ? owned(state, arn, parsed.resource) : undefined;
  if (tags === undefined) throw notFound(`Cannot find resource ${arn}`);
  return tags;
}

function owned(state: BackupState, arn: string, resource: string): Tags | undefined {
  const [type, id] = splitOnce(resource);
  switch (type) {
    case "backup-vault":
      return state.vaults.get(id)?.tags;
    case "backup-plan": {
      const plan = state.plans.get(id);
      return plan?.deletionDate === undefined ? plan?.tags : undefined;
    }
    case "recovery-point":
      return findPoint(state, arn)?.tags;
    case "legal-hold":
      return state.legalHolds.get(id)?.tags;
    case "restore-testing-plan":
      return Iterator.from(state.restoreTestingPlans).find((plan) => plan.arn === arn)?.tags;
    default:
      return undefined;
  }
}

function splitOnce(resource: string): [string, string] {
  const colon = resource.indexOf(":");
  return [resource.slice(0, colon), resource.slice(colon + 1)];
}
