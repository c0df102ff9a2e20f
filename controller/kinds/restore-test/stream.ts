import { listRestoreJobs } from "../../aws/backup-operations.ts";
import type { Call } from "../../aws/operation.ts";
import type { getTaggedResources } from "../../aws/owner-operations.ts";
import { failureOf } from "../../domain/errors.ts";
import type { Target } from "../../domain/identity.ts";
import type { RestoreTestRow } from "../../domain/tested.ts";
import type { Page, Partition, TimeWindow } from "../kind.ts";
import { pages } from "../../aws/pages.ts";
import { listTagged, type Tagged } from "../tagged.ts";
import { toRow } from "./row.ts";

/** Restore jobs lie in no vault: a target's are one partition. */
export const PARTITION = "restore-tests";

/** What AWS Backup tags all with that it restores as a test (Developer Guide, "Restore testing"). */
export const RESTORED_TAG = "awsbackup-restore-test";

/** What the jobs of a target are judged by, besides themselves. */
export interface Facts {
  /** Everything that was restored as a test and is there, as far as its tag tells; or why that could not be listed. */
  readonly restored: Tagged;
}

export async function onePartition(
  call: Call<typeof getTaggedResources>,
  target: Target,
): Promise<readonly Partition[]> {
  const facts: Facts = { restored: await listTagged(call, RESTORED_TAG) };
  const id = `${PARTITION} ${target.account} ${target.region}`;
  return [{ name: PARTITION, id, createdOn: new Date(0), size: 0, facts: { ...facts } }];
}

const PAGE = 1_000;

/** Every restore job that AWS remembers: those of thirty days (semantics §5.4). */
export async function* streamTests(
  call: Call<typeof listRestoreJobs>,
  _target: Target,
  _partition: Pick<Partition, "name">,
  { from, to }: TimeWindow,
): AsyncGenerator<Page<RestoreTestRow>> {
  const read = (NextToken: string | undefined) =>
    call(listRestoreJobs, { ByCreatedAfter: from, ByCreatedBefore: to, MaxResults: PAGE, NextToken });
  try {
    for await (const page of pages(listRestoreJobs.name, read))
      yield {
        rows: (page.RestoreJobs ?? []).map(toRow).filter((row) => row !== undefined),
        more: Boolean(page.NextToken),
      };
  } catch (error) {
    yield { unread: failureOf(error) };
  }
}
