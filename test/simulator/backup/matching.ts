/** Which resources a selection picks when its plan runs (semantics §3.2-3.4). */
import type { BackupSelection, ConditionParameter, Conditions } from "@aws-sdk/client-backup";
import { matchesWildcard } from "../iam/wildcard.ts";
import { parseArn } from "./arns.ts";
import { resourceType } from "./resource-types.ts";
import { usesTags } from "./selection-document.ts";
import type { BackupState } from "./state.ts";
import type { ProtectableResource } from "./world.ts";

/** What the selection picks in its account and Region now. Without `tag:GetResources` one that uses tags silently picks nothing. */
export function selected(state: BackupState, selection: BackupSelection): ProtectableResource[] {
  const { world, account, region, optIn } = state;
  const mayReadTags = world.roleAllows(selection.IamRoleArn ?? "", "tag:GetResources");
  if (usesTags(selection) && !mayReadTags) return [];
  return Array.from(world.protectedResources(account, region)).filter((resource) => picks(selection, resource, optIn));
}

/** Any Resources pattern or any tag names it; no NotResources pattern does; every condition holds; its type is opted in where that counts. */
export function picks(
  selection: BackupSelection,
  resource: ProtectableResource,
  optIn: ReadonlyMap<string, boolean>,
): boolean {
  const naming = (selection.Resources ?? []).filter((pattern) => matchesWildcard(pattern, resource.arn));
  const tagged = (selection.ListOfTags ?? []).some(
    ({ ConditionKey, ConditionValue }) => tagOf(resource, ConditionKey ?? "") === ConditionValue,
  );
  if (naming.length === 0 && !tagged) return false;
  if ((selection.NotResources ?? []).some((pattern) => matchesWildcard(pattern, resource.arn))) return false;
  if (!conditionsHold(selection.Conditions, resource)) return false;
  if (resourceType(resource.type) === undefined || isRestoreTest(resource)) return false;
  return optIn.get(resource.type) === true || (naming.some(namesType) && !sharesArn(resource));
}

/** AND over all entries of all operators. A resource without the tag passes the negative ones, as in IAM. */
function conditionsHold(conditions: Conditions | undefined, resource: ProtectableResource): boolean {
  const { StringEquals, StringNotEquals, StringLike, StringNotLike } = conditions ?? {};
  const all = (list: ConditionParameter[] | undefined, holds: (value: string | undefined, wanted: string) => boolean) =>
    (list ?? []).every(({ ConditionKey, ConditionValue }) =>
      holds(tagOf(resource, (ConditionKey ?? "").replace(/^aws:ResourceTag\//, "")), ConditionValue ?? ""),
    );
  return (
    all(StringEquals, (value, wanted) => value === wanted) &&
    all(StringNotEquals, (value, wanted) => value !== wanted) &&
    all(StringLike, (value, wanted) => value !== undefined && isLike(value, wanted)) &&
    all(StringNotLike, (value, wanted) => value === undefined || !isLike(value, wanted))
  );
}

/** `*` is zero or more characters that are not white space; there is no `?`. */
function isLike(value: string, pattern: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[.+^${}()|[\]\\?]/g, "\\$&"));
  return new RegExp(`^${parts.join("\\S*")}$`).test(value);
}

function tagOf({ tags }: ProtectableResource, key: string): string | undefined {
  return Object.hasOwn(tags, key) ? tags[key] : undefined;
}

/** `arn:aws:ec2:*:*:volume/*` and single resources go before the opt-in; `*` and `arn:aws:ec2:*` do not. */
function namesType(pattern: string): boolean {
  const resource = parseArn(pattern)?.resource;
  return resource !== undefined && !resource.startsWith("*");
}

/** Types behind one form of ARN: there the specific type must be opted in (semantics §3.4). */
function sharesArn({ arn, type }: ProtectableResource): boolean {
  return type === "FSx" || (arn.includes(":rds:") && arn.includes(":cluster:"));
}

/** Plans ignore what restore tests made: "those with tag awsbackup-restore-test or a name starting with" it (Developer Guide, "Restore testing"). */
function isRestoreTest({ name, arn, tags }: ProtectableResource): boolean {
  const mark = "awsbackup-restore-test";
  return (name ?? arn.split(/[:/]/).at(-1) ?? "").startsWith(mark) || Object.hasOwn(tags, mark);
}
