import { describe, expect, it } from "vitest";
import { askOutside, MOST_TABLES, MOST_VOLUMES } from "../../../controller/kinds/protected-resource/outside/ask.ts";
import { type Heard, outsideText, unreadText } from "../../../controller/kinds/protected-resource/outside/outside.ts";
import { tellOutside } from "../../../controller/kinds/protected-resource/examine/outside.ts";
import { answering, refuse, target } from "../answers.ts";
import { bench, place, SORTS } from "../recovery-point/bench.ts";
import { judged, only } from "./facts.ts";

/** What else keeps backups, where only a question of its own tells: asked of tables and volumes that lack a recovery point. */

const [, TABLE] = SORTS.table;
const [, VOLUME] = SORTS.volume;
const ASKED = [
  { arn: TABLE, type: "DynamoDB" },
  { arn: VOLUME, type: "EBS" },
  { arn: SORTS.db[1], type: "RDS" },
];
const recovery = (told: object) => ({ ContinuousBackupsDescription: { PointInTimeRecoveryDescription: told } });
const NOTHING = { kept: undefined };
const NO_SNAPSHOTS = { "ec2:DescribeSnapshots": () => ({ Snapshots: [] }) };

describe("a table", () => {
  it.each<[string, object | undefined, Heard]>([
    ["is kept as far back as was chosen", { PointInTimeRecoveryStatus: "ENABLED", RecoveryPeriodInDays: 7 }, kept(7)],
    ["is kept for 35 days where nobody chose", { PointInTimeRecoveryStatus: "ENABLED" }, kept(35)],
    ["is not kept", { PointInTimeRecoveryStatus: "DISABLED" }, NOTHING],
    [
      "cannot be told of where the answer does not say",
      undefined,
      { unread: expect.objectContaining({ kind: "unavailable" }) as never },
    ],
  ])("%s", async (_what, told, expected) => {
    const { call } = answering({
      "dynamodb:DescribeContinuousBackups": () => (told === undefined ? {} : recovery(told)),
    });
    expect((await askOutside(call, ASKED.slice(0, 1))).get(TABLE)).toEqual(expected);
  });

  it.each([
    ["missing", NOTHING],
    ["denied", { unread: expect.objectContaining({ kind: "denied" }) as unknown }],
    ["throttled", { unread: expect.objectContaining({ kind: "throttled" }) as unknown }],
  ] as const)("that answers that it is %s says no more than that", async (kind, expected) => {
    const { call } = answering({ "dynamodb:DescribeContinuousBackups": () => refuse(kind) });
    expect((await askOutside(call, ASKED.slice(0, 1))).get(TABLE)).toEqual(expected);
  });
});

function kept(days: number): Heard {
  return { kept: { by: "point-in-time", days } };
}

describe("a volume", () => {
  it("is kept by what Data Lifecycle Manager has of it, not by AWS Backup's own snapshots nor by those under way", async () => {
    const u = bench();
    for (const sort of ["table", "volume"] as const)
      u.simulator.addResource(place.account, place.region, { arn: SORTS[sort][1], type: SORTS[sort][0] });
    u.point(1, { resourceArn: VOLUME });
    expect((await askOutside(u.call, ASKED)).get(VOLUME)).toEqual(NOTHING);
    for (let taken = 0; taken < 3; taken++) {
      u.simulator.manageSnapshot(place.account, place.region, VOLUME);
      u.simulator.clock.advance(3_600_000);
    }
    const newestOn = Date.parse("2026-03-01T07:00:00Z");
    const heard = await askOutside(u.call, ASKED);
    expect(heard.get(VOLUME)).toEqual({ kept: { by: "lifecycle-manager", newestOn } });
    expect([...heard.keys()]).toEqual([VOLUME, TABLE]);
    const pending = { VolumeId: VOLUME.split("/")[1], StartTime: new Date(), State: "pending" };
    const { call } = answering({ "ec2:DescribeSnapshots": () => ({ Snapshots: [pending] }) });
    expect((await askOutside(call, ASKED.slice(1, 2))).get(VOLUME)).toEqual(NOTHING);
  });

  it("cannot be told of where the listing breaks off, whatever it had shown", async () => {
    const u = bench();
    u.simulator.addResource(place.account, place.region, { arn: VOLUME, type: "EBS" });
    for (let taken = 0; taken < 3; taken++) u.simulator.manageSnapshot(place.account, place.region, VOLUME);
    u.simulator.faults.add({ operation: "DescribeSnapshots", page: 2, effect: { kind: "deny" } });
    expect((await askOutside(u.call, ASKED.slice(1, 2))).get(VOLUME)).toMatchObject({ unread: { kind: "denied" } });
  });
});

