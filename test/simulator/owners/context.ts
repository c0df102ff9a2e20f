/** What the services that own resources have in common: the resources of one account and Region, and pages of them. */
import type { BackupState } from "../backup/state.ts";
import { partitionOf } from "../backup/arns.ts";
import { startFrom, takePage, type Page } from "../paging.ts";
import type { ApiError, Context } from "../service.ts";
import type { Resource, World } from "../world.ts";
import type { Compute } from "./compute.ts";

export interface OwnerState {
  readonly world: World;
  readonly backup: BackupState;
  readonly resources: ReadonlyMap<string, Resource>;
  readonly compute: Compute;
}

export type Owned = Context<OwnerState>;

interface Place {
  readonly account: string;
  readonly region: string;
}

/** `sort` and `id` make the part after the account: `volume/` and `vol-1`. */
export function ownArn({ account, region }: Place, service: string, sort: string, id = ""): string {
  return `arn:${partitionOf(region)}:${service}:${region}:${account}:${sort}${id}`;
}

/** A resource with the id that its own service knows it by. */
export interface OwnedResource {
  readonly id: string;
  readonly resource: Resource;
}

/** The resources of one sort, by id. */
export function resourcesOf(context: Owned, service: string, sort: string): readonly OwnedResource[] {
  const prefix = ownArn(context, service, sort);
  return [...context.state.resources.values()]
    .filter(({ arn }) => arn.startsWith(prefix))
    .map((resource) => ({ id: resource.arn.slice(prefix.length), resource }))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

export function resourceNamed(context: Owned, service: string, sort: string, id: string): OwnedResource | undefined {
  const resource = context.state.resources.get(ownArn(context, service, sort, id));
  return resource && { id, resource };
}

interface Asked {
  /** The listing, with whatever narrows it: a token goes on with no other. */
  readonly listing: readonly unknown[];
  readonly token: string | undefined;
  readonly limit: number | undefined;
  readonly invalid: () => ApiError;
}

export function pageOf<T>(context: Owned, rows: readonly T[], asked: Asked): Page<T> {
  const listing = JSON.stringify([...asked.listing, context.account, context.region]);
  const from = startFrom(asked.token, listing, asked.invalid);
  const most = context.state.world.options.pageSize;
  return takePage(rows, { from, listing, limit: Math.min(asked.limit ?? most, most) });
}

interface Tag {
  readonly Key?: string;
  readonly Value?: string;
}

export function tagList(tags: Readonly<Record<string, string>>): readonly Tag[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

/** Tags as a call gives them. `refused` makes the service's own error for keys that are AWS's. */
export function tagsFrom(
  list: readonly Tag[] | undefined,
  refused: (message: string) => ApiError,
): Readonly<Record<string, string>> {
  const tags = Object.fromEntries((list ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));
  if (Object.keys(tags).some((key) => key.toLowerCase().startsWith("aws:"))) {
    throw refused("Tag keys starting with 'aws:' are reserved for internal use");
  }
  return tags;
}
