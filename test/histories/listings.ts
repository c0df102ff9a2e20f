import type { Call } from "../simulator/calls.ts";
import { ASKED_PLACES, ASKED_REGION, OWNER_TAG } from "./desired.ts";
import { KEEP } from "./facts.ts";
import type { Sight } from "./witness.ts";

/** What a run could not read, as the call log has it: never what the run says about itself. */

const isAnswered = ({ outcome, delivered }: Call): boolean => (outcome === "ok" && delivered) || isNotFound(outcome);
const isNotFound = (outcome: string): boolean => /NotFound/.test(outcome) && !outcome.startsWith("HTML");

/** Reads whose last try was not answered: one that is repeated as it was and answered is made good. */
function unanswered(calls: readonly Call[]): readonly Call[] {
  const last = new Map(
    calls
      .filter(({ mutating }) => !mutating)
      .map((call) => [[call.operation, call.account, call.region, JSON.stringify(call.input)].join(" "), call]),
  );
  return [...last.values()].filter((call) => !isAnswered(call));
}

export const unreadKeys = (calls: readonly Call[]): ReadonlySet<string> =>
  new Set(
    unanswered(calls)
      .filter(({ operation }) => operation === "DescribeKey")
      .map(({ input }) => String(input["KeyId"])),
  );

const OWNERS: Readonly<Record<string, readonly string[]>> = {
  EBS: ["DescribeVolumes"],
  EC2: ["DescribeInstances"],
  RDS: ["DescribeDBInstances", "DescribeDBSnapshots"],
  Aurora: ["DescribeDBClusters", "DescribeDBClusterSnapshots"],
  DynamoDB: ["ListTables", "DescribeTable"],
  EFS: ["DescribeFileSystems"],
  S3: ["ListBuckets"],
};

/** Tags that say whether a point may go. */
const marksFor = (cause: string | undefined): readonly string[] => (cause === "unowned" ? [KEEP, OWNER_TAG] : [KEEP]);

/** One that some policy may ask for copies in: `elsewhere` asks for central's always. */
const isAskedVault = ({ account, region, input }: Call): boolean =>
  account === ASKED_PLACES.central && region === ASKED_REGION && input["BackupVaultName"] === "central";

/** Listings that the end of a point rests on and that were not read whole (law 1). */
export function incompleteListings(
  calls: readonly Call[],
  { point, vault }: Sight,
  cause: string | undefined,
): readonly string[] {
  const place = (arn: string | undefined) => ({ account: arn?.split(":")[4], region: arn?.split(":")[3] });
  const plan = point.createdBy;
  const at = (
    { account, region }: Call,
    where: { readonly account?: string | undefined; readonly region?: string | undefined },
  ) => account === where.account && region === where.region;
  return unanswered(calls)
    .filter((call) => {
      const { operation, input } = call;
      const here = at(call, vault);
      if (operation === "ListRecoveryPointsByBackupVault")
        return (here && input["BackupVaultName"] === vault.name) || (cause === "copied" && isAskedVault(call));
      if (operation === "GetResources")
        return here && marksFor(cause).some((key) => JSON.stringify(input).includes(`"${key}"`));
      if (operation === "ListBackupVaults") return here;
      // Holds that cannot be read anywhere in an account end all destruction in it (rule 10).
      if (["ListLegalHolds", "ListRecoveryPointsByLegalHold"].includes(operation))
        return call.account === vault.account;
      if (cause === "planDeleted" && operation === "ListBackupPlans") return at(call, place(plan?.BackupPlanArn));
      if (cause === "planDeleted" && operation === "GetBackupPlan")
        return at(call, place(plan?.BackupPlanArn)) && input["BackupPlanId"] === plan?.BackupPlanId;
      return (
        (cause === "resourceDeleted" || cause === "unowned") &&
        (OWNERS[point.resourceType] ?? []).includes(operation) &&
        at(call, place(point.resourceArn))
      );
    })
    .map(({ operation, account, region }) => `${operation} in ${account}/${region}`);
}
