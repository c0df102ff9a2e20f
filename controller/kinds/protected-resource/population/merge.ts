import { OWNER_SERVICES } from "../../../owner-services/services.ts";
import { protectableType } from "../../protectable.ts";
import type { ResourceRow } from "../row.ts";
import type { Sources } from "./sources.ts";

/** Every resource that some source shows, once, but for what a whole listing of its own service lacks: that is gone. */
export function* merged(sources: Sources): Generator<ResourceRow> {
  const { tagged, backedUp, owned } = sources;
  for (const arn of owned.keys()) yield* rowOf(arn, sources);
  for (const arn of tagged.keys()) if (!owned.has(arn)) yield* rowOf(arn, sources);
  for (const arn of backedUp.keys()) if (!owned.has(arn) && !tagged.has(arn)) yield* rowOf(arn, sources);
}

function* rowOf(arn: string, { tagged, backedUp, owned, whole }: Sources): Generator<ResourceRow> {
  const own = owned.get(arn);
  const backup = backedUp.get(arn);
  if (own?.coveredBy !== undefined || (!own && isGone(arn, whole.owners))) return;
  // The Tagging API shows what once had a tag for a while after it is deleted; without a listing of its service that is all there is.
  const live = own !== undefined || (tagged.has(arn) && !mayBeCovered(arn, whole.owners));
  // What a whole listing of all that ever had a tag lacks has none.
  const tags = tagged.get(arn) ?? own?.tags ?? (whole.tagged && live ? {} : undefined);
  const lastBackupOn = backup?.lastBackupOn ?? (whole.backedUp ? null : undefined);
  yield {
    arn,
    type: own?.type ?? backup?.type ?? protectableType(arn) ?? "",
    existence: live ? "live" : "unknown",
    ...(tags === undefined ? {} : { tags: { ...tags } }),
    ...(own?.createdOn === undefined ? {} : { createdOn: own.createdOn }),
    ...(own?.idle === undefined ? {} : { idle: own.idle }),
    ...(own?.ownBackupDays === undefined ? {} : { ownBackupDays: own.ownBackupDays }),
    ...(lastBackupOn === undefined ? {} : { lastBackupOn }),
  };
}

/** A whole listing of its own service does not have it. */
const isGone = (arn: string, whole: ReadonlySet<string>): boolean =>
  Object.entries(OWNER_SERVICES).some(([name, { owns }]) => whole.has(name) && owns(arn));

/** Whether something else may be backed up in its stead, since a listing of its service that would tell broke off. */
const mayBeCovered = (arn: string, whole: ReadonlySet<string>): boolean =>
  Object.entries(OWNER_SERVICES).some(
    ([name, service]) => service.mayBeCovered === true && !whole.has(name) && service.owns(arn),
  );
