import type { RecoveryPointByBackupVault } from "@aws-sdk/client-backup";
import { describe, expect, it } from "vitest";
import type { Finding } from "../../../controller/domain/change.ts";
import { recoveryPoint } from "../../../controller/kinds/recovery-point/recovery-point.ts";
import { RecoveryPointRow, toRow } from "../../../controller/kinds/point-row.ts";
import { answering, refuse, source, target } from "../answers.ts";

const CreationDate = new Date("2026-03-01T01:00:00Z");
const volume = "arn:aws:ec2:eu-west-1:444455556666:volume/vol-1";
const snapshot: RecoveryPointByBackupVault = {
  RecoveryPointArn: "arn:aws:ec2:eu-west-1::snapshot/snap-1",
  ResourceArn: volume,
  ResourceType: "EBS",
  Status: "COMPLETED",
  CreationDate,
  Lifecycle: { DeleteAfterDays: 7 },
};

describe("a row", () => {
  it.each<[string, Partial<RecoveryPointByBackupVault>, Partial<RecoveryPointRow>, string]>([
    [
      "empty structs",
      { Lifecycle: {}, CalculatedLifecycle: {}, CreatedBy: {} },
      { deleteAfterDays: undefined, deleteAfterEvent: false, planArn: undefined },
      "nulls leave the struct behind",
    ],
    [
      "-1 days",
      { Lifecycle: { DeleteAfterDays: -1, MoveToColdStorageAfterDays: -1 } },
      { deleteAfterDays: undefined, moveToColdStorageAfterDays: undefined },
      "-1 is for ever",
    ],
    [
      "a calculated date alone",
      { Lifecycle: {}, CalculatedLifecycle: { DeleteAt: new Date("2026-03-08T01:00:00Z") } },
      { deleteAfterDays: 7 },
      "seven days after creation",
    ],
    ["no size", { BackupSizeInBytes: undefined }, { bytes: 0 }, "Aurora gives none on a good backup"],
    [
      "no resource",
      { ResourceArn: undefined },
      { resourceArn: snapshot.RecoveryPointArn! },
      "nothing newer stands in for it",
    ],
    ["a parent", { IsParent: true }, { form: "parent" }, "a composite"],
    ["a child", { ParentRecoveryPointArn: "arn:parent" }, { form: "child" }, "a part of one"],
    ["a live continuous point", { Status: "AVAILABLE" }, { form: "continuous" }, "only those are AVAILABLE"],
    ["a stopped one", { Status: "STOPPED" }, { form: "continuous" }, "only those stop"],
    [
      "a continuous id",
      { RecoveryPointArn: "arn:aws:backup:eu-west-1:444455556666:recovery-point:continuous:db-1" },
      { form: "continuous" },
      "RDS and Aurora",
    ],
    [
      "a bucket's continuous point",
      {
        ResourceType: "S3",
        ResourceArn: "arn:aws:s3:::amzn-s3-demo-bucket",
        RecoveryPointArn: "arn:aws:backup:eu-west-1:444455556666:recovery-point:amzn-s3-demo-bucket-5ec207d0",
      },
      { form: "continuous" },
      "a hash and no time",
    ],
    [
      "a bucket's periodic point",
      {
        ResourceType: "S3",
        ResourceArn: "arn:aws:s3:::amzn-s3-demo-bucket",
        RecoveryPointArn:
          "arn:aws:backup:eu-west-1:444455556666:recovery-point:amzn-s3-demo-bucket-20211231900000-5ec207d0",
      },
      { form: "snapshot" },
      "a time and a hash",
    ],
    ["malware", { AggregatedScanResult: { Findings: ["MALWARE"] } }, { flagged: true }, "no survivor"],
    ["an empty scan", { AggregatedScanResult: {} }, { flagged: false }, "a struct proves nothing"],
    [
      "one bound to its copy",
      { Lifecycle: { DeleteAfterEvent: "DELETE_AFTER_COPY" } },
      { deleteAfterEvent: true },
      "AWS Backup deletes it",
    ],
  ])("of %s", (_what, more, expected, because) => {
    const found = toRow({ ...snapshot, ...more });
    expect({ because, found: RecoveryPointRow.parse(found) }).toMatchObject({ because, found: expected });
  });
});

