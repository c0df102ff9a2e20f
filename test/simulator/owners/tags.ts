/** Tags that belong to the owning services: of resources, and of the native backups that AWS Backup keeps as recovery points. */
import { findPoint } from "../backup/points.ts";
import type { Tags } from "../backup/state.ts";
import type { OwnerState } from "./context.ts";

type Tagged = Pick<OwnerState, "resources" | "backup">;

/** Undefined where there is no such thing, and for native backups of DynamoDB, which take no tags (semantics §0.7). */
export function ownerTags({ resources, backup }: Tagged, arn: string): Tags | undefined {
  const resource = resources.get(arn);
  if (resource !== undefined) return resource.tags;
  return takesTags(arn) ? findPoint(backup, arn)?.tags : undefined;
}

export function takesTags(pointArn: string): boolean {
  return !/:dynamodb:.+\/backup\//.test(pointArn);
}

/** Adds and overwrites. False: there is nothing of that ARN. */
export function addOwnerTags(state: Tagged, arn: string, tags: Readonly<Record<string, string>>): boolean {
  const present = ownerTags(state, arn);
  if (present === undefined) return false;
  Object.assign(present, tags);
  const resource = state.resources.get(arn);
  if (resource !== undefined) resource.everTagged = true;
  return true;
}
