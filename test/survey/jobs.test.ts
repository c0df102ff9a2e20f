import { describe, expect, it } from "vitest";
import { oldestPointIn } from "../../controller/attest/report/covered.ts";
import type { GovernedResult } from "../../controller/domain/inventory.ts";
import { jobsOf, jobsOver } from "../../controller/survey/jobs.ts";
import type { EndedJob } from "../../controller/survey/reads.ts";
import { protectableType, TAGGING_FILTERS } from "../../controller/kinds/protectable.ts";

const hour = (at: number): Date => new Date(Date.UTC(2026, 0, 1, at));
const window = { from: hour(0), to: hour(24) };

const failed: EndedJob = {
  id: "failed",
  kind: "backup",
  resource: "volume",
  destination: undefined,
  state: "FAILED",
  message: "no",
  clean: false,
  createdOn: hour(2),
  endedOn: hour(3),
  plan: "nightly",
};
const later: EndedJob = {
  ...failed,
  id: "later",
  state: "COMPLETED",
  message: "",
  clean: true,
  createdOn: hour(4),
  endedOn: hour(5),
};
const copy = { kind: "copy", destination: "away" } as const;

describe("a failed job is made up for", () => {
  it.each<[string, boolean, EndedJob, EndedJob]>([
    ["by a later one for the same resource", true, failed, later],
    ["by one that began later, though it ended first", true, { ...failed, endedOn: hour(9) }, later],
    ["but not by one that began before", false, failed, { ...later, createdOn: hour(1) }],
    ["but not by one for another resource", false, failed, { ...later, resource: "another" }],
    ["but not by one that fails too", false, failed, { ...later, state: "FAILED", clean: false }],
    ["but not by one that completed with a message", false, failed, { ...later, message: "half", clean: false }],
    ["but not by a copy", false, failed, { ...later, ...copy }],
    ["and a copy by one to the same vault", true, { ...failed, ...copy }, { ...later, ...copy }],
    ["but not by one elsewhere", false, { ...failed, ...copy }, { ...later, ...copy, destination: "near" }],
  ])("%s", (_, retried, one, other) => {
    const row = jobsOf({ rows: [other, one], complete: true }, window).failed.find(({ jobId }) => jobId === one.id);
    expect(row?.retriedBy).toBe(retried ? other.id : undefined);
  });
});

describe("work that earlier reports tell a failure of", () => {
  const ofWork = (rows: readonly EndedJob[], watched: readonly string[]) =>
    jobsOf({ rows, complete: true }, window, { watched }).mended;

  it("is mended by the last job for it that did all it should", () => {
    const last = { ...later, id: "last", endedOn: hour(8) };
    expect(ofWork([last, failed, later], ["backup volume"])).toEqual([
      { jobId: "last", work: "backup volume", on: hour(8).toISOString() },
    ]);
  });

  it.each<[string, readonly EndedJob[], string]>([
    ["by none that failed", [failed], "backup volume"],
    ["by none that completed with a message", [{ ...later, message: "half", clean: false }], "backup volume"],
    ["by none for another resource", [later], "backup another"],
    ["by no copy to another vault", [{ ...later, ...copy }], "copy volume near"],
  ])("is mended %s", (_, rows, watched) => {
    expect(ofWork(rows, [watched])).toBeUndefined();
  });

  it("is told of over all targets", () => {
    const told = (...rows: readonly EndedJob[]) =>
      jobsOf({ rows, complete: true }, window, { watched: ["backup volume", "copy volume away"] });
    const jobs = jobsOver([told(failed, later), told({ ...later, ...copy, id: "copied" })], window);
    expect(jobs.mended?.map(({ work }) => work)).toEqual(["backup volume", "copy volume away"]);
  });
});

describe("jobs of several targets", () => {
  it("are counted by state, backups and copies apart, and told in the order of their ends", () => {
    const told = (...rows: readonly EndedJob[]) => jobsOf({ rows, complete: true }, window);
    const half = { ...later, id: "half", message: "skipped 3 objects", clean: false };
    const jobs = jobsOver(
      [told(failed, later), told(half, { ...failed, ...copy, id: "copied", endedOn: hour(1) })],
      window,
    );
    expect(jobs).toMatchObject({ byState: { FAILED: 1, COMPLETED: 2 }, copyByState: { FAILED: 1 } });
    expect(jobs.failed.map(({ jobId, state, message }) => [jobId, state, message])).toEqual([
      ["copied", "FAILED", "no"],
      ["failed", "FAILED", "no"],
      ["half", "COMPLETED", "skipped 3 objects"],
    ]);
  });

  it("are incomplete where those of one target are", () => {
    const [whole, broken] = [true, false].map((complete) => jobsOf({ rows: [], complete }, window));
    expect(jobsOver([whole!, broken!], window).complete).toBe(false);
  });
});