const OWNED = { Key: "owner", Value: "platform" };
const vaults = [
  { BackupVaultName: "nightly", BackupVaultArn: "arn:nightly", Locked: true, CreationDate, NumberOfRecoveryPoints: 3 },
  { BackupVaultName: "app-1", BackupVaultArn: "arn:app-1", VaultType: "LOGICALLY_AIR_GAPPED_BACKUP_VAULT" },
  { BackupVaultName: "other", BackupVaultArn: "arn:other" },
];
const rule = {
  kind: "recovery-point",
  name: "policy",
  target,
  spec: recoveryPoint.definition.examples.fullest,
  management: { mode: "enforce" },
  source,
} as const;

it("looks into the vaults that a rule reaches and no others", async () => {
  const { call } = answering({
    ListBackupVaults: () => ({ BackupVaultList: vaults }),
    "kms:DescribeKey": ({ KeyId }: { KeyId: string }) => ({ KeyMetadata: { Arn: `arn:key:${KeyId}` } }),
    "tag:GetResources": () => ({ ResourceTagMappingList: [{ ResourceARN: "arn:tagged", Tags: [OWNED] }] }),
  });
  const shared = {
    keys: { "alias/backup": "arn:key:alias/backup" },
    tagged: new Map([["owner", new Map([["arn:tagged", "platform"]])]]),
    marked: new Map([["arn:tagged", { owner: "platform" }]]),
  };
  expect(await recoveryPoint.partitions(call, target, [rule])).toEqual([
    {
      name: "nightly",
      id: "arn:nightly",
      createdOn: CreationDate,
      size: 3,
      facts: { vaultType: "BACKUP_VAULT", locked: true, ...shared },
    },
    {
      name: "app-1",
      id: "arn:app-1",
      createdOn: new Date(0),
      size: 0,
      facts: { vaultType: "LOGICALLY_AIR_GAPPED_BACKUP_VAULT", locked: false, ...shared },
    },
  ]);
});

describe("a stream", () => {
  const partition = { name: "nightly", id: "arn:nightly", createdOn: CreationDate, size: 3, facts: {} };
  const window = { from: new Date(0), to: new Date("2026-04-01T00:00:00Z") };
  const stream = async (ListRecoveryPointsByBackupVault: (input: { NextToken?: string }) => unknown) => {
    const aws = answering({ ListRecoveryPointsByBackupVault });
    const pages = await Array.fromAsync(recoveryPoint.stream(aws.call, target, partition, window));
    return { pages: pages.map((page) => ("unread" in page ? page.unread.kind : page.rows.length)), aws };
  };

  it("asks for its window of creation time, and goes on past short and empty pages", async () => {
    const answers: Record<string, unknown> = {
      "": { RecoveryPoints: [snapshot], NextToken: "a" },
      a: { RecoveryPoints: [], NextToken: "b" },
      b: { RecoveryPoints: [snapshot, snapshot] },
    };
    const { pages, aws } = await stream(({ NextToken = "" }) => answers[NextToken]);
    expect(pages).toEqual([1, 0, 2]);
    expect(aws.sent[0]![1]).toMatchObject({
      BackupVaultName: "nightly",
      ByCreatedAfter: window.from,
      ByCreatedBefore: window.to,
    });
  });

  it("keeps what it read and says that the rest could not be", async () => {
    const { pages } = await stream(({ NextToken }) =>
      NextToken ? refuse("throttled") : { RecoveryPoints: [snapshot], NextToken: "a" },
    );
    expect(pages).toEqual([1, "throttled"]);
  });

  it("does not run in a circle", async () => {
    const { pages } = await stream(() => ({ RecoveryPoints: [snapshot], NextToken: "again" }));
    expect(pages).toEqual([1, 1, "unavailable"]);
  });

  it("does not pass over a point that it cannot judge", async () => {
    const { pages } = await stream(() => ({ RecoveryPoints: [snapshot, { Status: "COMPLETED" }] }));
    expect(pages).toEqual([1, "unavailable"]);
  });
});