describe("many of them", () => {
  it("are asked about up to the most, the first ones, and each once", async () => {
    const many = (type: string, arn: string) =>
      Array.from({ length: 200 }, (_, at) => ({ arn: `${arn}-${at}`, type })).flatMap((one) => [one, one]);
    const { call, sent } = answering({ "dynamodb:DescribeContinuousBackups": () => recovery({}), ...NO_SNAPSHOTS });
    const heard = await askOutside(call, [...many("DynamoDB", TABLE), ...many("EBS", VOLUME)]);
    expect(heard.size).toBe(MOST_TABLES + MOST_VOLUMES);
    expect([heard.has(`${TABLE}-${MOST_TABLES - 1}`), heard.has(`${TABLE}-${MOST_TABLES}`)]).toEqual([true, false]);
    expect(sent).toHaveLength(MOST_TABLES + 1);
  });

  it("are asked nothing where none of them is of such a type", async () => {
    const { call, sent } = answering({});
    expect([(await askOutside(call, ASKED.slice(2))).size, sent]).toEqual([0, []]);
  });
});

describe("a finding", () => {
  const scene = { row: { arn: TABLE, type: "DynamoDB" } };
  const tellWith = async (answer: () => unknown) => {
    const settled = judged({}, scene);
    const { call } = answering({ "dynamodb:DescribeContinuousBackups": answer });
    const [told] = await tellOutside(call, [settled]);
    return { before: only(settled), after: only(told!) };
  };

  it("ends with it, as do the bars that repeat it, and is a breach all the same", async () => {
    const { before, after } = await tellWith(() => recovery({ PointInTimeRecoveryStatus: "ENABLED" }));
    const because = `${before.because}; outside AWS Backup ${outsideText({ by: "point-in-time", days: 35 }, ASKED[0]!)}`;
    expect(after).toEqual({ ...before, because, bars: before.bars.map((bar) => ({ ...bar, because })) });
  });

  it("says what could not be read, and stays as it was where nothing is kept", async () => {
    const denied = await tellWith(() => refuse("denied", "dynamodb:DescribeContinuousBackups"));
    expect(denied.after.because).toBe(
      `${denied.before.because}; whether its point-in-time recovery is on is not known: dynamodb:DescribeContinuousBackups: denied`,
    );
    const none = await tellWith(() => recovery({ PointInTimeRecoveryStatus: "DISABLED" }));
    expect(none.after).toEqual(none.before);
  });
});

describe("in words", () => {
  const at = (service: string, resource: string) => `arn:aws:${service}:${target.region}:${target.account}:${resource}`;

  it.each([
    ["RDS", at("rds", "db:orders"), true],
    ["Aurora", at("rds", "cluster:orders"), true],
    ["RDS", at("rds", "cluster:orders"), false],
    ["DocumentDB", at("rds", "cluster:orders"), false],
    ["Neptune", at("rds", "cluster:orders"), false],
    ["Redshift", at("redshift", "cluster:orders"), false],
    ["FSx", at("fsx", "file-system/fs-1"), false],
  ])("what %s keeps of %s outlives it where that can be asked for: %s", (type, arn, canBeKept) => {
    const text = outsideText({ by: "its-service", days: 1 }, { arn, type });
    expect(text).toBe(
      `${type} keeps automated backups of it for 1 day, which are deleted with it${canBeKept ? " unless whoever deletes it has them kept" : ""}`,
    );
  });

  it("tells of a volume by the day of its newest snapshot, and by what could not be read", () => {
    expect(outsideText({ by: "lifecycle-manager", newestOn: Date.parse("2026-03-01T03:00Z") }, ASKED[1]!)).toBe(
      "Data Lifecycle Manager keeps snapshots of it, the newest of 2026-03-01",
    );
    expect(unreadText({ kind: "denied", operation: "ec2:DescribeSnapshots", message: "no" }, { type: "EBS" })).toBe(
      "whether Data Lifecycle Manager keeps snapshots of it is not known: ec2:DescribeSnapshots: no",
    );
  });
});
