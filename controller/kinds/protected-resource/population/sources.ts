import { listProtectedResources } from "../../../aws/backup-operations.ts";
import { describeTable } from "../../../aws/owner-operations.ts";
import { AwsError, type AwsFailure, failureOf } from "../../../domain/errors.ts";
import { sameTarget, type Target } from "../../../domain/identity.ts";
import { pages } from "../../../aws/pages.ts";
import { OWNER_SERVICES } from "../../../owner-services/services.ts";
import type { Owned } from "../../../owner-services/owned.ts";
import { placeOf } from "../../place.ts";
import { taggedProtectables } from "../../protectable-listing.ts";
import { protectableType } from "../../protectable.ts";
import type { PopulationCall } from "./stream.ts";

/** What AWS Backup says of a resource that it once backed up. */
export interface BackedUp {
  readonly type: string | undefined;
  /** Epoch milliseconds. */
  readonly lastBackupOn: number | undefined;
}

/** Who lists resources, each with its own blind spot (semantics §6.9, §9.2). */
export interface Sources {
  /** What has or once had a tag, of the types that AWS Backup can protect: what never had one is not in it. */
  readonly tagged: ReadonlyMap<string, Readonly<Record<string, string>>>;
  /** What AWS Backup once backed up: the others are not in it, and deleted ones are. */
  readonly backedUp: ReadonlyMap<string, BackedUp>;
  /** What its own service lists: there is no such listing for every type. */
  readonly owned: ReadonlyMap<string, Owned>;
  /** Which of the listings above were read to their end; of owners, by the name of their service. */
  readonly whole: { readonly tagged: boolean; readonly backedUp: boolean; readonly owners: ReadonlySet<string> };
  readonly failures: readonly AwsFailure[];
}

/** Reads all three at once. A listing that breaks off leaves what it had shown. */
export async function readSources(
  call: PopulationCall,
  target: Target,
  types: readonly string[] | null,
): Promise<Sources> {
  const [tagged, backedUp, owned] = [
    new Map<string, Readonly<Record<string, string>>>(),
    new Map<string, BackedUp>(),
    new Map<string, Owned>(),
  ];
  const services = Object.entries(OWNER_SERVICES).filter(
    ([, { types: own, alsoLists = [] }]) =>
      types === null || [...own, ...alsoLists].some((type) => types.includes(type)),
  );
  const [taggedFailure, backedUpFailure, ...ownerFailures] = await Promise.all([
    broken(async () => {
      for await (const { arn, tags } of taggedProtectables(call))
        if (protectableType(arn) !== undefined) tagged.set(arn, tags);
    }),
    broken(() => readBackedUp(call, target, backedUp)),
    ...services.map(([, { list }]) =>
      broken(async () => {
        // Every Region lists all buckets of the account.
        for await (const one of list(call, target))
          if (one.region === undefined || one.region === target.region) owned.set(one.arn, one);
      }),
    ),
  ]);
  if (!backedUpFailure) await dateTables(call, owned, backedUp);
  const owners = services.filter((_, at) => ownerFailures[at] === undefined).map(([name]) => name);
  return {
    tagged,
    backedUp,
    owned,
    whole: { tagged: !taggedFailure, backedUp: !backedUpFailure, owners: new Set(owners) },
    failures: [taggedFailure, backedUpFailure, ...ownerFailures].filter((one) => one !== undefined),
  };
}

/**
 * DynamoDB lists tables by name alone. When one was made matters only while it has no backup yet; of what it does not tell the time stays
 * unknown.
 */
async function dateTables(
  call: PopulationCall,
  owned: Map<string, Owned>,
  backedUp: ReadonlyMap<string, BackedUp>,
): Promise<void> {
  const fresh = [...owned.values()].filter(({ arn }) => OWNER_SERVICES["table"]!.owns(arn) && !backedUp.has(arn));
  await Promise.all(
    fresh.map(async (one) => {
      try {
        const { Table } = await call(describeTable, { TableName: one.arn.slice(one.arn.lastIndexOf("/") + 1) });
        owned.set(one.arn, { ...one, createdOn: Table?.CreationDateTime?.getTime() });
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
      }
    }),
  );
}

/** Where copies are kept, what they are of may be listed too: it lives elsewhere, and is judged there. */
async function readBackedUp(call: PopulationCall, target: Target, into: Map<string, BackedUp>): Promise<void> {
  const read = (NextToken: string | undefined) => call(listProtectedResources, { MaxResults: 1_000, NextToken });
  for await (const page of pages(listProtectedResources.name, read))
    for (const { ResourceArn: arn, ResourceType: type, LastBackupTime } of page.Results ?? [])
      if (arn !== undefined && isOf(arn, target)) into.set(arn, { type, lastBackupOn: LastBackupTime?.getTime() });
}

/** A bucket's ARN does not say where it lives. */
function isOf(arn: string, target: Target): boolean {
  const place = placeOf(arn);
  return place === undefined || sameTarget(place, target);
}

/** Why a listing broke off, if it did. */
async function broken(listing: () => Promise<void>): Promise<AwsFailure | undefined> {
  try {
    await listing();
    return undefined;
  } catch (error) {
    return failureOf(error);
  }
}