describe("mending a retention", () => {
  const input = {
    vault: "nightly",
    arn: snapshot.RecoveryPointArn!,
    judged: { deleteAfterDays: 120, moveToColdStorageAfterDays: 30 },
    moveToColdStorageAfterDays: 30,
    optInToArchive: true,
  };
  const findingOf = (desired = 365): Finding => ({
    key: { target, kind: "recovery-point", name: input.arn },
    subject: input.arn,
    partition: "nightly",
    judgedIn: target,
    within: { target, kind: "vault", name: "nightly" },
    of: { resource: volume, type: "EBS" },
    rule: { name: "policy", source },
    cause: "tooShort",
    because: "",
    bars: [],
    bytes: 0,
    management: "enforce",
    mend: {
      step: "lifecycle",
      fields: [
        {
          path: "lifecycle.deleteAfterDays",
          live: 120,
          desired,
          effect: "strengthens",
          on: "in-place",
          hazards: [],
        },
      ],
      input,
    },
  });
  const context = { token: "t", run: "run-1", now: CreationDate, elsewhere: () => answering({}).call };
  const described = {
    ...snapshot,
    Lifecycle: { DeleteAfterDays: 120, MoveToColdStorageAfterDays: 30, OptInToArchiveForSupportedResources: true },
  };
  const mend = async (answer: () => unknown, finding = findingOf()) => {
    const aws = answering({ DescribeRecoveryPoint: answer, UpdateRecoveryPointLifecycle: () => ({}) });
    return { result: await recoveryPoint.apply["lifecycle"]!.run(aws.call, target, finding, context), aws };
  };

  it("sends both day values, since AWS nulls the one left out", async () => {
    const { result, aws } = await mend(() => described);
    expect(result).toBe("updated");
    expect(aws.sent[1]).toEqual([
      "UpdateRecoveryPointLifecycle",
      {
        BackupVaultName: "nightly",
        RecoveryPointArn: input.arn,
        Lifecycle: { DeleteAfterDays: 365, MoveToColdStorageAfterDays: 30, OptInToArchiveForSupportedResources: true },
      },
    ]);
  });

  it.each<[string, () => unknown, string]>([
    ["is gone", () => refuse("missing"), "it is gone, or on its way"],
    ["is going", () => ({ ...described, Status: "DELETING" }), "it is gone, or on its way"],
    [
      "has another retention by now",
      () => ({ ...described, Lifecycle: { DeleteAfterDays: 400, MoveToColdStorageAfterDays: 30 } }),
      "its lifecycle is another than it was judged by",
    ],
    [
      "has lost its cold date",
      () => ({ ...described, Lifecycle: { DeleteAfterDays: 120 } }),
      "its lifecycle is another than it was judged by",
    ],
  ])("writes nothing where the point %s", async (_what, answer, held) => {
    const { result, aws } = await mend(answer);
    expect([result, aws.names()]).toEqual([{ held }, ["DescribeRecoveryPoint"]]);
  });

  it("does not know how to shorten", async () => {
    await expect(mend(() => described, findingOf(119))).rejects.toMatchObject({
      code: "internal",
    });
  });

  it("goes under the role that may do this and nothing else, as every step does", () => {
    expect(recoveryPoint.steps.map(({ step, role }) => [step, role])).toEqual([
      ["survey", "observe"],
      ["partitions", "observe"],
      ["stream", "observe"],
      ["examine", "observe"],
      ["examine.elsewhere", "observe"],
      ["lifecycle", "retain"],
      ["shorten", "retain"],
      ["tag", "apply"],
      ["copy", "apply"],
      ["delete", "destroy"],
      ["delete.elsewhere", "observe"],
    ]);
  });
});
