import * as z from "zod";
import type { RecoveryPointRow } from "../../point-row.ts";

const Days = z.number().nullable();

/** Everything that setting a lifecycle needs, as data; the days are those of the change's field. */
export const LifecycleMend = z.strictObject({
  vault: z.string(),
  arn: z.string(),
  /** What the point was judged by; null: for ever, or never cold. */
  judged: z.strictObject({ deleteAfterDays: Days, moveToColdStorageAfterDays: Days }),
  /** Sent along, since AWS nulls a value that is left out (semantics §4.3); null where the type has no cold storage. */
  moveToColdStorageAfterDays: Days,
  optInToArchive: z.boolean(),
});
export type LifecycleMend = z.infer<typeof LifecycleMend>;

/** Types with cold storage; for every other AWS ignores the setting (semantics §2.4, §4.1). */
const COLD_TYPES: ReadonlySet<string> = new Set([
  "CloudFormation",
  "DynamoDB",
  "EBS",
  "EFS",
  "SAP HANA on Amazon EC2",
  "Timestream",
  "VirtualMachine",
]);

export const coldDays = ({
  resourceType,
  moveToColdStorageAfterDays,
}: Pick<RecoveryPointRow, "resourceType" | "moveToColdStorageAfterDays">): number | undefined =>
  COLD_TYPES.has(resourceType) ? moveToColdStorageAfterDays : undefined;
