import { describeContinuousBackups, describeEc2Snapshots } from "../../../aws/owner-operations.ts";
import type { Call } from "../../../aws/operation.ts";
import { AwsError, failureOf, unless } from "../../../domain/errors.ts";
import { pages } from "../../../aws/pages.ts";
import type { ResourceRow } from "../row.ts";
import type { Heard } from "./outside.ts";

export const OUTSIDE_READS = [describeContinuousBackups, describeEc2Snapshots] as const;
export type OutsideCall = Call<(typeof OUTSIDE_READS)[number]>;

const NOTHING: Heard = { kept: undefined };

type Resource = Pick<ResourceRow, "arn" | "type">;

/** Tables asked about at a time: one call each, of which AWS allows ten a second. */
export const MOST_TABLES = 50;
/** Volumes asked about at a time: EC2 takes 200 values of filters a call. */
export const MOST_VOLUMES = 150;

/**
 * What of resources is kept outside AWS Backup, where only a question of its own tells: of tables and volumes, the first of them up to
 * the most. Others are not in the answer.
 */
export async function askOutside(
  call: OutsideCall,
  resources: readonly Resource[],
): Promise<ReadonlyMap<string, Heard>> {
  const arns = (wanted: string) => [...new Set(resources.filter(({ type }) => type === wanted).map(({ arn }) => arn))];
  const volumes = arns("EBS").slice(0, MOST_VOLUMES);
  const tables = arns("DynamoDB").slice(0, MOST_TABLES);
  const [snapshots, ...recoveries] = await Promise.all([
    volumes.length > 0 ? managedSnapshots(call, volumes) : new Map<string, Heard>(),
    ...tables.map((arn) => pointInTime(call, arn)),
  ]);
  return new Map([...snapshots, ...tables.map((arn, at) => [arn, recoveries[at] ?? NOTHING] as const)]);
}

/** Amazon DynamoDB API Reference, PointInTimeRecoveryDescription. A table that is gone keeps nothing. */
async function pointInTime(call: OutsideCall, arn: string): Promise<Heard> {
  try {
    const TableName = arn.slice(arn.lastIndexOf("/") + 1);
    const answer = await unless("missing", call(describeContinuousBackups, { TableName }), undefined);
    if (answer === undefined) return NOTHING;
    const { PointInTimeRecoveryStatus: status, RecoveryPeriodInDays: days = USUAL_DAYS } =
      answer.ContinuousBackupsDescription?.PointInTimeRecoveryDescription ?? {};
    if (status === "ENABLED") return { kept: { by: "point-in-time", days } };
    if (status === "DISABLED") return NOTHING;
    throw new AwsError({
      kind: "unavailable",
      operation: describeContinuousBackups.name,
      message: "the answer does not say",
    });
  } catch (error) {
    return { unread: failureOf(error) };
  }
}

/** Where nobody chose another period (Amazon DynamoDB API Reference, PointInTimeRecoverySpecification). */
const USUAL_DAYS = 35;

/** The tag that Data Lifecycle Manager puts on what its policies make (EBS User Guide, "How Amazon Data Lifecycle Manager works"). */
const POLICY_TAG = "aws:dlm:lifecycle-policy-id";

/**
 * By the snapshots there are and not by what policies say: those go by tags, by attachments, by what else is backed up, and may fail.
 */
async function managedSnapshots(call: OutsideCall, arns: readonly string[]): Promise<ReadonlyMap<string, Heard>> {
  const volumes = new Map(arns.map((arn) => [arn.slice(arn.lastIndexOf("/") + 1), arn]));
  const newest = new Map<string, number>();
  const asked = {
    OwnerIds: ["self"],
    Filters: [
      { Name: "volume-id", Values: [...volumes.keys()] },
      { Name: "tag-key", Values: [POLICY_TAG] },
    ],
    MaxResults: 1_000,
  };
  try {
    for await (const page of pages(describeEc2Snapshots.name, (NextToken) =>
      call(describeEc2Snapshots, { ...asked, NextToken }),
    ))
      for (const { VolumeId = "", StartTime, State } of page.Snapshots ?? [])
        if (StartTime !== undefined && State === "completed")
          newest.set(VolumeId, Math.max(newest.get(VolumeId) ?? 0, StartTime.getTime()));
  } catch (error) {
    const unread = failureOf(error);
    return new Map(arns.map((arn) => [arn, { unread }]));
  }
  return new Map(
    [...volumes].map(([id, arn]) => {
      const newestOn = newest.get(id);
      return [arn, newestOn === undefined ? NOTHING : { kept: { by: "lifecycle-manager", newestOn } }];
    }),
  );
}
