import type { Call } from "../aws/operation.ts";
import { runStep, step } from "../aws/operation.ts";
import { getBucketLocation } from "../aws/owner-operations.ts";
import type { Fleet } from "../domain/desired.ts";
import { AwsError, type AwsFailure, HoldfastError } from "../domain/errors.ts";
import { partitionOf, sameTarget, showTarget, type Target } from "../domain/identity.ts";
import { placeOf } from "../kinds/place.ts";
import { typesOf } from "../kinds/protectable.ts";
import { failureText, type Subject } from "./facts.ts";

/** The targets that are looked at, and those that the run was told to leave out. */
type Where = Pick<Fleet, "name" | "targets" | "beyond">;

const ARN = /^arn:[^:\s]+:[^:\s]+:[^:\s]*:[^:\s]*:\S+$/;

/** Which target of the fleet a resource is of. Throws HoldfastError `setting-refused` with what is wrong of the ARN. */
export async function locate(arn: string, fleet: Where, reader: (target: Target) => Call): Promise<Subject> {
  if (!ARN.test(arn))
    throw refused(
      `${arn} is neither an ARN, such as arn:aws:dynamodb:eu-west-1:123456789012:table/orders, nor the id of a change or a group`,
    );
  const types = typesOf(arn);
  if (types.length === 0) throw refused(`AWS Backup protects nothing of the form of ${arn}: ${whatItIs(arn)}`);
  const place = placeOf(arn);
  const partition = arn.split(":")[1] ?? "";
  if (place && partition !== partitionOf(place.region))
    throw refused(
      `${arn} says ${partition}, and ${place.region} is in ${partitionOf(place.region)}: look at where it was copied from`,
    );
  const target = place ?? (await bucketTarget(arn, fleet, reader));
  if (!fleet.targets.some((one) => sameTarget(one, target)))
    throw refused(`${showTarget(target)}, where ${arn} is, ${outside(target, fleet)}`);
  return { arn, types, target };
}

const nameOf = (arn: string): string => arn.slice(arn.lastIndexOf(":") + 1);

function whatItIs(arn: string): string {
  const [, , service = "", , account = "", resource = ""] = arn.split(":");
  if (BACKUPS.test(`${service}:${resource}`))
    return "it is a backup itself; give the ARN of the resource that it is of";
  const own = service === "backup" ? OF_BACKUP[resource] : undefined;
  if (own !== undefined) return own;
  if (service !== "s3" && !/^\d{12}$/.test(account))
    return `it names ${account === "" ? "no account" : `account ${account}`}, and accounts have twelve digits`;
  return "give the ARN of a volume, an instance, a database, a table, a bucket, a file system or another type that it supports";
}

/** Points, by the services that keep them (semantics §4.1), and backups that AWS Backup has no part in. */
const BACKUPS =
  /^(backup:recovery-point|ec2:(snapshot|image)\/|rds:(cluster-)?snapshot|redshift(-serverless)?:snapshot|fsx:backup\/|dynamodb:table\/[^/]+\/backup\/)/;

/** What AWS Backup's own things are, by their ARN's part for it. */
const OF_BACKUP: Readonly<Record<string, string>> = {
  "backup-vault": "it is a vault; give the ARN of a resource that has backups in it",
  "backup-plan": "it is a plan; give the ARN of a resource that it is to back up",
  "restore-testing-plan": "it is a restore testing plan; give the ARN of a resource that it is to restore",
};

function outside({ account, region }: Target, { name, targets, beyond }: Where): string {
  if (beyond?.some((one) => sameTarget(one, { account, region })))
    return "is a target of the fleet that this run was told to leave out: widen --account and --region";
  const of = targets.filter((one) => one.account === account).map((one) => one.region);
  return of.length > 0
    ? `is not among the Regions that fleet ${name} looks after in account ${account}: ${of.join(", ")}; look for ${region} in the Fleet manifest's regions`
    : `is in no account that fleet ${name} looks at: it has ${[...new Set(targets.map((one) => one.account))].join(", ")}`;
}

const locateBucket = step("observe")([getBucketLocation], async (call, { account }, Bucket: string) => {
  // One whose policy lets other accounts read would else be taken for theirs.
  const { LocationConstraint } = await call(getBucketLocation, { Bucket, ExpectedBucketOwner: account });
  // Two old names that S3 still answers with.
  if (!LocationConstraint) return "us-east-1";
  return LocationConstraint === "EU" ? "eu-west-1" : LocationConstraint;
});

/** A bucket's ARN names neither account nor Region, and only its own account is told where it is. */
async function bucketTarget(arn: string, { name, targets }: Where, reader: (target: Target) => Call): Promise<Target> {
  const accounts = [...Map.groupBy(targets, ({ account }) => account).values()];
  const unasked: (readonly [account: string, failure: AwsFailure])[] = [];
  for (const [first] of accounts) {
    if (!first) continue;
    try {
      const region = await runStep(locateBucket, reader(first), first, nameOf(arn));
      return { account: first.account, region: region as Target["region"] };
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      if (!isAnothers(error.failure)) unasked.push([first.account, error.failure]);
    }
  }
  throw refused(`no account of fleet ${name} says that bucket ${nameOf(arn)} is its own: ${whoElse(unasked)}`);
}

/** Accounts named of those that could not be asked. */
const NAMED = 3;

function whoElse(unasked: readonly (readonly [account: string, failure: AwsFailure])[]): string {
  const [first] = unasked;
  if (!first) return "look at its name, and whether observe roles may s3:GetBucketLocation";
  const names = unasked.slice(0, NAMED).map(([account]) => account);
  const more = unasked.length > NAMED ? ` and ${unasked.length - NAMED} more` : "";
  return `it may be of ${names.join(", ")}${more}, which could not be asked; of the first, ${failureText(first[1])}`;
}

/** Another account's bucket is denied or not found; which of them is not for this side to know. */
const isAnothers = ({ operation, kind }: AwsFailure): boolean =>
  kind === "missing" || (kind === "denied" && operation === getBucketLocation.name);

const refused = (message: string): HoldfastError => new HoldfastError("setting-refused", message);