describe("what AWS Backup can protect", () => {
  const at = (service: string, resource: string) => `arn:aws:${service}:eu-west-1:111122223333:${resource}`;

  it.each([
    ["EBS", at("ec2", "volume/vol-1")],
    ["EC2", at("ec2", "instance/i-1")],
    ["RDS", at("rds", "db:orders")],
    ["Aurora, DocumentDB, Neptune, RDS", at("rds", "cluster:orders")],
    ["DynamoDB", at("dynamodb", "table/orders")],
    ["EFS", at("elasticfilesystem", "file-system/fs-1")],
    ["FSx", at("fsx", "file-system/fs-1")],
    ["FSx", at("fsx", "volume/fs-1/fsvol-1")],
    ["S3", "arn:aws:s3:::reports"],
    ["S3", "arn:aws-cn:s3:::reports"],
    ["Storage Gateway", at("storagegateway", "gateway/sgw-1/volume/vol-1")],
    ["VirtualMachine", at("backup-gateway", "vm/vm-1")],
    ["Timestream", at("timestream", "database/d/table/t")],
    ["CloudFormation", at("cloudformation", "stack/s/7d1e6cf0")],
    ["SAP HANA on Amazon EC2", at("ssm-sap", "HANA/app/DB/sid")],
    ["Redshift", at("redshift", "cluster:dw")],
    ["Redshift Serverless", at("redshift-serverless", "namespace/7d1e6cf0")],
    ["DSQL", at("dsql", "cluster/one")],
    ["EKS", at("eks", "cluster/one")],
  ])("is %s: %s", (type, arn) => {
    expect(protectableType(arn)).toBe(type);
  });

  it.each([
    at("ec2", "snapshot/snap-1"),
    "arn:aws:ec2:eu-west-1::image/ami-1",
    at("rds", "snapshot:awsbackup:job-1"),
    at("rds", "cluster-snapshot:orders"),
    at("dynamodb", "table/orders/backup/1"),
    at("dynamodb", "table/orders/index/by-day"),
    at("fsx", "backup/backup-1"),
    at("backup", "backup-vault:main"),
    at("backup", "recovery-point:1"),
    "arn:aws:s3:::reports/2026.csv",
    at("s3", "accesspoint/reports"),
    at("storagegateway", "gateway/sgw-1"),
    at("eks", "nodegroup/one/two/3"),
  ])("is not %s", (arn) => {
    expect(protectableType(arn)).toBeUndefined();
  });

  it("is asked for by no more types than one listing takes, each once", () => {
    expect(new Set(TAGGING_FILTERS).size).toBe(TAGGING_FILTERS.length);
    expect(TAGGING_FILTERS.length).toBeLessThanOrEqual(100);
  });
});

describe("the oldest recovery point", () => {
  const vault = (
    oldestOn: number | null | undefined,
    status: "complete" | "incomplete" = "complete",
    kind = "points",
  ) => ({ kind, status, ...(oldestOn === undefined ? {} : { oldestOn }) }) as GovernedResult;
  it.each<readonly [string, readonly GovernedResult[], string | null]>([
    ["is of all vaults that were read", [vault(2), vault(1), vault(null)], "1970-01-01T00:00:00.001Z"],
    ["is asked of no other kind", [vault(1), vault(undefined, "incomplete", "others")], "1970-01-01T00:00:00.001Z"],
    ["is not known where one vault was not read to its end", [vault(1), vault(2, "incomplete")], null],
    ["is not where the vaults of a target could not be listed", [vault(1), vault(undefined, "incomplete")], null],
    ["is not where no vault holds one", [vault(null)], null],
    ["is not where no policy reaches a vault", [], null],
  ])("%s", (_, governed, expected) => {
    expect(oldestPointIn(governed)).toBe(expected);
  });
});
